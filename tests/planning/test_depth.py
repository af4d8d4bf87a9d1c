"""Depths in metres on axes that count otherwise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atoll.errors import EmptySelection, InvalidParameter
from atoll.model.coverage import Axis
from atoll.model.request import Interval, Selection
from atoll.planning.depth import counts_upwards, depth_range
from tests.planning.builders import LEVITUS_DEPTHS_M, axis, depth_axis, values_of

AXES: dict[str, tuple[Axis, float]] = {
    "down": (depth_axis(LEVITUS_DEPTHS_M), 1),
    "up": (depth_axis([-d for d in LEVITUS_DEPTHS_M], "elevation", positive="up"), -1),
    "rising up": (depth_axis([-d for d in LEVITUS_DEPTHS_M[::-1]], positive="up"), -1),
    "signed": (axis("z", [-d for d in LEVITUS_DEPTHS_M], "Z", units="meter"), -1),
    "km": (depth_axis([d / 1000 for d in LEVITUS_DEPTHS_M], units="km"), 1000),
    "cm": (depth_axis([d * 100 for d in LEVITUS_DEPTHS_M[::-1]], units="cm"), 0.01),
    "METERS": (depth_axis(LEVITUS_DEPTHS_M, units="METERS"), 1),
}
depths_m = st.one_of(st.integers(0, 5000).map(float), st.sampled_from(LEVITUS_DEPTHS_M).map(float))


@pytest.mark.parametrize("name", AXES)
@pytest.mark.parametrize("selection", ["inside", "nearest", "outside", "strict-inside"])
@settings(max_examples=20)
@given(bounds=st.tuples(depths_m, depths_m).map(sorted))
def test_the_same_depths_are_taken_of_every_axis(
    name: str, selection: Selection, bounds: list[float]
) -> None:
    one, metres = AXES[name]
    if selection == "nearest" or bounds[0] == bounds[1]:
        # A tie goes to the smaller value, which is the deeper level of an axis that counts up.
        levels = np.array(LEVITUS_DEPTHS_M)
        if any(np.sum(np.abs(levels - b) == np.abs(levels - b).min()) > 1 for b in bounds):
            return
    reference = AXES["down"][0]
    interval = Interval(lower=bounds[0], upper=bounds[1])
    try:
        expected = {LEVITUS_DEPTHS_M[i] for i in depth_range(reference, interval, selection)}
    except EmptySelection:
        with pytest.raises(EmptySelection):
            depth_range(one, interval, selection)
        return
    values = values_of(one)
    assert {round(values[i] * metres) for i in depth_range(one, interval, selection)} == expected


@pytest.mark.parametrize("name", AXES)
def test_an_empty_interval_is_told_in_depths(name: str) -> None:
    with pytest.raises(EmptySelection) as refused:
        depth_range(AXES[name][0], Interval(lower=601, upper=799), "inside")
    facts = refused.value.facts
    assert facts["parameter"] == "depth"
    assert [facts[key] for key in ("lower", "below", "above", "upper")] == pytest.approx(
        [601, 600, 800, 799]
    )


@pytest.mark.parametrize("name", AXES)
def test_below_the_last_level_there_is_nothing(name: str) -> None:
    for interval in (Interval(lower=5001), Interval(lower=6000, upper=6000)):
        with pytest.raises(EmptySelection) as refused:
            depth_range(AXES[name][0], interval, "inside")
        assert refused.value.facts["below"] == pytest.approx(5000)
        assert refused.value.facts["above"] is None


@pytest.mark.parametrize("name", ["down", "up"])
def test_strict_inside_says_how_deep_the_axis_reaches(name: str) -> None:
    with pytest.raises(InvalidParameter, match=r"depth: \[10\.0, 6000\.0\].*from 0\.0 to 5000\.0"):
        depth_range(AXES[name][0], Interval(lower=10, upper=6000), "strict-inside")


@pytest.mark.parametrize("name", ["down", "up"])
@pytest.mark.parametrize("selection", ["inside", "nearest", "outside", "strict-inside"])
def test_bounds_are_met_to_the_centimetre(name: str, selection: Selection) -> None:
    levels = [0.494, 1.541, 2.646, 3.819]
    one = depth_axis(levels if name == "down" else [-d for d in levels], positive=name)
    interval = Interval(lower=0.5, upper=2.64)
    taken = depth_range(one, interval, selection)
    assert list(taken) == [0, 1, 2]


@pytest.mark.parametrize("units", ["hPa", "1", "", "level"])
def test_an_axis_that_is_not_in_metres_points_to_its_own_units(units: str) -> None:
    one = axis("plev", [1000, 850, 500], "Z", units=units)
    with pytest.raises(InvalidParameter, match="under axes by its name") as refused:
        depth_range(one, Interval(lower=0, upper=10), "inside")
    assert refused.value.facts["parameter"] == "depth"


@pytest.mark.parametrize(
    ("one", "upwards"),
    [
        (axis("depth", [0, 10], "Z", units="m"), False),
        (axis("depth", [-10, 0], "Z", units="m"), True),
        (axis("depth", [-10, 0], "Z", units="m", positive="down"), False),
        (axis("height", [2, 10], "Z", units="m"), True),
        (axis("z", [2, 10], "Z", units="m", attributes={"standard_name": "altitude"}), True),
        (axis("z", [-1, 10], "Z", units="m"), False),
        (axis("z", [], "Z", units="m"), False),
    ],
)
def test_which_way_an_axis_counts(one: Axis, *, upwards: bool) -> None:
    assert counts_upwards(one) is upwards
