"""Index ranges against a brute-force oracle over all nodes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import EmptySelection, InvalidParameter
from atoll.model.coverage import Axis
from atoll.model.request import Interval, Selection
from atoll.planning.axes import index_range, piece_of, tolerance_of
from atoll.planning.nodes import Nodes, value_at
from tests.planning.builders import (
    axis,
    depth_axis,
    explicit,
    latitude_axis,
    longitude_axis,
    regular,
    time_axis,
    values_of,
)

pytestmark = pytest.mark.slow

SELECTIONS: tuple[Selection, ...] = ("inside", "nearest", "outside", "strict-inside")

# Quarters are exact in binary: the oracle and the code see the very same numbers.
quarters = st.integers(-400, 400).map(lambda n: n / 4)


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    if draw(st.booleans()):
        step = draw(st.sampled_from([0.25, 0.5, 1, 2.75, -0.25, -1, -3.5]))
        return axis("x", regular(draw(quarters), step, draw(st.integers(1, 60))))
    values = sorted(draw(st.sets(quarters, min_size=1, max_size=40)))
    return axis("x", explicit(values[::-1] if draw(st.booleans()) else values))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    lower, upper = sorted([draw(quarters), draw(quarters)])
    if draw(st.integers(0, 3)) == 0:
        upper = lower
    opened = draw(st.integers(0, 5))
    return Interval(lower=None if opened == 0 else lower, upper=None if opened == 1 else upper)


def nearest(values: np.ndarray, bound: float) -> float:
    off = np.abs(values - bound)
    return float(values[off == off.min()].min())


def on_axis(values: np.ndarray, point: float) -> bool:
    """No more than half a step beyond the ends."""
    rising = np.sort(values)
    if rising.size == 1:
        return bool(point == rising[0])
    low = rising[0] - (rising[1] - rising[0]) / 2
    high = rising[-1] + (rising[-1] - rising[-2]) / 2
    return bool(low <= point <= high)


def oracle(values: np.ndarray, interval: Interval, selection: Selection) -> list[int] | None:
    """All indices taken; None = a bound lies beyond the axis and may not."""
    lower = -np.inf if interval.lower is None else interval.lower
    upper = np.inf if interval.upper is None else interval.upper
    if selection == "strict-inside" and any(
        np.isfinite(bound) and not values.min() <= bound <= values.max() for bound in (lower, upper)
    ):
        return None
    if selection == "nearest" or lower == upper:
        if selection != "nearest" and not on_axis(values, lower):
            return []
        lower = nearest(values, lower) if np.isfinite(lower) else lower
        upper = nearest(values, upper) if np.isfinite(upper) else upper
    elif selection == "outside":
        if lower > values.max() or upper < values.min():
            return []
        lower = max(values[values <= lower], default=lower)
        upper = min(values[values >= upper], default=upper)
    return [int(i) for i in np.flatnonzero((lower <= values) & (values <= upper))]


@pytest.mark.parametrize("selection", SELECTIONS)
@given(one=axes(), interval=intervals())
def test_every_method_agrees_with_brute_force(
    selection: Selection, one: Axis, interval: Interval
) -> None:
    expected = oracle(np.array(values_of(one)), interval, selection)
    if expected is None:
        with pytest.raises(InvalidParameter):
            index_range(one, interval, selection)
    elif not expected:
        with pytest.raises(EmptySelection):
            index_range(one, interval, selection)
    else:
        assert list(index_range(one, interval, selection)) == expected


@given(one=axes(), interval=intervals())
def test_an_empty_selection_names_the_nearest_values_on_both_sides(
    one: Axis, interval: Interval
) -> None:
    values = np.array(values_of(one))
    if oracle(values, interval, "inside"):
        return
    with pytest.raises(EmptySelection) as refused:
        index_range(one, interval)
    bound = interval.upper if interval.lower is None else interval.lower
    assert refused.value.facts["below"] == max(values[values < bound], default=None)
    assert refused.value.facts["above"] == min(values[values > bound], default=None)
    assert refused.value.facts["lower"] == interval.lower
    assert refused.value.facts["upper"] == interval.upper
    assert refused.value.facts["first"] == min(values)
    assert refused.value.facts["last"] == max(values)


def test_an_interval_between_two_nodes_is_empty_and_says_which() -> None:
    with pytest.raises(EmptySelection) as refused:
        index_range(latitude_axis(regular(-89.5, 1, 180)), Interval(lower=0.6, upper=1.4))
    assert refused.value.detail == (
        "latitude: nothing lies between 0.6 and 1.4 on axis latitude; the nearest: 0.5 and 1.5"
    )


def test_an_axis_without_nodes_has_nothing_to_take() -> None:
    with pytest.raises(EmptySelection, match="none, it is empty"):
        index_range(axis("t", explicit([])), Interval())


@pytest.mark.parametrize("point", [-91, 91, 1000])
def test_a_point_off_the_axis_has_no_nearest_node(point: float) -> None:
    with pytest.raises(EmptySelection):
        index_range(latitude_axis(regular(-89.5, 1, 180)), Interval(lower=point, upper=point))


def test_a_point_within_half_a_step_of_the_end_takes_the_end() -> None:
    one = latitude_axis(regular(-89.5, 1, 180))
    assert index_range(one, Interval(lower=90, upper=90)) == range(179, 180)


def test_single_precision_values_are_met_by_the_decimals_they_were_written_as() -> None:
    written = [-60.3, -60.2, -60.1]
    stored = [float(np.float32(value)) for value in written]
    one = latitude_axis(explicit(stored), dtype="<f4")
    assert index_range(one, Interval(lower=-60.3, upper=-60.1)) == range(3)
    double = latitude_axis(explicit(stored))
    assert len(index_range(double, Interval(lower=-60.3, upper=-60.1))) < 3


def test_a_regular_step_told_in_single_precision_is_met_by_its_decimals_too() -> None:
    """The stored numbers are those of the step, rounded; the decimals asked are rounded as well."""
    axis_of_twelfths = longitude_axis(regular(-180, 1 / 12, 4320), dtype="<f4")
    for index in range(7, 4320, 101):
        shown = float(str(np.float32(-180 + index / 12)))
        assert index_range(axis_of_twelfths, Interval(lower=shown)) == range(index, 4320)
        assert index_range(axis_of_twelfths, Interval(upper=shown)) == range(index + 1)


@pytest.mark.parametrize(
    ("one", "tolerance"),
    [
        (depth_axis([0, 10]), 0.01),
        (depth_axis([0, 10], units="km"), 1e-5),
        (depth_axis([1000, 850], units="hPa"), 0.0),
        (time_axis([0, 1], "seconds since 1970-01-01"), 0.0005),
        (time_axis([0, 1], "microseconds since 1970-01-01"), 0.0),
        (time_axis([0, 1], "months since 1970-01-01"), 0.0),
        (latitude_axis([0, 1]), 0.0),
    ],
)
def test_a_tolerance_belongs_to_role_and_units(one: Axis, tolerance: float) -> None:
    assert tolerance_of(one) == pytest.approx(tolerance)


@given(one=axes(), data=st.data())
def test_nodes_rise_whichever_way_they_are_stored(one: Axis, data: st.DataObject) -> None:
    values = values_of(one)
    nodes = Nodes(one)
    assert list(nodes) == nodes[:] == sorted(values)
    stop = data.draw(st.integers(1, len(nodes)))
    positions = range(data.draw(st.integers(0, stop - 1)), stop)
    assert [value_at(one, i) for i in nodes.rising(positions)] == nodes[positions.start : stop]
    assert sorted(nodes.stored(positions)) == list(nodes.stored(positions))
    assert {*nodes.stored(positions)} == {*nodes.rising(positions)}
    assert nodes[-1] == max(values)
    with pytest.raises(IndexError):
        nodes[len(nodes)]


@given(st.integers(0, 30), st.integers(1, 30), st.integers(-9, 9).filter(bool))
def test_equal_nodes_make_equal_pieces(start: int, length: int, step: int) -> None:
    indices = range(start + 300, start + 300 + length * (1 if step > 0 else -1), step)
    piece = piece_of(indices)
    assert list(piece.indices) == list(indices)
    same = range(indices[0], indices[-1] + (1 if step > 0 else -1), indices.step)
    assert piece_of(same) == piece
