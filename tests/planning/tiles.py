"""A grid with 2-d coordinates for tests, and the tiles it is described by."""

import math
from collections.abc import Sequence
from itertools import pairwise

from atoll.model.coverage import Coverage, CurvilinearGrid, Tile
from tests.planning.builders import coverage, index_axis, regular, time_axis, variable


def tiles_of(
    longitudes: Sequence[Sequence[float]],
    latitudes: Sequence[Sequence[float]],
    shape: tuple[int, int],
) -> tuple[Tile | None, ...]:
    """The extents of the tiles of a 2-d grid; longitudes within one tile lie close together."""
    rows, columns = len(longitudes), len(longitudes[0])
    return tuple(
        tile_of(
            [
                longitudes[r][c]
                for r in range(top, min(top + shape[0], rows))
                for c in range(left, min(left + shape[1], columns))
            ],
            [
                latitudes[r][c]
                for r in range(top, min(top + shape[0], rows))
                for c in range(left, min(left + shape[1], columns))
            ],
        )
        for top in range(0, rows, shape[0])
        for left in range(0, columns, shape[1])
    )


def tile_of(longitudes: Sequence[float], latitudes: Sequence[float]) -> Tile:
    """The smallest extent that holds these points: the widest gap on the circle is left out."""
    around = sorted({((x + 180) % 360) - 180 for x in longitudes})
    gaps = [b - a for a, b in pairwise([*around, around[0] + 360])]
    west = around[(gaps.index(max(gaps)) + 1) % len(around)]
    return Tile(west=west, east=west + 360 - max(gaps), south=min(latitudes), north=max(latitudes))


def curvilinear_coverage(
    rows: int = 40, columns: int = 60, tile: tuple[int, int] = (8, 8)
) -> Coverage:
    """A rotated grid with 2-d longitude and latitude: `tos` (time 3, y, x)."""
    turn = math.radians(20)
    points = [
        [
            (
                150 + c * math.cos(turn) - r * math.sin(turn),
                -10 + c * math.sin(turn) + r * math.cos(turn),
            )
            for c in range(columns)
        ]
        for r in range(rows)
    ]
    longitudes = [[((x + 180) % 360) - 180 for x, _ in row] for row in points]
    latitudes = [[y for _, y in row] for row in points]
    geographic = {"standard_name": "longitude", "units": "degrees_east"}
    return coverage(
        [
            time_axis(regular(15, 30, 3), "days since 2015-01-01", "360_day"),
            index_axis("y", rows),
            index_axis("x", columns),
        ],
        [
            variable(
                "tos", ("time", "y", "x"), {"geo": (1, 16, 16)}, companions=("nav_lon", "nav_lat")
            ),
            variable("nav_lon", ("y", "x"), role="auxiliary", dtype="<f8", attributes=geographic),
            variable(
                "nav_lat", ("y", "x"), role="auxiliary", dtype="<f8",
                attributes={"standard_name": "latitude", "units": "degrees_north"},
            ),
        ],
        "tripolar",
        curvilinear=CurvilinearGrid(
            dimensions=("y", "x"),
            longitude="nav_lon",
            latitude="nav_lat",
            tile_shape=tile,
            tiles=tiles_of(longitudes, latitudes, tile),
        ),
    )  # fmt: skip
