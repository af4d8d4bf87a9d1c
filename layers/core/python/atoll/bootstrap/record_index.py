"""The index of announcements: each record with the renderings that the catalogue gives out."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from atoll.catalogue.build import build
from atoll.catalogue.rows import IndexedRecord, row_of
from atoll.dialects.iso19139.render import render_metadata
from atoll.dialects.records.catalogued import render_catalogued
from atoll.dialects.records.written import writable_record
from atoll.errors import InvalidParameter
from atoll.model.announcement import Announcement


class Built(NamedTuple):
    """What was made.

    Attributes:
        records: how many are in it.
        left_out: of each that is not, why.
    """

    records: int
    left_out: list[str]


def indexed(one: Announcement) -> IndexedRecord:
    """A record with its renderings.

    Raises:
        InvalidParameter: it cannot be rendered.
    """
    try:
        record = writable_record(one.record)
        made = IndexedRecord(
            record=record,
            visible_to=one.visible_to,
            iso=render_metadata(record),
            document=render_catalogued(record),
        )
        row_of(made)
    except Exception as fault:
        told = f"one that can be rendered is: {fault}"
        raise InvalidParameter("record", one.record.catalogue_id, told) from fault
    return made


def build_index(announcements: Iterable[Announcement], path: Path) -> Built:
    """Write the file; what cannot be rendered is left out, and holds nobody up.

    Args:
        announcements: of records whose ids differ.
        path: see `catalogue.build`.
    """
    left_out: list[str] = []
    return Built(build(_renderable(announcements, left_out), path), left_out)


def _renderable(
    announcements: Iterable[Announcement], left_out: list[str]
) -> Iterator[IndexedRecord]:
    for one in announcements:
        try:
            made = indexed(one)
        except InvalidParameter as fault:
            left_out.append(fault.detail)
        else:
            yield made
