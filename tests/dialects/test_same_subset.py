"""The same subset, said at every door, is the same request."""

import json
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from lxml import etree

from atoll.dialects.motu.fit import fitted
from atoll.dialects.motu.parse import parse_order
from atoll.dialects.motu.query import parse_query as parse_motu
from atoll.dialects.rest.parse import parse_quote
from atoll.dialects.wcs.kvp import parse_query
from atoll.dialects.wcs.offer import offers
from atoll.dialects.wcs.post import parse_post
from atoll.dialects.wcs.requests import GetCoverage, WcsRequest
from atoll.dialects.wcs.subset import parse_coverage
from atoll.model.coverage import Coverage
from atoll.model.request import SubsetRequest
from tests.dialects.wcs.builders import query, sea, seasons
from tests.planning.builders import (
    coverage,
    depth_axis,
    latitude_axis,
    levitus_coverage,
    longitude_axis,
    navy_coverage,
    regular,
    variable,
)

WCS = "http://www.opengis.net/wcs/2.0"
SCAL = "http://www.opengis.net/wcs/scaling/1.0"


@dataclass(frozen=True)
class Said:
    """One subset in the words of each door.

    Attributes:
        dataset: it is of.
        rest: inputs beside `dataset`.
        wcs: axis -> (low, high), or (point,).
        motu: bounds as motuclient has them; None = Motu has no words for it.
        sizes: of the grid's axes in the result.
        format: media type at the WCS door.
    """

    dataset: Coverage
    rest: dict[str, object]
    wcs: dict[str, tuple[str, ...]]
    motu: dict[str, str] | None
    sizes: dict[str, int] = field(default_factory=dict)
    format: str = ""


def pressures() -> Coverage:
    """Levels that are no depths."""
    axes = [
        depth_axis((1000, 500, 100), units="hPa", name="plev"),
        latitude_axis(regular(-90, 10, 19)),
        longitude_axis(regular(0, 10, 36)),
    ]
    return coverage(axes, [variable("T", ("plev", "latitude", "longitude"))], "winds")


SUBSETS = {
    "a box across Greenwich": Said(
        levitus_coverage(),
        {"variables": ["TEMP"], "bbox": [-40, 30, 30, 60], "depth": [0, 500]},
        {"Long": ("-40", "30"), "Lat": ("30", "60"), "depth": ("0", "500")},
        {"x_lo": "-40.0", "x_hi": "30.0", "y_lo": "60.0", "y_hi": "30.0", "z_hi": "500",
         "z_lo": "Surface"},
    ),
    "a box across the dateline": Said(
        sea(),
        {"variables": ["thetao"], "bbox": [170, -10, -170, 10], "depth": [0.5, 10],
         "datetime": "2026-01-02/2026-01-03"},
        {"Long": ("170", "-170"), "Lat": ("-10", "10"), "depth": ("0.5", "10"),
         "time": ("2026-01-02", "2026-01-03")},
        {"x_lo": "170.0", "x_hi": "-170.0", "y_lo": "-10.0", "y_hi": "10.0", "z_lo": "0.5",
         "z_hi": "10", "t_lo": "2026-01-02", "t_hi": "2026-01-03"},
    ),
    "a year of the whole earth": Said(
        navy_coverage(),
        {"variables": ["UWND"], "datetime": "1983-01-01/1983-12-31"},
        {"time": ("1983-01-01", "1983-12-31")},
        {"t_lo": "1983-01-01", "t_hi": "1983-12-31"},
    ),
    "what nothing is said of": Said(
        sea(),
        {"variables": ["thetao"], "datetime": "2026-01-04T00:00:00Z", "depth": [0.5, 0.5]},
        {},
        {"t_lo": "2026-01-04 00:00:00", "t_hi": "2026-01-04 00:00:00", "z_lo": "Surface",
         "z_hi": "Surface"},
    ),
    "an open end, and all depths": Said(
        sea(),
        {"variables": ["thetao"], "datetime": "2026-01-03T12:00:00Z/.."},
        {"time": ("2026-01-03T12:00:00Z", "*"), "depth": ("*", "*")},
        {"t_lo": "2026-01-03T12:00:00Z", "z_lo": "None"},
    ),
    "every third column, decoded": Said(
        sea(),
        {"variables": ["thetao"], "datetime": "2026-01-02", "depth": [10, 10],
         "stride": {"longitude": 3, "latitude": 2}, "format": "geotiff", "packing": "decode"},
        {"time": ("2026-01-02",), "depth": ("10",)},
        None,
        {"i": 12, "j": 9}, "image/tiff",
    ),
    "a season by its number": Said(
        seasons(),
        {"variables": ["SST"], "axes": {"time": [366, 1096]}, "bbox": [150, -10, 210, 10]},
        {"time": ("366", "1096"), "Long": ("150", "210"), "Lat": ("-10", "10")},
        None,
    ),
    "levels of pressure": Said(
        pressures(),
        {"variables": ["T"], "axes": {"plev": [400, 600]}, "bbox": [0, 50, 10, 60]},
        {"plev": ("400", "600"), "Long": ("0", "10"), "Lat": ("50", "60")},
        {"z_lo": "600", "z_hi": "400", "x_lo": "0", "x_hi": "10", "y_lo": "50", "y_hi": "60"},
    ),
}  # fmt: skip


