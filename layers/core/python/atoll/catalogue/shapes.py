"""pycsw's function `query_spatial`, which reads and prepares each geometry once."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import shapely

type Geometry = Any  # shapely has no types
type Predicate = Callable[[Geometry, Geometry], bool]

# Of what is asked and a record: only the former is prepared, and it must come first for that.
_PREDICATES: dict[str, Predicate] = {
    "bbox": shapely.intersects,
    "contains": shapely.within,
    "crosses": shapely.crosses,
    "disjoint": shapely.disjoint,
    "equals": shapely.equals,
    "intersects": shapely.intersects,
    "overlaps": lambda asked, record: (
        shapely.intersects(asked, record) and not shapely.touches(asked, record)
    ),
    "touches": shapely.touches,
    "within": shapely.contains,
}


@lru_cache(maxsize=20_000)
def _recorded(text: str) -> Geometry:
    return shapely.from_wkt(text)


class Shapes:
    """What is asked on one connection; of the asker's shapes nothing is kept longer."""

    def __init__(self) -> None:
        self._asked: dict[str, Geometry] = {}

    def compare(self, record: str | None, asked: str, predicate: str, distance: str) -> str:
        """Whether a record's geometry meets a condition.

        Args:
            record: geometry, well-known text; None meets none.
            asked: likewise.
            predicate: pycsw's name for it.
            distance: for `beyond` and `dwithin`, in degrees.

        Returns:
            "true" or "false": as pycsw compares it.
        """
        if record is None:
            return "false"
        try:
            pair = self._prepared(asked), _recorded(record)
            if predicate in {"beyond", "dwithin"}:
                is_near = bool(shapely.distance(*pair) <= float(distance))
                met = is_near is (predicate == "dwithin")
            else:
                met = bool(_PREDICATES[predicate](*pair))
        except (shapely.errors.ShapelyError, TypeError, ValueError):
            return "false"
        return "true" if met else "false"

    def _prepared(self, text: str) -> Geometry:
        if text not in self._asked:
            made = shapely.from_wkt(text)
            shapely.prepare(made)
            self._asked[text] = made
        return self._asked[text]
