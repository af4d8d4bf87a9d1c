"""pycsw's function `query_spatial`, which reads and prepares each geometry once."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import shapely

type Geometry = Any  # shapely has no types
type Predicate = Callable[[Geometry, Geometry], bool]

# Of what is asked and a record: only the former is prepared, and it must come first for that.
# Methods, which are several times as fast with one pair as shapely's functions.
_PREDICATES: dict[str, Predicate] = {
    "bbox": lambda asked, record: asked.intersects(record),
    "contains": lambda asked, record: asked.within(record),
    "crosses": lambda asked, record: asked.crosses(record),
    "disjoint": lambda asked, record: asked.disjoint(record),
    "equals": lambda asked, record: asked.equals(record),
    "intersects": lambda asked, record: asked.intersects(record),
    "overlaps": lambda asked, record: asked.intersects(record) and not asked.touches(record),
    "touches": lambda asked, record: asked.touches(record),
    "within": lambda asked, record: asked.contains(record),
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
            shape, place = self._prepared(asked), _recorded(record)
            if predicate in {"beyond", "dwithin"}:
                is_near = bool(shape.distance(place) <= float(distance))
                met = is_near is (predicate == "dwithin")
            else:
                met = _PREDICATES[predicate](shape, place)
        except (shapely.errors.ShapelyError, TypeError, ValueError):
            return "false"
        return "true" if met else "false"

    def _prepared(self, text: str) -> Geometry:
        if text not in self._asked:
            made = shapely.from_wkt(text)
            shapely.prepare(made)
            self._asked[text] = made
        return self._asked[text]
