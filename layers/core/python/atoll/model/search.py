"""What is looked for among the catalogue's records, and a page of what is found."""

from pydantic import Field

from atoll.model.record import Box, Record
from atoll.model.value import Value

LONGEST_PAGE = 100


class RecordQuery(Value):
    """Conditions, all of which a record meets; none = all records.

    Attributes:
        ids: of records; None = whichever.
        boxes: one of them, none across the dateline; in longitudes of -180..180.
        shape: a geometry of GeoJSON, as text.
        start, end: instants as `2026-11-23T12:00:00Z`; empty = open.
        words: what its texts have: all words of one of these.
        limit: of records in the page.
        offset: number of records before it.
    """

    ids: tuple[str, ...] | None = None
    boxes: tuple[Box, ...] = ()
    shape: str = ""
    start: str = ""
    end: str = ""
    words: tuple[tuple[str, ...], ...] = ()
    limit: int = Field(default=10, ge=1, le=LONGEST_PAGE)
    offset: int = Field(default=0, ge=0)


class RecordPage(Value):
    """Some of the records that were found.

    Attributes:
        matched: how many there are on all pages.
    """

    records: tuple[Record, ...]
    matched: int
