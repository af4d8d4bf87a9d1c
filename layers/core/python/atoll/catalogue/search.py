"""Records by plain conditions: what the STAC API asks of the same file, by the same guard."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import shapely

from atoll.catalogue.guard import connect, seen_by
from atoll.catalogue.rows import TABLE
from atoll.errors import InvalidParameter
from atoll.model.record import Record
from atoll.model.search import RecordPage, RecordQuery

_ESCAPED = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition of a query, and its values."""

    text: str
    values: Sequence[str]


class RecordSearch:
    """Searches one file."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    def search(self, query: RecordQuery, profiles: frozenset[str]) -> RecordPage:
        """A page of the records that somebody of these profiles may see, by their ids.

        Raises:
            InvalidParameter: the geometry is none.
        """
        conditions = list(_conditions(query))
        where = " AND ".join(f"({one.text})" for one in conditions) or "1"
        values = [value for one in conditions for value in one.values]
        with seen_by(profiles), closing(connect(self._path)) as database:
            (matched,) = database.execute(
                f"SELECT count(*) FROM {TABLE} WHERE {where}",  # noqa: S608  texts are below
                values,
            ).fetchone()
            rows = database.execute(
                f"SELECT record FROM {TABLE} WHERE {where} "  # noqa: S608
                "ORDER BY identifier LIMIT ? OFFSET ?",
                [*values, query.limit, query.offset],
            ).fetchall()
        found = tuple(Record.model_validate_json(text) for (text,) in rows)
        return RecordPage(records=found, matched=matched)


def _conditions(query: RecordQuery) -> Iterator[_Condition]:
    if query.ids is not None:
        marks = ", ".join("?" for _ in query.ids)
        yield _Condition(f"identifier IN ({marks})", query.ids)
    shape = query.shape or (_shape_of(query) if query.boxes else "")
    if shape:
        yield _Condition("query_spatial(wkt_geometry, ?, 'bbox', '') = 'true'", [_wkt(shape)])
    if query.start:
        # What is of no time is of any (OGC API - Features, requirement 26).
        yield _Condition("time_end IS NULL OR time_end >= ?", [query.start])
    if query.end:
        yield _Condition("time_begin IS NULL OR time_begin <= ?", [query.end])
    if query.words:
        anyone = " OR ".join(f"({' AND '.join(_LIKE for _ in terms)})" for terms in query.words)
        patterns = [f"%{term.translate(_ESCAPED)}%" for terms in query.words for term in terms]
        yield _Condition(anyone, patterns)


_LIKE = r"anytext LIKE ? ESCAPE '\'"


def _shape_of(query: RecordQuery) -> str:
    boxes = [shapely.box(one.west, one.south, one.east, one.north) for one in query.boxes]
    shape: str = shapely.to_geojson(shapely.union_all(boxes))
    return shape


def _wkt(shape: str) -> str:
    """GeoJSON as well-known text."""
    try:
        text: str = shapely.to_wkt(shapely.from_geojson(shape), rounding_precision=9)
    except shapely.errors.ShapelyError as fault:
        raise InvalidParameter("intersects", shape, "a geometry of GeoJSON is") from fault
    return text
