"""productdownloadhome: the form that orders a subset, and what became of an order."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

from atoll.dialects.motu.levels import levels_of, plain
from atoll.dialects.motu.pages.html import link, page, tag
from atoll.dialects.motu.times import asked_ends
from atoll.dialects.motu.words import data_variables, described, service_of
from atoll.model.coverage import Coverage
from atoll.planning.bounds import geographic_bounds
from atoll.planning.depth import depth_scale

_POLE = 90.0
_OUTPUTS = {"netcdf": "NetCDF-3", "netcdf4": "NetCDF-4"}
_LABELS = {
    "x_lo": "Longitude from",
    "x_hi": "Longitude to",
    "y_lo": "Latitude from",
    "y_hi": "Latitude to",
    "z_lo": "Depth from (m)",
    "z_hi": "Depth to (m)",
    "t_lo": "Time from (UTC)",
    "t_hi": "Time to (UTC)",
}
_OPTIONS = {
    "x_lo": "--longitude-min",
    "x_hi": "--longitude-max",
    "y_lo": "--latitude-min",
    "y_hi": "--latitude-max",
    "z_lo": "--depth-min",
    "z_hi": "--depth-max",
    "t_lo": "--date-min",
    "t_hi": "--date-max",
}


@dataclass(frozen=True, slots=True)
class Door:
    """Where a motuclient asks.

    Attributes:
        url: absolute, up to and including `/Motu`.
        auth_mode: that it is to use there.
    """

    url: str
    auth_mode: Literal["none", "cas"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The order is being made.

    Attributes:
        url: that tells of it, and is asked again by itself.
    """

    url: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The file is there.

    Attributes:
        url: of the file.
    """

    url: str


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no file.

    Attributes:
        text: why, `AAA-E : message`.
    """

    text: str


type State = Waiting | Finished | Failed | None


def render_download(coverage: Coverage, state: State, door: Door) -> str:
    """The page.

    Args:
        coverage: the dataset.
        state: of the order that was just placed; None = none was.
        door: named in the equivalent command.
    """
    return page(
        f"Motu | Download {coverage.dataset}",
        tag("h1", coverage.title or coverage.dataset),
        *_told(state),
        _form(coverage),
        tag("details", tag("summary", "Script"), tag("pre", script(coverage, door))),
        follow=state.url if isinstance(state, Waiting) else None,
    )


def script(coverage: Coverage, door: Door) -> str:
    """The command that orders what the form has in it at first: the whole dataset."""
    words = ["motuclient", "--motu", door.url, "--auth-mode", door.auth_mode]
    words += ["--service-id", service_of(coverage), "--product-id", coverage.dataset]
    for name, value in limits(coverage).items():
        words += [_OPTIONS[name], value]
    for variable in data_variables(coverage):
        words += ["--variable", variable.name]
    words += ["--out-dir", ".", "--out-name", f"{coverage.dataset}.nc"]
    if door.auth_mode == "cas":
        words += ["--user", "USER", "--pwd", "PASSWORD"]
    return shlex.join(words)


def limits(coverage: Coverage) -> Mapping[str, str]:
    """The bounds of a dataset by the parameter that takes them, as motuclient sends them."""
    lon, lat = geographic_bounds(coverage)
    found: dict[str, Sequence[str | None]] = {
        "x": ("-180.0", "180.0") if lon is None else (plain(lon.lower), plain(lon.upper)),
        "y": ("-90.0", "90.0") if lat is None else (_latitude(lat.lower), _latitude(lat.upper)),
        "z": _depths(coverage),
        "t": asked_ends(coverage),
    }
    return {
        f"{name}_{end}": value
        for name, ends in found.items()
        for end, value in zip(("lo", "hi"), ends, strict=True)
        if value is not None and None not in ends
    }


def _latitude(value: float) -> str:
    """A bound; rounding brings some files beyond a pole, where there is none."""
    return plain(max(-_POLE, min(_POLE, value)))


def _depths(coverage: Coverage) -> tuple[str | None, str | None]:
    """Bounds in metres, or in the units of levels that are no depths."""
    axis = coverage.axis_of("Z")
    return (None, None) if axis is None else levels_of(axis).ends or (None, None)


def _told(state: State) -> Iterator[Element]:
    """What became of the order; read out as it changes."""
    match state:
        case Waiting(url):
            words = tag("a", "Ask again", href=url)
            yield tag("p", "Your file is being made. ", words, role="status")
        case Finished(url):
            yield tag("p", "Your file is ready: ", tag("a", "download it", href=url), role="status")
        case Failed(text):
            yield tag("p", text, role="alert")
        case None:
            pass


def _form(coverage: Coverage) -> Element:
    service, product = service_of(coverage), coverage.dataset
    here = link("", action="productdownloadhome", service=service, product=product)
    hidden = {"service": service, "product": product, "nexturl": here.get("href", "")}
    return tag(
        "form",
        *(_hidden(name, value) for name, value in ({"action": "productdownload"} | hidden).items()),
        tag("fieldset", tag("legend", "Variables (none: all)"), *_variables(coverage)),
        tag("fieldset", tag("legend", "Bounds"), *_bounds(coverage)),
        tag("p", tag("label", "Format ", _outputs())),
        tag("p", tag("button", "Download", type="submit")),
        action="Motu",
        method="get",
    )


def _hidden(name: str, value: str) -> Element:
    return tag("input", type="hidden", name=name, value=value)


def _variables(coverage: Coverage) -> Iterator[Element]:
    for variable in data_variables(coverage):
        box = tag("input", type="checkbox", name="variable", value=variable.name)
        line = f" {variable.name}: {described(variable.name, variable.attributes)}"
        yield tag("p", tag("label", box, line))


def _bounds(coverage: Coverage) -> Iterator[Element]:
    for name, value in limits(coverage).items():
        field = tag("input", type="text", name=name, value=value)
        yield tag("p", tag("label", f"{_label(name, coverage)} ", field))


def _label(name: str, coverage: Coverage) -> str:
    axis = coverage.axis_of("Z")
    if axis is None or depth_scale(axis) is not None:
        return _LABELS[name]
    return _LABELS[name].replace("Depth", "Level").replace("(m)", f"({axis.units})")


def _outputs() -> Element:
    options = (tag("option", text, value=value) for value, text in _OUTPUTS.items())
    return tag("select", *options, name="output")
