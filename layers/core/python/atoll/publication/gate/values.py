"""Whether a file's numbers are what its product promises. Reads every number once, in pieces."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from atoll.errors import DataError
from atoll.model.delivery import Finding
from atoll.model.product import Product, VariableRules
from atoll.planning.calendar import moment_text
from atoll.publication.chunks import regions
from atoll.publication.companions import variable_roles
from atoll.publication.fields import Contents, Field, Number, Numbers, Region
from atoll.publication.gate.events import Event, Step, told
from atoll.publication.missing import meant_type, packing_of

_AT_ONCE_BYTES = 16 * 1024**2
_MOST_SHOWN = 3  # empty times

type _Mask = npt.NDArray[np.bool_]


def check_values(
    contents: Contents, product: Product, at_once_bytes: int = _AT_ONCE_BYTES
) -> Generator[Event]:
    """Faults of the numbers of every data variable.

    Args:
        contents: repaired, with sound axes.
        product: its settings.
        at_once_bytes: that are read before they are looked at, as stored.
    """
    for name, role in variable_roles(contents).items():
        if role == "data":
            rules = product.variables.get(name, VariableRules())
            try:
                yield from _variable(contents.fields[name], rules, contents, at_once_bytes)
            except DataError as error:
                finding = told(Step("values", contents.origin), error)
                yield finding.model_copy(update={"variable": name})


@dataclass(slots=True)
class _Beyond:
    """Values on the wrong side of a limit.

    Attributes:
        sign: 1 = above the upper limit is wrong, -1 = below the lower one is.
        worst: the farthest of them; `place` is its index.
    """

    name: str
    limit: float
    sign: int
    count: int = 0
    worst: float = 0.0
    place: tuple[int, ...] = ()

    def look(self, values: npt.NDArray[np.float64], known: _Mask, region: Region) -> None:
        """Count those of a region."""
        wrong = known & (self.sign * values > self.sign * self.limit)
        found = int(np.count_nonzero(wrong))
        if not found:
            return
        self.count += found
        masked = np.where(wrong, self.sign * values, -np.inf)
        index = np.unravel_index(int(np.argmax(masked)), values.shape)
        farthest = float(values[index])
        if not self.place or self.sign * farthest > self.sign * self.worst:
            self.worst = farthest
            self.place = tuple(
                int(each) + axis.start for each, axis in zip(index, region, strict=True)
            )


@dataclass(slots=True)
class _Tally:
    """What one look at all numbers of a variable counts.

    Attributes:
        filled: of each step of the T axis (or of all at once): it holds a value.
    """

    filled: _Mask
    beyond: list[_Beyond]
    nans: int = 0
    infinite: _Beyond = field(default_factory=lambda: _Beyond("infinite", 0, 1))


def _variable(
    data: Field, rules: VariableRules, contents: Contents, at_once_bytes: int
) -> Iterator[Event]:
    time = data.dimensions.index(contents.time) if contents.time in data.dimensions else None
    limits = (("valid_min", rules.valid_min, -1), ("valid_max", rules.valid_max, 1))
    tally = _Tally(
        np.zeros(1 if time is None else data.shape[time], bool),
        [_Beyond(key, limit, sign) for key, limit, sign in limits if limit is not None],
    )
    ones = tuple(1 for _ in data.shape)
    for region in regions(data.shape, ones, data.dtype.itemsize, at_once_bytes):
        yield Step("values", contents.origin)
        _count(data, region, tally, time)
    yield from _faults(data, tally, rules, contents)


def _count(data: Field, region: Region, tally: _Tally, time: int | None) -> None:
    stored = data.read(region)
    known = _known(stored, data.fill_value)
    values = _physical(stored, data)
    finite = np.isfinite(values)
    tally.nans += int(np.count_nonzero(known & np.isnan(values)))
    infinite = known & np.isinf(values)
    if infinite.any():
        tally.infinite.look(np.where(infinite, 1.0, 0.0), infinite, region)
    known &= finite
    for each in tally.beyond:
        each.look(values, known, region)
    if time is None:
        tally.filled[0] |= known.any()
    else:
        others = tuple(axis for axis in range(known.ndim) if axis != time)
        tally.filled[region[time]] |= known.any(axis=others)


def _known(stored: Numbers, fill: Number | None) -> _Mask:
    """Where there is a value."""
    if fill is None:
        return np.ones(stored.shape, bool)
    return ~np.isnan(stored) if fill != fill else np.asarray(stored != fill)  # noqa: PLR0124


def _physical(stored: Numbers, data: Field) -> npt.NDArray[np.float64]:
    values = stored.view(meant_type(data)).astype("<f8")
    packed = packing_of(data)
    if packed is not None:
        values = values * packed.scale_factor + packed.add_offset
    return values


def _faults(
    data: Field, tally: _Tally, rules: VariableRules, contents: Contents
) -> Iterator[Finding]:
    def fault(problem: str, accepted: str, attribute: str = "") -> Finding:
        return Finding(check="values", file=contents.origin, variable=data.name,
                       attribute=attribute, problem=problem, accepted=accepted)  # fmt: skip

    units = data.text("units")
    for each in tally.beyond:
        if each.count:
            side = "above" if each.sign > 0 else "below"
            yield fault(
                f"{_number(each.count)} {side} {each.limit:g} {units}, the farthest is"
                f" {each.worst:.7g} at {_place(each.place, data, contents)}",
                f"values of {rules.valid_min} to {rules.valid_max} {units}, or the fill value",
                each.name,
            )
    if tally.infinite.count:
        yield fault(
            f"{_number(tally.infinite.count)} infinite, the first at"
            f" {_place(tally.infinite.place, data, contents)}",
            "finite values, or the fill value",
        )
    if tally.nans:
        yield fault(
            f"{_number(tally.nans)} NaN, which the variable does not tell as its fill value",
            "finite values, or _FillValue = NaN", "_FillValue",
        ).model_copy(update={"severity": "warning"})  # fmt: skip
    if not (rules.may_be_empty or tally.filled.all()):
        yield fault(_emptiness(tally.filled, data, contents), "a value at every time at least")


def _number(count: int) -> str:
    return "1 value is" if count == 1 else f"{count} values are"


def _emptiness(filled: _Mask, data: Field, contents: Contents) -> str:
    if contents.time not in data.dimensions:
        return "holds no value"
    empty = np.flatnonzero(~filled)
    shown = ", ".join(_node(contents.time, int(node), contents) for node in empty[:_MOST_SHOWN])
    more = len(empty) - _MOST_SHOWN
    return f"holds no value at {shown}{f' and {more} more times' if more > 0 else ''}"


def _place(place: tuple[int, ...], data: Field, contents: Contents) -> str:
    return ", ".join(f"{name} {_node(name, node, contents)}"
                     for name, node in zip(data.dimensions, place, strict=True))  # fmt: skip


def _node(name: str, node: int, contents: Contents) -> str:
    """A node as a person names it: its coordinate, or its number."""
    coordinate = contents.fields.get(name)
    if coordinate is None:
        return f"node {node}"
    number = float(coordinate.read((slice(node, node + 1),))[0])
    if contents.roles.get(name) == "T":
        calendar = coordinate.text("calendar") or None
        return moment_text(number, coordinate.text("units"), calendar)
    return f"{number:.7g}"
