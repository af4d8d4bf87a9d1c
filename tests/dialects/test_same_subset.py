"""The same subset, said at every door, is the same request."""

import json
from dataclasses import dataclass, field

import pytest
from lxml import etree

from atoll.dialects.rest.parse import parse_quote
from atoll.dialects.wcs.kvp import parse_query
from atoll.dialects.wcs.offer import offers
from atoll.dialects.wcs.post import parse_post
from atoll.dialects.wcs.requests import GetCoverage, WcsRequest
from atoll.dialects.wcs.subset import parse_coverage
from atoll.model.coverage import Coverage
from atoll.model.request import SubsetRequest
from tests.dialects.wcs.builders import query, sea, seasons
from tests.planning.builders import levitus_coverage, navy_coverage

WCS = "http://www.opengis.net/wcs/2.0"
SCAL = "http://www.opengis.net/wcs/scaling/1.0"


@dataclass(frozen=True)
class Said:
    """One subset in the words of each door.

    Attributes:
        dataset: it is of.
        rest: inputs beside `dataset`.
        wcs: axis -> (low, high), or (point,); None = the axis whole.
        sizes: of the grid's axes in the result.
        format: media type at the WCS door.
    """

    dataset: Coverage
    rest: dict[str, object]
    wcs: dict[str, tuple[str, ...]]
    sizes: dict[str, int] = field(default_factory=dict)
    format: str = ""


SUBSETS = {
    "a box across Greenwich": Said(
        levitus_coverage(),
        {"variables": ["TEMP"], "bbox": [-40, 30, 30, 60], "depth": [0, 500]},
        {"Long": ("-40", "30"), "Lat": ("30", "60"), "depth": ("0", "500")},
    ),
    "a year of the whole earth": Said(
        navy_coverage(),
        {"variables": ["UWND"], "datetime": "1983-01-01/1983-12-31"},
        {"time": ("1983-01-01", "1983-12-31")},
    ),
    "what nothing is said of": Said(
        sea(),
        {"variables": ["thetao"], "datetime": "2026-01-04T00:00:00Z", "depth": [0.5, 0.5]},
        {},
    ),
    "an open end, and all depths": Said(
        sea(),
        {"variables": ["thetao"], "datetime": "2026-01-03T12:00:00Z/.."},
        {"time": ("2026-01-03T12:00:00Z", "*"), "depth": ("*", "*")},
    ),
    "every third column, decoded": Said(
        sea(),
        {"variables": ["thetao"], "datetime": "2026-01-02", "depth": [10, 10],
         "stride": {"longitude": 3, "latitude": 2}, "format": "geotiff", "packing": "decode"},
        {"time": ("2026-01-02",), "depth": ("10",)},
        {"i": 12, "j": 9}, "image/tiff",
    ),
    "a season by its number": Said(
        seasons(),
        {"variables": ["SST"], "axes": {"time": [366, 1096]}, "bbox": [150, -10, 210, 10]},
        {"time": ("366", "1096"), "Long": ("150", "210"), "Lat": ("-10", "10")},
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


@pytest.mark.parametrize("door", [by_kvp, by_xml])
@pytest.mark.parametrize("said", SUBSETS.values(), ids=SUBSETS)
def test_the_same_subset_is_the_same_request(said, door):
    assert door(said) == by_rest(said)
