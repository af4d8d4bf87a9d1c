"""Reports and usage on the REST door."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from atoll.dialects.tables import Column, Kind
from atoll.errors import InvalidParameter
from atoll.model.policy import Allowance, PerTier
from atoll.services.reports import KEYS, Asked, Key, Rows, Span, Tally

type Form = Literal["json", "csv", "parquet"]

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


class Measures(BaseModel):
    """Jobs added up; each counts once, where its end says, or its order while it has none."""

    jobs: int = Field(description="Ended in one of three ways, or still under way.")
    successful: int
    failed: int
    dismissed: int
    settled_bytes: int = Field(description="Delivered.")
    reserved_bytes: int = Field(description="Of jobs under way when the last day was over.")
    read_bytes: int = Field(description="Of the source, decoded.")
    waited_p50_s: float | None = Field(description="Of jobs with an extraction of their own.")
    waited_p95_s: float | None
    ran_p50_s: float | None
    ran_p95_s: float | None


class ReportRow(Measures):
    """The jobs that have these values; there are those that the report is `by`."""

    model_config = ConfigDict(json_schema_extra={"required": list(Measures.model_fields)})

    account: str | None = Field(default=None, exclude_if=lambda value: value is None)
    dataset: str | None = Field(default=None, exclude_if=lambda value: value is None)
    tier: str | None = Field(default=None, exclude_if=lambda value: value is None)
    month: str | None = Field(default=None, exclude_if=lambda value: value is None)
    day: str | None = Field(default=None, exclude_if=lambda value: value is None)
    door: str | None = Field(default=None, exclude_if=lambda value: value is None)
    format: str | None = Field(default=None, exclude_if=lambda value: value is None)
    status: str | None = Field(default=None, exclude_if=lambda value: value is None)


class ReportReply(BaseModel):
    """What was ordered and delivered in some days (UTC), both included."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    by: list[str]
    first: str = Field(alias="from")
    last: str = Field(alias="to")
    rows: list[ReportRow]


class UsageReply(BaseModel):
    """What an account has used of what it may use."""

    month: str
    reserved_bytes: int = Field(description="Held for jobs under way that were ordered then.")
    settled_bytes: int = Field(description="Delivered of what was ordered in this month.")
    left_bytes: int | None = Field(description="That may still be ordered; null = no limit.")
    allowance: Allowance
    waiting: PerTier = Field(description="Jobs that wait now.")
    running: PerTier = Field(description="Jobs that run now.")
    datasets: list[ReportRow]


def parse_by(text: str) -> tuple[Key, ...]:
    """Names separated by commas.

    Raises:
        InvalidParameter: one that there is not, or one twice.
    """
    names = [name.strip() for name in text.split(",")] if text.strip() else []
    known: dict[str, Key] = {key: key for key in KEYS}
    if not known.keys() >= set(names) or len(set(names)) != len(names):
        raise InvalidParameter("by", text, f"any of {', '.join(known)} are, each once, by commas")
    return tuple(known[name] for name in names)


def parse_span(first: str | None, last: str | None, today: date) -> Span:
    """Days as `YYYY-MM-DD`.

    Args:
        first: None = the first of the last day's month.
        last: None = today.
        today: in UTC.

    Raises:
        InvalidParameter: no such day, or as Span.
    """
    end = today if last is None else _day("to", last)
    return Span(end.replace(day=1) if first is None else _day("from", first), end)


def parse_month(text: str | None, today: date) -> str:
    """A month as `YYYY-MM`; None = this one.

    Raises:
        InvalidParameter: it is none.
    """
    month = f"{today:%Y-%m}" if text is None else text
    if not _MONTH.fullmatch(month):
        raise InvalidParameter("month", month, "a month is, e.g. 2026-11")
    return month


def render_rows(by: Sequence[Key], rows: Rows) -> list[ReportRow]:
    """Rows as they are on the wire."""
    return [
        ReportRow.model_validate(_measures(tally) | dict(zip(by, values, strict=True)))
        for values, tally in rows.items()
    ]


def render_report(asked: Asked, rows: list[ReportRow]) -> ReportReply:
    """The whole answer."""
    span = asked.span
    return ReportReply(
        by=list(asked.by), first=span.first.isoformat(), last=span.last.isoformat(), rows=rows
    )


def columns_of(by: Sequence[Key]) -> list[Column[ReportRow]]:
    """What a table of such a report has."""
    texts = [_column(key, "text") for key in by]
    counts = [
        _column(name, "number" if name.endswith("_s") else "integer")
        for name in Measures.model_fields
    ]
    return texts + counts


def _column(name: str, kind: Kind) -> Column[ReportRow]:
    return Column(name, kind, lambda row: getattr(row, name))


def _measures(tally: Tally) -> dict[str, object]:
    waited, ran = tally.waited, tally.ran
    return {
        "jobs": tally.jobs,
        "successful": tally.successful,
        "failed": tally.failed,
        "dismissed": tally.dismissed,
        "settled_bytes": tally.settled_bytes,
        "reserved_bytes": tally.reserved_bytes,
        "read_bytes": tally.read_bytes,
        "waited_p50_s": waited and waited.p50_s,
        "waited_p95_s": waited and waited.p95_s,
        "ran_p50_s": ran and ran.p50_s,
        "ran_p95_s": ran and ran.p95_s,
    }


def _day(parameter: str, text: str) -> date:
    try:
        # Python itself reads weeks and days without hyphens, too.
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError as fault:
        raise InvalidParameter(parameter, text, "a day is, e.g. 2026-11-30") from fault
