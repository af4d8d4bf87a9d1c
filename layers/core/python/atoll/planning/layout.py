"""Where a variable is read from: the layout that costs least."""

from collections.abc import Sequence

from atoll.errors import DataError
from atoll.model.coverage import Variable
from atoll.model.plan import Piece
from atoll.planning.chunks import Reading, reading


def cheapest_reading(variable: Variable, pieces: Sequence[Sequence[Piece]]) -> Reading:
    """The layout that reads fewest bytes; of equals, fewest chunks; of equals, first by name.

    Args:
        variable: stored in one layout at least.
        pieces: of each of its dimensions.

    Raises:
        DataError: the variable is stored in no layout.
    """
    readings = [
        reading(layout, grid, pieces, variable.dtype) for layout, grid in variable.grids.items()
    ]
    if not readings:
        raise DataError(f"variable {variable.name} is stored in no layout")
    return min(readings, key=lambda one: (one.read_bytes, one.chunks, one.layout))
