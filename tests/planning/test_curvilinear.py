"""Rectangles of 2-d grids against the tiles, and the cells, marked one by one."""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from atoll.errors import EmptySelection, InvalidParameter
from atoll.model.coverage import Coverage, CurvilinearGrid, Tile
from atoll.model.request import Interval, LongitudeInterval, SubsetRequest
from atoll.planning.axes import piece_of
from atoll.planning.curvilinear import GeographicBox, covering_rectangle
from atoll.planning.extent import delivered
from atoll.planning.subset import plan_subset
from tests.planning.builders import (
    coverage,
    index_axis,
    levitus_coverage,
    variable,
)
from tests.planning.tiles import curvilinear_coverage, tiles_of

ROWS, COLUMNS, TILE = 18, 26, (5, 4)
# A bent grid that crosses the dateline and both sides of it.
LONGITUDES = (
    150 + np.arange(COLUMNS)[None, :] * 2.5 - np.arange(ROWS)[:, None] * 0.75 + 180
) % 360 - 180
LATITUDES = -30 + np.arange(ROWS)[:, None] * 3.0 + np.arange(COLUMNS)[None, :] * 0.5
TILES = tiles_of(LONGITUDES.tolist(), LATITUDES.tolist(), TILE)
GRID = CurvilinearGrid(
    dimensions=("y", "x"), longitude="lon", latitude="lat", tile_shape=TILE, tiles=TILES
)
COVERAGE = coverage(
    [index_axis("y", ROWS), index_axis("x", COLUMNS)], [variable("v", ("y", "x"))], curvilinear=GRID
)

lons = st.integers(-1600, 1600).map(lambda n: n / 4)
lats = st.tuples(st.integers(-180, 180), st.integers(-180, 180)).map(
    lambda pair: Interval(lower=min(pair) / 2, upper=max(pair) / 2)
)


def eastward(west: float, east: float) -> float:
    while east < west:
        east += 360
    return min(east - west, 360)


def meets(tile: Tile, west: float, span: float) -> bool:
    """Whether two arcs of the circle meet: brute force over turns."""
    return any(
        tile.west + turn <= west + span and west <= tile.east + turn
        for turn in range(-1800, 1801, 360)
    )


def near(longitude: float, latitude: float) -> bool:
    """Whether a point lies within a cell (one degree, at most) of some tile."""
    return any(
        meets(tile, longitude - 1, 2) and tile.south - 1 <= latitude <= tile.north + 1
        for tile in TILES
        if tile is not None
    )


