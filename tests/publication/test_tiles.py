"""Extents on the sphere: small, and never too small."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from atoll.model.coverage import Tile
from atoll.model.request import Interval, LongitudeInterval
from atoll.planning.curvilinear import GeographicBox, covering_rectangle
from atoll.publication.fields import Field
from atoll.publication.tiles import MOST_TILES, extent, tile
from tests.planning.builders import coverage, index_axis

LONGITUDES = st.lists(st.floats(-720, 720), min_size=1, max_size=30)


def known(longitudes, latitudes) -> Tile:
    found = extent(longitudes, latitudes)
    assert found is not None
    return found


@given(LONGITUDES, st.floats(-90, 90))
def test_every_point_lies_within(longitudes, latitude):
    found = known(np.array(longitudes), np.full(len(longitudes), latitude))
    assert -180 <= found.west <= 180
    assert 0 < found.east - found.west <= 360
    assert found.south <= latitude <= found.north
    for longitude in longitudes:
        assert (longitude - found.west) % 360 <= found.east - found.west


@given(st.floats(-180, 180), st.floats(0.1, 170))
def test_an_arc_is_not_taken_the_long_way_round(west, width):
    points = np.linspace(west, west + width, 20)
    found = known((points + 180) % 360 - 180, np.zeros(20))
    assert found.east - found.west <= width + 0.001


def test_across_the_dateline():
    found = known(np.array([179.0, -179.0]), np.array([10.0, 12.0]))
    assert (round(found.west, 3), round(found.east, 3)) == (179, 181)


def test_no_coordinates_no_extent():
    assert extent(np.array([np.nan, 1.0]), np.array([1.0, np.nan])) is None


def test_all_round_is_all():
    found = known(np.arange(0, 360, 0.01), np.zeros(36_000))
    assert 359.98 < found.east - found.west < 360


@given(st.floats(0, 11), st.floats(0, 13))
def test_a_point_takes_the_cells_around_it(row, column):
    """The grid is bent; a point is the corners' mean, weighted."""

    def place(i, j):
        return 170 + j * 1.5 - i * 0.5, -20 + i + j * 0.25

    rows, columns = np.meshgrid(np.arange(12.0), np.arange(14.0), indexing="ij")
    longitudes, latitudes = place(rows, columns)

    def plane(name, values):
        return Field(name, ("y", "x"), values.shape, values.dtype, {},
                     lambda region: values[region].copy())  # fmt: skip

    longitude, latitude = place(row, column)
    grid = tile(plane("lon", longitudes), plane("lat", latitudes))
    described = coverage([index_axis("y", 12), index_axis("x", 14)], [], curvilinear=grid)
    point = GeographicBox(LongitudeInterval(west=longitude, east=longitude),
                          Interval(lower=latitude, upper=latitude))  # fmt: skip
    taken = covering_rectangle(described, grid, point)
    assert {math.floor(row), math.ceil(row)} <= set(taken["y"])
    assert {math.floor(column), math.ceil(column)} <= set(taken["x"])


def test_large_grids_have_few_tiles_and_fill_is_no_place():
    longitudes = np.full((700, 800), 1e20, "f4")
    longitudes[100:, :] = np.linspace(-20, 20, 800)

    def plane(name, values):
        return Field(name, ("y", "x"), values.shape, values.dtype, {},
                     lambda region: values[region].copy(), 1e20)  # fmt: skip

    grid = tile(plane("lon", longitudes), plane("lat", np.full((700, 800), 40, "f4")))
    assert len(grid.tiles) <= MOST_TILES
    assert grid.tiles[0] is None
    last = grid.tiles[-1]
    assert last is not None
    assert last.east <= 20.001
