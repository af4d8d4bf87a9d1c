"""Longitudes against a brute-force oracle: every node on every turn of the circle."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from atoll.errors import EmptySelection, InvalidParameter
from atoll.model.coverage import Axis
from atoll.model.plan import Piece
from atoll.model.request import LongitudeInterval, Selection
from atoll.planning.longitude import longitude_pieces
from tests.planning.builders import explicit, longitude_axis, regular, values_of

# All numbers are quarters of a degree: exact in binary, so is every turn added to them.
edges = st.one_of(
    st.sampled_from([0.0, 180.0, 360.0, -180.0, -360.0, 20.5, 379.5, 540.0]),
    st.integers(-3000, 3000).map(lambda n: n / 4),
)
boxes = st.builds(LongitudeInterval, west=edges, east=edges)
strides = st.integers(1, 7)


def grid(start: float, step: float, count: int, *, falling: bool = False) -> Axis:
    if falling:
        return longitude_axis(regular(start + (count - 1) * step, -step, count))
    return longitude_axis(regular(start, step, count))


@st.composite
def global_grids(draw: st.DrawFn) -> Axis:
    start = draw(st.sampled_from([0.0, 20.5, -180.0, -179.5, 0.25, 20.0]))
    step = draw(st.sampled_from([2.5, 10.0, 22.5, 45.0]))
    repeated = draw(st.integers(0, 3))
    return grid(start, step, round(360 / step) + repeated, falling=draw(st.booleans()))


@st.composite
def regional_grids(draw: st.DrawFn) -> Axis:
    start = draw(st.sampled_from([-20.0, 0.0, 170.0, 350.5, -180.0]))
    step = draw(st.sampled_from([0.5, 2.5]))
    return grid(start, step, draw(st.integers(2, 60)), falling=draw(st.booleans()))


def labels(axis: Axis, pieces: tuple[Piece, ...]) -> list[float]:
    values = values_of(axis)
    return [values[i] + piece.shift for piece in pieces for i in piece.indices]


def unrolled_east(box: LongitudeInterval) -> float:
    """The east edge, at or beyond west, by going round."""
    east = box.east
    while east < box.west:
        east += 360
    return east


def circle(axis: Axis) -> np.ndarray:
    """Every distinct meridian on every turn in reach, rising."""
    distinct = np.unique(np.array(values_of(axis)) % 360)
    return np.concatenate([distinct + 360 * turn for turn in range(-8, 9)])


def taken_of(around: np.ndarray, west: float, east: float, size: int) -> list[float]:
    return [float(v) for v in around[(west <= around) & (around <= east)][:size]]


def oracle(axis: Axis, box: LongitudeInterval, selection: Selection) -> list[float]:
    """Labels of a grid that goes round."""
    around, size = circle(axis), np.unique(np.array(values_of(axis)) % 360).size
    west, east = box.west, unrolled_east(box)
    if east - west >= 360:
        return taken_of(around, west, np.inf, size)
    if selection == "nearest" or west == east:
        west, east = nearest(around, west), nearest(around, east)
    elif selection == "outside":
        west, east = around[around <= west].max(), around[around >= east].min()
    return taken_of(around, west, east, size)


def nearest(around: np.ndarray, edge: float) -> float:
    off = np.abs(around - edge)
    return float(around[off == off.min()].min())


def must_be_sound(axis: Axis, pieces: tuple[Piece, ...]) -> None:
    taken = labels(axis, pieces)
    assert len(pieces) <= 2
    assert all(a < b for a, b in pairwise(taken))
    assert all(piece.shift % 360 == 0 for piece in pieces)
    assert len({label % 360 for label in taken}) == len(taken)


@pytest.mark.parametrize("selection", ["inside", "nearest", "outside", "strict-inside"])
@given(axis=global_grids(), box=boxes, stride=strides)
@example(axis=grid(0, 1, 361), box=LongitudeInterval(west=0, east=360), stride=1)
@example(axis=grid(0, 1, 361), box=LongitudeInterval(west=-180, east=180), stride=1)
@example(axis=grid(20.5, 1, 360), box=LongitudeInterval(west=-40, east=30), stride=3)
@example(axis=grid(-180, 1, 360), box=LongitudeInterval(west=170, east=-170), stride=1)
@example(axis=grid(0, 1, 360), box=LongitudeInterval(west=360, east=0), stride=1)
@example(axis=grid(0, 1, 360), box=LongitudeInterval(west=180, east=-180), stride=1)
def test_a_global_grid_agrees_with_brute_force(
    selection: Selection, axis: Axis, box: LongitudeInterval, stride: int
) -> None:
    expected = oracle(axis, box, selection)
    if not expected:
        with pytest.raises(EmptySelection):
            longitude_pieces(axis, box, selection, stride)
        return
    pieces = longitude_pieces(axis, box, selection, stride)
    must_be_sound(axis, pieces)
    assert labels(axis, pieces) == expected[::stride]


@given(box=boxes)
def test_all_global_grids_of_the_same_meridians_answer_alike(box: LongitudeInterval) -> None:
    same = [
        grid(0.5, 5, 72),
        grid(20.5, 5, 72),
        grid(-179.5, 5, 72),
        grid(0.5, 5, 73),
        grid(-179.5, 5, 75, falling=True),
    ]
    answers = []
    for axis in same:
        try:
            answers.append(labels(axis, longitude_pieces(axis, box, "inside")))
        except EmptySelection:
            answers.append([])
    assert all(answer == answers[0] for answer in answers)


@given(axis=regional_grids(), box=boxes, stride=strides)
@example(axis=grid(170, 0.5, 41), box=LongitudeInterval(west=-180, east=180), stride=1)
@example(axis=grid(-20, 0.5, 60), box=LongitudeInterval(west=0, east=-10), stride=1)
def test_a_regional_grid_gives_what_lies_inside(
    axis: Axis, box: LongitudeInterval, stride: int
) -> None:
    east, around = unrolled_east(box), circle(axis)
    if box.west == east:
        return
    if east - box.west >= 360:
        pieces = longitude_pieces(axis, box, "inside", stride)
        assert len(pieces) == 1
        assert pieces[0].shift + min(values_of(axis)) >= box.west
        assert len(pieces[0].indices) == len(range(0, axis.size, stride))
        return
    expected = around[(box.west <= around) & (around <= east)].tolist()
    if not expected:
        with pytest.raises(EmptySelection):
            longitude_pieces(axis, box, "inside", stride)
        return
    pieces = longitude_pieces(axis, box, "inside", stride)
    must_be_sound(axis, pieces)
    assert labels(axis, pieces) == expected[::stride]


@given(axis=regional_grids(), box=boxes)
def test_outside_and_nearest_never_reach_across_the_gap_of_a_regional_grid(
    axis: Axis, box: LongitudeInterval
) -> None:
    west, east = box.west, unrolled_east(box)
    rising = np.sort(values_of(axis))
    touched = [
        rising + 360 * turn
        for turn in range(-8, 9)
        if rising[0] + 360 * turn <= east and west <= rising[-1] + 360 * turn
    ]
    if not touched or east - west >= 360 or west == east:
        return
    first, last = touched[0], touched[-1]
    widest = [
        max(first[first <= west], default=first[0]),
        min(last[last >= east], default=last[-1]),
    ]
    around = np.concatenate(touched)
    expected = around[(widest[0] <= around) & (around <= widest[1])][: axis.size].tolist()
    assert labels(axis, longitude_pieces(axis, box, "outside")) == expected
    near = [nearest(first, west), nearest(last, east)]
    expected = around[(near[0] <= around) & (around <= near[1])][: axis.size].tolist()
    assert labels(axis, longitude_pieces(axis, box, "nearest")) == expected


REGION = grid(10, 1, 21)  # 10..30


@pytest.mark.parametrize(
    ("west", "east", "expected"),
    [(12.4, 12.4, 12.0), (372.4, 372.4, 372.0), (30.5, 30.5, 30.0), (-350.25, -350.25, -350.0)],
)
def test_a_point_takes_the_nearest_meridian(west: float, east: float, expected: float) -> None:
    box = LongitudeInterval(west=west, east=east)
    assert labels(REGION, longitude_pieces(REGION, box, "inside")) == [expected]


@pytest.mark.parametrize("selection", ["inside", "outside"])
@pytest.mark.parametrize(("west", "east"), [(31, 31), (-100, -100), (40, 300), (-50, 9)])
def test_what_lies_off_a_regional_grid_is_empty(
    selection: Selection, west: float, east: float
) -> None:
    with pytest.raises(EmptySelection) as refused:
        longitude_pieces(REGION, LongitudeInterval(west=west, east=east), selection)
    assert refused.value.facts["parameter"] == "bbox"
    assert refused.value.facts["below"] is not None
    assert refused.value.facts["above"] is not None


@pytest.mark.parametrize(("west", "east", "expected"), [(31, 300, 30.0), (-50, 9, 10.0)])
def test_nearest_of_a_box_in_the_gap_is_one_meridian(
    west: float, east: float, expected: float
) -> None:
    box = LongitudeInterval(west=west, east=east)
    assert labels(REGION, longitude_pieces(REGION, box, "nearest")) == [expected]


@pytest.mark.parametrize(("west", "east"), [(9, 20), (20, 31), (350, 15), (40, 50), (9, 9)])
def test_strict_inside_refuses_bounds_beyond_a_regional_grid(west: float, east: float) -> None:
    with pytest.raises(InvalidParameter, match=r"from 10\.0 to 30\.0"):
        longitude_pieces(REGION, LongitudeInterval(west=west, east=east), "strict-inside")


def test_strict_inside_takes_a_box_that_goes_round_from_the_grid_to_the_grid() -> None:
    pieces = longitude_pieces(REGION, LongitudeInterval(west=20, east=15), "strict-inside")
    assert labels(REGION, pieces) == [*range(20, 31), *range(370, 376)]


def test_a_single_meridian_is_met_by_itself_only() -> None:
    one = longitude_axis(explicit([15.0]))
    assert longitude_pieces(one, LongitudeInterval(west=375, east=375), "inside") == (
        Piece(start=0, stop=1, shift=360),
    )
    with pytest.raises(EmptySelection):
        longitude_pieces(one, LongitudeInterval(west=16, east=16), "inside")


def test_an_axis_without_nodes_is_empty() -> None:
    none = longitude_axis(explicit([]))
    with pytest.raises(EmptySelection):
        longitude_pieces(none, LongitudeInterval(west=0, east=1), "inside")


@pytest.mark.parametrize("dtype", ["<f8", "<f4"])
@pytest.mark.parametrize("turn", [-720, -360, 360, 720])
def test_a_turn_away_the_same_decimals_mean_the_same_nodes(dtype: str, turn: float) -> None:
    written = [round(i / 12, 2) for i in range(4320)]
    values = [float(np.float32(value)) for value in written] if dtype == "<f4" else written
    axis = longitude_axis(explicit(values), dtype=dtype)
    box = LongitudeInterval(west=10.08 + turn, east=10.92 + turn)
    pieces = longitude_pieces(axis, box, "inside")
    assert [i for piece in pieces for i in piece.indices] == list(range(121, 132))


@pytest.mark.parametrize(
    ("west", "east"),
    [(1e300, 1e300), (-1e308, 1e308), (1e308, -1e308), (123456789.5, 123456790.5), (5e-324, 10)],
)
def test_any_real_number_is_a_longitude(west: float, east: float) -> None:
    axis = grid(20.5, 1, 360)
    pieces = longitude_pieces(axis, LongitudeInterval(west=west, east=east), "inside")
    must_be_sound(axis, pieces)
    assert all(abs(label) < 1000 for label in labels(axis, pieces))


def test_one_meridian_said_a_turn_apart_is_not_the_whole_circle() -> None:
    axis = grid(0, 1, 360)
    box = LongitudeInterval(west=370.1, east=10.1)
    assert labels(axis, longitude_pieces(axis, box, "inside")) == [370.0]
