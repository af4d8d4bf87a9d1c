"""The index of announcements: each record with the renderings that the catalogue gives out."""

from collections.abc import Sequence
from pathlib import Path

from atoll.catalogue.build import build
from atoll.catalogue.rows import IndexedRecord
from atoll.dialects.iso19139.render import render_metadata
from atoll.dialects.records.catalogued import render_catalogued
from atoll.dialects.records.written import writable_record
from atoll.model.announcement import Announcement


def indexed(one: Announcement) -> IndexedRecord:
    """A record with its renderings."""
    record = writable_record(one.record)
    return IndexedRecord(
        record=record,
        visible_to=one.visible_to,
        iso=render_metadata(record),
        document=render_catalogued(record),
    )


def build_index(announcements: Sequence[Announcement], path: Path) -> int:
    """Write the file; see `catalogue.build`."""
    return build(map(indexed, announcements), path)
