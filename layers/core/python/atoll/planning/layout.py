"""Where a variable is read from: the layout that costs least."""

from collections.abc import Sequence

from atoll.errors import DataError
from atoll.model.coverage import Variable
from atoll.model.plan import Piece
from atoll.planning.chunks import Reading, reading
from atoll.planning.costs import reading_s, stored_bytes, times_read


def cheapest_reading(
    variable: Variable,
    pieces: Sequence[Sequence[Piece]],
    shape: Sequence[int],
    slab: Sequence[int] | None = None,
) -> Reading:
    """The layout that is read soonest; of equals, fewest bytes, fewest chunks, first by name.

    Bytes count as they are stored; as decoded where that is not known of every layout.

    Args:
        variable: stored in one layout at least.
        pieces: of each of its dimensions.
        shape: of the whole array.
        slab: in which the output must be made, for its order's sake; None = in such as
            read no chunk twice.

    Raises:
        DataError: the variable is stored in no layout.
    """
    readings = [
        reading(layout, grid, pieces, variable.dtype) for layout, grid in variable.grids.items()
    ]
    if not readings:
        raise DataError(f"variable {variable.name} is stored in no layout")
    measured = all(grid.stored_bytes for grid in variable.grids.values())

    def cost(one: Reading) -> tuple[float, int, int, str]:
        grid = variable.grids[one.layout]
        nbytes = stored_bytes(grid, one.chunks, shape) if measured else one.read_bytes
        times = 1.0 if slab is None else times_read(grid, pieces, slab)
        return times * reading_s(grid, pieces, nbytes), one.read_bytes, one.chunks, one.layout

    return min(readings, key=cost)
