"""The bounds really delivered."""

import pytest

from atoll.model.extent import AxisExtent, Extent
from atoll.model.request import SubsetRequest
from atoll.planning.extent import delivered
from atoll.planning.subset import plan_subset
from tests.planning.builders import coverage, levitus_coverage, navy_coverage, time_axis, variable


def test_values_at_the_ends_of_the_output_shifts_included() -> None:
    levitus = levitus_coverage()
    request = SubsetRequest.model_validate(
        {
            "dataset": "x",
            "longitude": {"west": -40, "east": 30},
            "depth": {"lower": 0, "upper": 500},
        }
    )
    extent = delivered(plan_subset(request, levitus), levitus)
    assert not extent.native_rectangle
    assert extent.axes == (
        AxisExtent(name="depth", role="Z", units="m", count=11, first=0, last=400),
        AxisExtent(
            name="latitude", role="Y", units="degrees_north", count=180, first=-89.5, last=89.5
        ),
        AxisExtent(
            name="longitude", role="X", units="degrees_east", count=70, first=-39.5, last=29.5
        ),
    )
    assert Extent.model_validate_json(extent.model_dump_json()) == extent


def test_times_are_told_as_dates() -> None:
    navy = navy_coverage()
    time = delivered(plan_subset(SubsetRequest(dataset="navy-winds"), navy), navy).axes[0]
    assert (time.first_text, time.last_text) == ("1982-01-16T20:00:00Z", "1992-12-17T03:30:00Z")
    assert (time.first, time.count) == (17598, 132)
    assert time.days == 3988  # to 1992-12-16T20:00:00Z are 3987 days


def test_a_climatology_is_told_as_it_is() -> None:
    year = time_axis([366, 1096.5], "hour since 0000-01-01", climatology=True)
    month = coverage([year], [variable("SST", ("time",))])
    time = delivered(plan_subset(SubsetRequest(dataset="x"), month), month).axes[0]
    assert (time.first_text, time.last_text) == ("366.0", "1096.5")


@pytest.mark.parametrize(
    ("units", "values", "days"),
    [
        ("hours since 2026-01-01", [0], 1),
        ("hours since 2026-01-01", [0, 23.9], 1),
        ("hours since 2026-01-01", [0, 24], 2),
        ("hours since 2026-01-01", [24, 12, 0], 2),
        ("days since 2026-01-01", [0.1 + 0.2, 2.3], 3),
        ("months since 2026-01-01", [0, 11], None),
    ],
)
def test_days_are_whole_ones_between_the_ends_and_one(units, values, days) -> None:
    """As MOTU's log counts its `temporalCoverageInDays`."""
    made = coverage([time_axis(values, units)], [variable("SST", ("time",))])
    (time,) = delivered(plan_subset(SubsetRequest(dataset="x"), made), made).axes
    assert time.days == days
