"""The SQLite file that pycsw searches, made anew from all records."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pycsw.core.config import StaticContext

from atoll.catalogue.rows import FACETS, OWN, TABLE, IndexedRecord, row_of

# At the end of a row: to reach a column SQLite reads all that is before it.
LONG = ("anytext", "links", "record", "metadata", "xml")
# What results are sorted and counted by; sorting rows themselves would read all of each.
INDEXED = (
    "parentidentifier",
    "title",
    "insert_date",
    "date",
    "date_modified",
    "time_begin",
    "time_end",
    *FACETS,
)
NUMBERS = ("vert_extent_min", "vert_extent_max")
READ_ONLY = 0o444


def build(records: Iterable[IndexedRecord], path: Path) -> int:
    """Write the file, complete or not at all.

    Args:
        records: whose `catalogue_id`s differ.
        path: is made; nothing is there yet.

    Returns:
        The number of records.
    """
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    names = _columns()
    held = ", ".join("?" for _ in names)
    rows = (row_of(one) for one in records)
    with closing(sqlite3.connect(unfinished)) as database, database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute(f"CREATE TABLE {TABLE} ({', '.join(map(_typed, names))})")
        made = database.executemany(
            f"INSERT INTO {TABLE} VALUES ({held})",  # noqa: S608  our own names alone
            ([row.get(name) for name in names] for row in rows),
        ).rowcount
        for name in INDEXED:
            database.execute(f"CREATE INDEX by_{name} ON {TABLE} ({name})")
    unfinished.chmod(READ_ONLY)
    unfinished.rename(path)
    return max(made, 0)


def _columns() -> list[str]:
    """Pycsw's columns and ours, long texts last."""
    mapped = StaticContext().md_core_model["mappings"].values()
    names = dict.fromkeys((*mapped, *OWN))
    return [*(name for name in names if name not in LONG), *LONG]


def _typed(name: str) -> str:
    if name == "identifier":
        return "identifier TEXT NOT NULL PRIMARY KEY"
    return f"{name} {'FLOAT' if name in NUMBERS else 'TEXT'}"