def by_rest(said: Said) -> SubsetRequest:
    inputs = {"dataset": said.dataset.dataset} | said.rest
    return parse_quote(json.dumps({"inputs": inputs}).encode())


def by_wcs(said: Said, parsed: WcsRequest) -> SubsetRequest:
    assert isinstance(parsed, GetCoverage)
    return parse_coverage(parsed, next(offers(said.dataset))).request


def by_kvp(said: Said) -> SubsetRequest:
    subsets = [f"{axis}({','.join(bounds)})" for axis, bounds in said.wcs.items()]
    sizes = ",".join(f"{axis}({size})" for axis, size in said.sizes.items())
    name = next(offers(said.dataset)).coverage_id
    return by_wcs(said, parse_query(query(name, *subsets, scaleSize=sizes, format=said.format)))


def by_xml(said: Said) -> SubsetRequest:
    root = etree.Element(f"{{{WCS}}}GetCoverage", service="WCS", version="2.0.1")
    extension = etree.SubElement(root, f"{{{WCS}}}Extension")
    if said.sizes:
        scaling = etree.SubElement(extension, f"{{{SCAL}}}ScaleToSize")
        for axis, size in said.sizes.items():
            one = etree.SubElement(scaling, f"{{{SCAL}}}TargetAxisSize")
            etree.SubElement(one, f"{{{SCAL}}}axis").text = axis
            etree.SubElement(one, f"{{{SCAL}}}targetSize").text = str(size)
    etree.SubElement(root, f"{{{WCS}}}CoverageId").text = next(offers(said.dataset)).coverage_id
    for axis, bounds in said.wcs.items():
        is_slice = len(bounds) == 1
        cut = etree.SubElement(root, f"{{{WCS}}}Dimension{'Slice' if is_slice else 'Trim'}")
        etree.SubElement(cut, f"{{{WCS}}}Dimension").text = axis
        names = ("SlicePoint",) if is_slice else ("TrimLow", "TrimHigh")
        for name, bound in zip(names, bounds, strict=True):
            etree.SubElement(cut, f"{{{WCS}}}{name}").text = bound
    if said.format:
        etree.SubElement(root, f"{{{WCS}}}format").text = said.format
    return by_wcs(said, parse_post(etree.tostring(root)))


def by_motu(said: Said, output: str = "netcdf4") -> SubsetRequest:
    """As motuclient asks: with bounds of the whole earth where none are given."""
    named = {"service": "any-TDS", "product": said.dataset.dataset, "output": output}
    earth = {"x_lo": "-180.0", "x_hi": "180.0", "y_lo": "-90.0", "y_hi": "90.0"}
    variables = said.rest["variables"]
    assert isinstance(variables, list)
    pairs = [*(named | earth | (said.motu or {})).items(), *(("variable", v) for v in variables)]
    order = parse_order(parse_motu("&".join(f"{name}={quote(value)}" for name, value in pairs)))
    return fitted(order.request, said.dataset)


IN_MOTU = {name: said for name, said in SUBSETS.items() if said.motu is not None}


@pytest.mark.parametrize("said", IN_MOTU.values(), ids=IN_MOTU)
def test_the_same_subset_is_the_same_request_of_motuclient(said):
    assert by_motu(said) == by_rest(said)
    # Of itself it asks for the older format.
    assert by_motu(said, "netcdf") == by_rest(said).model_copy(update={"format": "netcdf3"})


@pytest.mark.parametrize("door", [by_kvp, by_xml])
@pytest.mark.parametrize("said", SUBSETS.values(), ids=SUBSETS)
def test_the_same_subset_is_the_same_request(said, door):
    assert door(said) == by_rest(said)
