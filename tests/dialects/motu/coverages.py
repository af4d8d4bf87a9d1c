"""Datasets of every shape that a document has to tell."""

from atoll.model.coverage import Coverage
from tests.planning.builders import axis as any_axis
from tests.planning.builders import (
    coverage,
    depth_axis,
    index_axis,
    latitude_axis,
    levitus_coverage,
    longitude_axis,
    navy_coverage,
    regular,
    time_axis,
    variable,
)
from tests.planning.rich import rich_coverage
from tests.planning.tiles import curvilinear_coverage

COADS_HOURS = [366.0 + 730.485 * month for month in range(12)]


def climatology() -> Coverage:
    """Twelve months of no year, as Ferret's COADS."""
    return coverage(
        [
            time_axis(COADS_HOURS, "hour since 0000-01-01 00:00:00", "noleap", climatology=True),
            latitude_axis(regular(-89, 2, 90)),
            longitude_axis(regular(21, 2, 180)),
        ],
        [variable("SST", ("time", "latitude", "longitude"), attributes={"units": "Deg C"})],
        "coads",
    )


def pressures() -> Coverage:
    """Levels of pressure, in a calendar of months of 30 days, of which the last is in February."""
    return coverage(
        [
            time_axis([29.0, 30.0, 59.0], "days since 2000-01-01", "360_day"),
            any_axis("plev", [100000.0, 92500.0, 1.5], "Z", units="Pa", positive="down"),
            latitude_axis(regular(60, -30, 5)),
            longitude_axis([0.0, 0.1, 0.3]),
        ],
        [variable("ta", ("time", "plev", "latitude", "longitude"))],
        "pressures",
    )


def heights() -> Coverage:
    """A vertical axis that counts upwards, in kilometres; nothing else."""
    levels = depth_axis([-2.0, -0.5, -0.000001], "elevation", units="km", positive="up")
    return coverage([levels], [variable("rho", ("elevation",))], "heights")


def projected() -> Coverage:
    """A projection in metres whose longitudes nobody has told; not every variable has time."""
    return coverage(
        [
            time_axis([5.0], "months since 1950-01-01"),
            any_axis("y", regular(5e6, -2.5e4, 3), "Y", units="m"),
            any_axis("x", regular(-1e7, 1e5, 4), "X", units="m"),
            index_axis("member", 3),
        ],
        [
            variable("ice", ("member", "time", "y", "x"), attributes={"units": 1}),
            variable("area", ("y", "x"), attributes={"long_name": "area", "description": "a"}),
        ],
        "projected",
        updated_at="",
        attributes={"title": "Ice", "years": [1950, 1951], "scale": 0.5},
    )


def empty() -> Coverage:
    """Axes without a single node, as of a series that has not begun."""
    return coverage(
        [
            time_axis(regular(0, 1, 0)),
            depth_axis(regular(0, 1, 0)),
            latitude_axis(regular(0, 1, 0)),
            longitude_axis(regular(0, 1, 0)),
        ],
        [variable("v", ("time", "depth", "latitude", "longitude"))],
        "empty",
    )


COVERAGES = {
    one.dataset: one
    for one in (
        levitus_coverage(),
        navy_coverage(product="FLEET_WINDS"),
        rich_coverage(),
        curvilinear_coverage(),
        climatology(),
        pressures(),
        heights(),
        projected(),
        empty(),
    )
}
