"""Coverages, and what is asked of them."""

from typing import Any
from urllib.parse import urlencode

from atoll.dialects.wcs.exceptions import OwsException
from atoll.dialects.wcs.kvp import parse_query
from atoll.dialects.wcs.offer import Offer, offers
from atoll.dialects.wcs.requests import GetCoverage
from atoll.dialects.wcs.subset import Wanted, parse_coverage
from atoll.model.coverage import Coverage
from tests.planning.builders import (
    coverage,
    depth_axis,
    latitude_axis,
    longitude_axis,
    regular,
    time_axis,
    variable,
)

LONG_NAME = {"standard_name": "sea_water_potential_temperature", "units": "degree_C"}


def sea(**fields: Any) -> Coverage:
    """Four days, three levels, latitudes from north to south, longitudes all around."""
    axes = [
        time_axis(regular(0, 24, 4), "hours since 2026-01-01"),
        depth_axis((0.5, 10, 100)),
        latitude_axis(regular(85, -10, 18)),
        longitude_axis(regular(-175, 10, 36)),
    ]
    names = ("time", "depth", "latitude", "longitude")
    return coverage(axes, [variable("thetao", names, attributes=LONG_NAME)], "sea", **fields)


def seasons() -> Coverage:
    """Four seasons of a climatology, told in hours of no year."""
    axes = [
        time_axis((366, 1096, 1827, 2557), "hour since 0000-01-01", climatology=True),
        latitude_axis(regular(-89, 2, 90)),
        longitude_axis(regular(21, 2, 180)),
    ]
    return coverage(axes, [variable("SST", ("time", "latitude", "longitude"))], "seasons")


def offer_of(dataset: Coverage, name: str = "") -> Offer:
    """The coverage of a variable; of the first one if nothing is said."""
    return next(one for one in offers(dataset) if not name or one.variable.name == name)


def query(name: str, *subsets: str, **said: str) -> str:
    """A GetCoverage request."""
    pairs = [("service", "WCS"), ("version", "2.0.1"), ("request", "GetCoverage")]
    pairs += [("coverageId", name), *(("subset", text) for text in subsets), *said.items()]
    return urlencode(pairs)


def wanted(dataset: Coverage, *subsets: str, **said: str) -> Wanted:
    """What is ordered of the first coverage of a dataset."""
    one = offer_of(dataset)
    asked = parse_query(query(one.coverage_id, *subsets, **said))
    assert isinstance(asked, GetCoverage)
    return parse_coverage(asked, one)


def told(fault: OwsException) -> tuple[str, str]:
    return fault.code, fault.locator
