"""Rows of a table, and as CSV (RFC 4180): for those who count, not for data."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

type Kind = Literal["text", "texts", "integer", "number", "flag", "time"]
type Cell = str | tuple[str, ...] | float | datetime | None

CSV_TYPE = "text/csv"

# What a spreadsheet takes for a formula, and runs.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column[Row]:
    """What a row has.

    Attributes:
        name: of the column.
        kind: what its cells are; any of them may be None.
        cell: a row's.
    """

    name: str
    kind: Kind
    cell: Callable[[Row], Cell]


def csv_text[Row](columns: Sequence[Column[Row]], rows: Iterable[Row]) -> str:
    """A line of names and one a row; a text that a spreadsheet would run begins with `'`.

    Several texts of one cell are separated by semicolons.
    """
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(column.name for column in columns)
    for row in rows:
        lines.writerow(_harmless(column.cell(row)) for column in columns)
    return written.getvalue()


def _harmless(cell: Cell) -> object:
    if isinstance(cell, datetime):
        return cell.isoformat()
    text = ";".join(cell) if isinstance(cell, tuple) else cell
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text
