"""What notes of both kinds say in the same way. Every refusal names the key in the note."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import PurePosixPath

from atoll.dialects.iso8601 import parse_datetime
from atoll.errors import InvalidParameter, RequestTooLong
from atoll.model.delivery import LONGEST_NOTE_BYTES, MOST_OPERATIONS
from atoll.model.moment import Moment
from atoll.model.names import check_dataset_id

LONGEST_PATH_BYTES = 255
_FIRST_YEAR, _END_YEAR = 1970, 9999
EXTENSIONS = (".nc", ".nc4", ".cdf", ".grib", ".grib2", ".grb", ".grb2")

_ACCEPTED_PATH = (
    f"a path below the delivery's folder is, of up to {LONGEST_PATH_BYTES} bytes, with slashes "
    "between names, without '.', '..', backslashes and control characters"
)
_ACCEPTED_INSTANT = "an instant of RFC 3339 is, with its zone, such as 2026-11-23T06:00:00Z"
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_FORMS = {
    "delivery_id": (
        re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,127}"),
        "8 to 128 of [A-Za-z0-9._-] are, the first a letter or digit",
    ),
    "producer": (
        re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
        "1 to 64 of [A-Za-z0-9._-] are, the first a letter or digit",
    ),
    "product": (re.compile(r"[A-Za-z0-9._-]{1,200}"), "1 to 200 of [A-Za-z0-9._-] are"),
}


def check_length(text: bytes) -> None:
    """Refuse what is too long before it is read.

    Raises:
        RequestTooLong: it is.
    """
    if len(text) > LONGEST_NOTE_BYTES:
        raise RequestTooLong(
            f"note: it has {len(text)} bytes; up to {LONGEST_NOTE_BYTES} are accepted.",
            {"parameter": "note", "note_bytes": len(text), "limit_bytes": LONGEST_NOTE_BYTES},
        )


def check_names(said: dict[str, str], keys: dict[str, str]) -> None:
    """Refuse malformed ids of delivery, producer, product, and dataset.

    Args:
        said: field -> its value.
        keys: field -> its key in the note, where that is another.

    Raises:
        InvalidParameter: one is.
    """
    for field, (form, accepted) in _FORMS.items():
        if not form.fullmatch(said[field]):
            raise InvalidParameter(keys.get(field, field), said[field], accepted)
    check_dataset_id(keys.get("dataset", "dataset"), said["dataset"])


def check_number(key: str, count: int) -> None:
    """Refuse a note that does nothing, and one that does too much.

    Raises:
        InvalidParameter: it is one.
    """
    if not 1 <= count <= MOST_OPERATIONS:
        shown = f"{count} operations"
        raise InvalidParameter(key, shown, f"1 to {MOST_OPERATIONS} are; deliver in several notes")


def check_path(key: str, path: str) -> None:
    """Refuse a path that leads elsewhere, or to what is no data.

    Raises:
        InvalidParameter: it does.
    """
    names = path.split("/")
    # Category C: controls, invisible characters that turn text around, halves of pairs.
    is_plain = not any(c == "\\" or unicodedata.category(c)[0] == "C" for c in path)
    if not is_plain or not {"", ".", ".."}.isdisjoint(names):
        raise InvalidParameter(key, path, _ACCEPTED_PATH)
    if len(path.encode()) > LONGEST_PATH_BYTES:
        raise InvalidParameter(key, path, _ACCEPTED_PATH)
    if not names[-1].lower().endswith(EXTENSIONS) or names[-1].startswith("."):
        raise InvalidParameter(key, path, f"names of files end in {', '.join(EXTENSIONS)}")


def check_unlike(paths: Iterable[tuple[str, str]]) -> None:
    """Refuse a file that is named twice, or is the folder of another.

    Args:
        paths: key and path of each.

    Raises:
        InvalidParameter: one is.
    """
    seen: dict[str, str] = {}
    for key, path in paths:
        if path in seen:
            raise InvalidParameter(key, path, f"each file once is; {seen[path]} names it already")
        seen[path] = key
    for path, key in seen.items():
        for folder in PurePosixPath(path).parents:
            if str(folder) in seen:
                told = f"{seen[str(folder)]} names {folder}, which is a file and no folder"
                raise InvalidParameter(key, path, told)


def check_times(keys: tuple[str, str], start: str | None, end: str | None) -> None:
    """Refuse times that are no instants or dates, of which one is not there, or out of order.

    Raises:
        InvalidParameter: they are.
    """
    if start is None and end is None:
        return
    moments = []
    for key, text in zip(keys, (start, end), strict=True):
        if text is None:
            raise InvalidParameter(key, None, "time_start and time_end come together")
        moments.append(_moment(key, text))
    if _first(moments[0]) > _last(moments[1]):
        raise InvalidParameter(keys[1], end, f"it may not lie before {keys[0]}, {start}")


def instant(key: str, text: str) -> str:
    """An instant, as ISO 8601 in UTC.

    Raises:
        InvalidParameter: it is none.
    """
    try:
        said = datetime.fromisoformat(text if _INSTANT.fullmatch(text) else "")
    except ValueError as fault:
        raise InvalidParameter(key, text, _ACCEPTED_INSTANT) from fault
    if not _FIRST_YEAR <= said.year < _END_YEAR:
        raise InvalidParameter(key, text, f"{_ACCEPTED_INSTANT}, from {_FIRST_YEAR} on")
    return said.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _moment(key: str, text: str) -> Moment:
    period = parse_datetime(text, key)
    if period.start is None or period.start != period.end or "/" in text:
        raise InvalidParameter(key, text, "one date or time is, such as 1982-01-16T12:00:00Z")
    return period.start


def _first(moment: Moment) -> tuple[float, ...]:
    """Where it begins. It is in no calendar: months and days are compared as they are counted."""
    return (moment.year, moment.month or 1, moment.day or 1, moment.second or 0)


def _last(moment: Moment) -> tuple[float, ...]:
    second = float("inf") if moment.second is None else moment.second
    return (moment.year, moment.month or 12, moment.day or 31, second)
