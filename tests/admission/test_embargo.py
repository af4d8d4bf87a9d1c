"""What is kept back, against cftime's dates of every node."""

from datetime import UTC, datetime, timedelta

import cftime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.admission.embargo import embargoed
from atoll.errors import Embargoed
from atoll.model.coverage import Coverage
from atoll.model.job import Account
from atoll.model.policy import DatasetRule, Embargo, Policy
from atoll.model.request import Interval, SubsetRequest
from atoll.planning.subset import plan_subset
from tests.planning.builders import (
    coverage,
    explicit,
    levitus_coverage,
    time_axis,
    values_of,
    variable,
)

ANN = Account(account_id="ann", profiles=("public",))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REAL = ("standard", "proleptic_gregorian", "julian")
CALENDARS = (*REAL, "noleap", "all_leap", "360_day")


def kept_back(days: float, *profiles: str) -> Policy:
    rule = DatasetRule(match=("*",), embargo=Embargo(newest_days=days, except_profiles=profiles))
    return Policy(datasets=(rule,))


def series(values: list[float], units: str, calendar: str = "standard", **fields) -> Coverage:
    axis = time_axis(explicit(values), units, calendar, **fields)
    return coverage([axis], [variable("sst", ["time"])])


def asked(
    described: Coverage, policy: Policy, last: int | None = None, **given
) -> Embargoed | None:
    """The answer to a request for the first `last` + 1 nodes; None = for all."""
    trims = {} if last is None else {"time": Interval(upper=values_of(described.axes[0])[last])}
    plan = plan_subset(SubsetRequest(dataset=described.dataset, trims=trims), described)
    return embargoed(plan, described, given.get("account", ANN), policy, given.get("now", NOW))


def called(instant: datetime, calendar: str) -> cftime.datetime:
    """An instant in another calendar; the end of the day before where it has no such day."""
    at = cftime.datetime(*instant.timetuple()[:6], instant.microsecond, calendar="standard")
    if calendar in REAL:
        return at.change_calendar(calendar)
    try:
        return cftime.datetime(*at.timetuple()[:6], at.microsecond, calendar=calendar)
    except ValueError:
        return cftime.datetime(at.year, at.month, at.day - 1, 23, 59, 59, calendar=calendar)


@given(
    st.sampled_from(CALENDARS),
    st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001  of any zone
    st.floats(0.01, 900),
    st.booleans(),
)
def test_what_reaches_into_the_newest_days_is_refused(calendar, now, days, falling):
    now = now.replace(tzinfo=UTC)
    limit = called(now - timedelta(days=days), calendar)
    units = "hours since 1980-02-28 06:00:00"
    near = round(cftime.date2num(limit, units))
    values = [float(near + hours) for hours in (-900, -24, -2, -1, 1, 2, 24, 900)]
    described = series(values[::-1] if falling else values, units, calendar)
    dates = cftime.num2date(values, units, calendar)
    allowed = [value for value, date in zip(values, dates, strict=True) if date <= limit]

    for upper in values:
        plan = plan_subset(
            SubsetRequest(dataset="test", trims={"time": Interval(upper=upper)}), described
        )
        refusal = embargoed(plan, described, ANN, kept_back(days), now)
        assert (refusal is None) == (upper in allowed)
        if refusal is not None:
            newest = dates[values.index(allowed[-1])]
            assert refusal.facts["newest_allowed"] == newest.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_very_instant_is_delivered_and_a_second_later_is_not():
    units = "seconds since 2026-11-13 12:00:00"
    assert asked(series([-5, 0], units), kept_back(10)) is None
    assert asked(series([-5, 1], units), kept_back(10)) is not None


def test_the_refusal_names_the_newest_time_that_may_be_had():
    daily = series([0, 1, 2, 3], "days since 2026-11-20")
    refusal = asked(daily, kept_back(2))
    assert refusal is not None
    assert refusal.facts == {
        "parameter": "datetime",
        "value": "2026-11-23T00:00:00Z",
        "newest_days": 2,
        "newest_allowed": "2026-11-21T00:00:00Z",
    }
    assert asked(daily, kept_back(2), last=1) is None
    assert asked(daily, kept_back(2), last=2) is not None


def test_where_all_is_too_new_nothing_is_named():
    refusal = asked(series([0], "days since 2026-11-23"), kept_back(2))
    assert refusal is not None
    assert refusal.facts["newest_allowed"] is None
    assert "no time is older" in refusal.detail


def test_some_profiles_are_excepted():
    daily = series([0], "days since 2026-11-23")
    assert asked(daily, kept_back(2, "navy", "public")) is None
    assert asked(daily, kept_back(2, "navy")) is not None


def test_a_dataset_without_an_embargo_is_delivered_to_its_end():
    daily = series([0], "days since 2026-11-23")
    assert asked(daily, Policy()) is None
    assert asked(daily, Policy(datasets=(DatasetRule(match=("*",)),))) is None


def test_a_climatology_and_what_has_no_times_are_never_kept_back():
    climatology = series([1e9], "hours since 0000-01-01", climatology=True)
    assert asked(climatology, kept_back(30)) is None
    assert asked(levitus_coverage(), kept_back(30)) is None


def test_variables_without_times_are_not_kept_back_for_those_that_have_them():
    axes = [time_axis(explicit([0]), "days since 2026-11-23"), *levitus_coverage().axes]
    described = coverage(axes, [variable("sst", ["time"]), variable("mask", ["latitude"])])
    for name, is_kept_back in (("sst", True), ("mask", False)):
        plan = plan_subset(SubsetRequest(dataset="test", variables=(name,)), described)
        refusal = embargoed(plan, described, ANN, kept_back(2), NOW)
        assert (refusal is not None) == is_kept_back


@pytest.mark.parametrize(("units", "calendar"), [("months since 1950-01-01", "standard")])
def test_times_that_no_date_can_be_told_of_are_kept_back_wholly(units, calendar):
    refusal = asked(series([0], units, calendar), kept_back(2))
    assert refusal is not None
    assert refusal.facts["newest_allowed"] is None