@given(west=lons, east=lons, latitude=lats)
@example(west=180, east=180, latitude=Interval(lower=-90, upper=90))
@example(west=150, east=150, latitude=Interval(lower=-30, upper=-30))
@example(west=170, east=-170, latitude=Interval(lower=0, upper=5))
@example(west=154, east=154, latitude=Interval(lower=-13.5, upper=-13.5))
def test_the_rectangle_holds_the_tiles_that_the_box_touches_and_is_the_smallest(
    west: float, east: float, latitude: Interval
) -> None:
    span = eastward(west, east)
    south, north = latitude.lower or 0.0, latitude.upper or 0.0
    marked = np.array(
        [
            meets(tile, west, span) and south <= tile.north and tile.south <= north
            for tile in TILES
            if tile is not None
        ]
    ).reshape(-(-ROWS // TILE[0]), -(-COLUMNS // TILE[1]))
    box = GeographicBox(LongitudeInterval(west=west, east=east), latitude)
    is_point = span == 0 and south == north
    if is_point and not marked.any():
        # Up to half a cell off the grid the nearest cells are taken: tested below.
        assume(not near(west, south))
    if not marked.any():
        with pytest.raises(EmptySelection):
            covering_rectangle(COVERAGE, GRID, box)
        return
    taken = covering_rectangle(COVERAGE, GRID, box)
    cells = np.kron(marked, np.ones(TILE, bool))[:ROWS, :COLUMNS]
    rows, columns = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
    more = 2 if is_point else 1  # the nearest may be in the next tile
    assert taken == {
        "y": range(rows[0], min(rows[-1] + more, ROWS)),
        "x": range(columns[0], min(columns[-1] + more, COLUMNS)),
    }
    inside = ((LONGITUDES - west) % 360 <= span) & (south <= LATITUDES) & (north >= LATITUDES)
    for row, column in np.argwhere(inside):
        assert row in taken["y"]
        assert column in taken["x"]


def test_tiles_without_coordinates_are_never_touched() -> None:
    grid = GRID.model_copy(update={"tiles": (None,) * len(TILES)})
    with pytest.raises(EmptySelection) as refused:
        covering_rectangle(COVERAGE, grid, GeographicBox(latitude=Interval(lower=-90, upper=90)))
    assert refused.value.facts["below"] is None


def test_an_empty_box_says_where_the_grid_lies() -> None:
    box = GeographicBox(LongitudeInterval(west=0, east=1), Interval(lower=80, upper=90))
    with pytest.raises(EmptySelection) as refused:
        covering_rectangle(COVERAGE, GRID, box)
    assert refused.value.facts == {
        "parameter": "bbox", "west": 0, "east": 1, "lower": 80, "upper": 90,
        "below": LATITUDES.min(), "above": LATITUDES.max(),
    }  # fmt: skip


TRIPOLAR = curvilinear_coverage()


def test_a_plan_of_a_box_is_a_rectangle_with_its_2d_coordinates_and_says_so() -> None:
    request = SubsetRequest(
        dataset="tripolar",
        variables=("tos",),
        longitude=LongitudeInterval(west=175, east=-175),
        latitude=Interval(lower=0, upper=10),
    )
    plan = plan_subset(request, TRIPOLAR)
    assert [one.name for one in plan.variables] == ["tos", "nav_lon", "nav_lat"]
    extent = delivered(plan, TRIPOLAR)
    assert extent.native_rectangle
    counts = {one.name: one.count for one in extent.axes}
    assert counts["y"] < 40
    assert counts["x"] < 60
    cells = counts["y"] * counts["x"]
    # Index axes have no coordinate variable; time has one of 8 bytes a value.
    assert plan.output_bytes == 3 * cells * 4 + 2 * cells * 8 + 3 * 8


def test_2d_coordinates_come_along_though_the_variable_does_not_name_them() -> None:
    silent = TRIPOLAR.variable_by_name["tos"].model_copy(update={"companions": ()})
    update = {"variables": (silent, *TRIPOLAR.variables[1:])}
    plan = plan_subset(
        SubsetRequest(dataset="tripolar", variables=("tos",)),
        Coverage.model_validate(TRIPOLAR.model_dump() | update),
    )
    assert [one.name for one in plan.variables] == ["tos", "nav_lon", "nav_lat"]


@pytest.mark.parametrize(
    "fields",
    [
        {"longitude": {"west": 150, "east": 160}},
        {"latitude": {"lower": -5, "upper": 5}},
        {"longitude": {"west": 150, "east": 160}, "latitude": {"lower": -5, "upper": 5}},
        {"longitude": {"west": -180, "east": 180}},
    ],
)
def test_half_a_box_is_met_by_the_tiles_too_and_never_by_row_numbers(
    fields: dict[str, object],
) -> None:
    request = SubsetRequest.model_validate({"dataset": "tripolar"} | fields)
    grid = TRIPOLAR.curvilinear
    assert grid is not None
    box = GeographicBox(request.longitude, request.latitude)
    expected = covering_rectangle(TRIPOLAR, grid, box)
    found = {axis.name: axis.pieces for axis in plan_subset(request, TRIPOLAR).axes[1:]}
    assert found == {name: (piece_of(indices),) for name, indices in expected.items()}


def test_strides_of_a_2d_grid_go_by_rows_and_columns() -> None:
    request = SubsetRequest(dataset="tripolar", stride={"longitude": 7, "latitude": 4, "time": 3})
    plan = plan_subset(request, TRIPOLAR)
    assert {axis.name: axis.count for axis in plan.axes} == {"time": 1, "y": 10, "x": 9}


def test_rows_can_be_trimmed_by_number_but_not_beside_a_box() -> None:
    trims = {"y": Interval(lower=3, upper=6)}
    plan = plan_subset(SubsetRequest(dataset="tripolar", trims=trims), TRIPOLAR)
    assert [axis.count for axis in plan.axes] == [3, 4, 60]
    boxed = SubsetRequest(dataset="tripolar", trims=trims, latitude=Interval(lower=0, upper=5))
    with pytest.raises(InvalidParameter) as refused:
        plan_subset(boxed, TRIPOLAR)
    assert refused.value.facts["parameter"] == "axes.y"


def test_a_plan_without_rows_and_columns_is_no_rectangle() -> None:
    series = coverage(
        TRIPOLAR.axes,
        [*TRIPOLAR.variables, variable("index", ("time",))],
        curvilinear=TRIPOLAR.curvilinear,
    )
    request = SubsetRequest(
        dataset="tripolar", variables=("index",), latitude=Interval(lower=0, upper=5)
    )
    plan = plan_subset(request, series)
    assert [axis.name for axis in plan.axes] == ["time"]
    assert not delivered(plan, series).native_rectangle


def test_a_dataset_with_axes_of_its_own_is_cut_along_them_whatever_2d_coordinates_it_has() -> None:
    plain = levitus_coverage(
        curvilinear=GRID.model_copy(update={"dimensions": ("latitude", "longitude")})
    )
    request = SubsetRequest(
        dataset="x",
        longitude=LongitudeInterval(west=0, east=10),
        latitude=Interval(lower=0, upper=10),
        stride={"longitude": 2},
    )
    plan = plan_subset(request, plain)
    assert [one.count for one in plan.axes] == [20, 10, 5]
    assert not delivered(plan, plain).native_rectangle


def at(longitude: float, latitude: float) -> GeographicBox:
    return GeographicBox(
        LongitudeInterval(west=longitude, east=longitude), Interval(lower=latitude, upper=latitude)
    )


def spread(side: int, west: float, width: float) -> tuple[Coverage, CurvilinearGrid]:
    """A regular grid of 2 by 2 tiles with a gap of one step between them; steps of a degree."""
    tiles = tuple(
        Tile(west=west + x * width, east=west + (x + 1) * width - 1, south=y * 4, north=y * 4 + 3)
        for y in range(2)
        for x in range(2)
    )
    grid = GRID.model_copy(update={"tile_shape": (4, side), "tiles": tiles})
    axes = [index_axis("y", 8), index_axis("x", 2 * side)]
    return coverage(axes, [variable("v", ("y", "x"))], curvilinear=grid), grid


@pytest.mark.parametrize(
    ("longitude", "latitude", "rows", "columns"),
    [
        (0, 3.2, range(5), range(5)),
        (0, 7.3, range(4, 8), range(5)),
        (-2.3, 1, range(5), range(5)),
        (357.8, 1, range(5), range(5)),
        (1.2, 5, range(4, 8), range(5)),
        (0, 3.5, range(8), range(5)),
    ],
)
def test_a_point_that_no_tile_holds_takes_the_nearest(
    longitude: float, latitude: float, rows: range, columns: range
) -> None:
    described, grid = spread(4, -2, 4)
    taken = covering_rectangle(described, grid, at(longitude, latitude))
    assert taken == {"y": rows, "x": columns}


@pytest.mark.parametrize("point", [at(1, 8.5), at(1, -2), at(-4, 1), at(180, 1), at(8, 9)])
def test_a_point_off_the_grid_has_no_nearest_cell(point: GeographicBox) -> None:
    described, grid = spread(4, -2, 4)
    with pytest.raises(EmptySelection):
        covering_rectangle(described, grid, point)


@pytest.mark.parametrize(
    ("west", "east", "south", "north", "inside"),
    [
        (-2, 4, 0, 7, True),
        (358, 364, 1, 2, True),
        (-3, 4, 0, 7, False),
        (-2, 6, 0, 7, False),
        (-2, 4, -1, 7, False),
        (-2, 4, 0, 7.5, False),
        (4, -2, 0, 7, False),
        (100, 100, 1, 1, False),
        (1, 1, 1, 1, True),
    ],
)
def test_strict_inside_refuses_boxes_beyond_the_grid(
    west: float, east: float, south: float, north: float, *, inside: bool
) -> None:
    described, grid = spread(4, -2, 4)
    tiles = tuple(tile and tile.model_copy(update={"east": min(tile.east + 1, 5)})
                  for tile in grid.tiles)  # fmt: skip
    described = described.model_copy(
        update={"curvilinear": grid.model_copy(update={"tiles": tiles})}
    )
    request = SubsetRequest(
        dataset="d",
        longitude=LongitudeInterval(west=west, east=east),
        latitude=Interval(lower=south, upper=north),
        selection="strict-inside",
    )
    if inside:
        assert plan_subset(request, described).axes
        return
    with pytest.raises(InvalidParameter, match="strict-inside takes boxes within the grid") as told:
        plan_subset(request, described)
    assert told.value.facts["parameter"] == "bbox"
