"""What Motu ignores of a request, and where the surface is."""

from typing import Any

import pytest

from atoll.dialects.motu.fit import fitted
from atoll.errors import InvalidParameter
from atoll.model.moment import Moment, Period
from atoll.model.request import Interval, SubsetRequest
from atoll.planning.calendar import moment_text
from atoll.planning.subset import plan_subset
from tests.planning.builders import (
    coverage,
    depth_axis,
    latitude_axis,
    levitus_coverage,
    longitude_axis,
    navy_coverage,
    regular,
    time_axis,
    variable,
)

TODAY = Period(end=Moment(year=2026, month=11, day=1, second=0))
SINCE = Period(start=Moment(year=1990), end=TODAY.end)
SURFACE = Interval(lower=0, upper=0)


def asked(**bounds: object) -> SubsetRequest:
    return SubsetRequest.model_validate({"dataset": "test"} | bounds)


def levels(depths_m: list[float], **fields: Any) -> Interval | None:
    """What is asked for where the surface is."""
    described = coverage(
        [depth_axis(depths_m, **fields), latitude_axis([0, 1]), longitude_axis([0, 1])],
        [variable("v", ("depth", "latitude", "longitude"))],
    )
    request = fitted(asked(depth=SURFACE), described)
    (axis,) = (one for one in plan_subset(request, described).axes if one.name == "depth")
    assert axis.count == 1
    return request.depth


def test_bounds_of_axes_that_there_are_not_are_ignored():
    assert fitted(asked(depth=SURFACE, time=SINCE), levitus_coverage()).time is None
    assert fitted(asked(depth=SURFACE, time=SINCE), levitus_coverage()).depth == SURFACE
    winds = fitted(asked(depth=SURFACE, time=SINCE), navy_coverage())
    assert (winds.depth, winds.time) == (None, SINCE)


def test_without_bounds_nothing_is_changed():
    assert fitted(asked(), levitus_coverage()) == asked()
    assert fitted(asked(), navy_coverage()) == asked()


def test_today_is_ignored_on_an_axis_without_dates_and_a_user_s_own_time_is_not():
    counted = coverage(
        [time_axis([1, 2, 3], units="months since 1990-01-01")], [variable("v", ("time",))]
    )
    assert fitted(asked(time=TODAY), counted).time is None
    assert fitted(asked(time=SINCE), counted).time == SINCE


@pytest.mark.parametrize(
    ("depths_m", "fields", "top_m"),
    [
        ([0.0, 10.0], {}, 0),
        ([0.494, 1.54, 2.6], {}, 0.494),
        ([5.0, 7.0], {}, 5),
        ([7.0, 5.0], {}, 5),
        ([500.0], {}, 500),
        ([-1.0, 1.0], {}, 0),
        ([0.5, 0.7], {"units": "km"}, 500),
        ([-7.0, -5.0], {"positive": "up"}, 5),
        ([10.0, 50.0], {"positive": "up"}, -10),
    ],
)
def test_the_surface_is_the_level_nearest_to_it(depths_m, fields, top_m):
    assert levels(depths_m, **fields) == Interval(lower=top_m, upper=top_m)


@pytest.mark.parametrize(("lower", "upper"), [(400, 600), (None, 600), (500, 500)])
def test_levels_that_are_no_depths_are_bounded_in_their_own_units(lower, upper):
    pressures = coverage([depth_axis([1000, 500], units="hPa")], [variable("v", ("depth",))])
    bounds = Interval(lower=lower, upper=upper)
    request = fitted(asked(depth=bounds), pressures)
    assert (request.depth, request.trims) == (None, {"depth": bounds})
    (axis,) = plan_subset(request, pressures).axes
    assert (axis.first, axis.count) == (500, 1)


def test_a_bound_a_centimetre_off_a_level_means_it():
    described = coverage([depth_axis([0.494, 1.54])], [variable("v", ("depth",))])
    request = fitted(asked(depth=Interval(lower=0.49, upper=0.5)), described)
    assert plan_subset(request, described).axes[0].first == 0.494


@pytest.mark.parametrize(
    ("calendar", "today", "last"),
    [
        ("360_day", "2026-10-31", "2026-10-30"),
        ("360_day", "2026-10-30", "2026-10-29"),
        ("noleap", "2024-02-29", "2024-02-28"),
        ("standard", "2024-02-29", "2024-02-28"),
    ],
)
def test_today_ends_a_period_also_in_a_calendar_that_lacks_it(calendar, today, last):
    """The oracle is the last day that lies before today's midnight, told as that axis has it."""
    days = coverage(
        [time_axis(regular(0.5, 1, 20_000), "days since 1990-01-01", calendar)],
        [variable("v", ("time",))],
    )
    year, month, day = map(int, today.split("-"))
    end = Moment(year=year, month=month, day=day, second=0)
    (axis,) = plan_subset(fitted(asked(time=Period(end=end)), days), days).axes
    assert moment_text(axis.last, "days since 1990-01-01", calendar) == f"{last}T12:00:00Z"


@pytest.mark.parametrize(
    ("calendar", "end"),
    [("standard", (2026, 2, 30)), ("noleap", (2026, 2, 29)), ("standard", (1582, 10, 10))],
)
def test_what_is_no_date_of_ours_either_is_refused(calendar, end):
    days = coverage(
        [time_axis([0, 1], "days since 1990-01-01", calendar)], [variable("v", ("time",))]
    )
    year, month, day = end
    period = Period(end=Moment(year=year, month=month, day=day, second=0))
    with pytest.raises(InvalidParameter, match="datetime"):
        plan_subset(fitted(asked(time=period), days), days)
