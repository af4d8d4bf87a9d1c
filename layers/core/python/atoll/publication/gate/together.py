"""Whether the files of a delivery belong together: the same variables, each time once."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress

from atoll.errors import DataError
from atoll.model.delivery import Finding
from atoll.planning.calendar import moment_text
from atoll.publication.alike import check_alike
from atoll.publication.fields import Contents, Field
from atoll.publication.gate.events import Step, told
from atoll.publication.gate.structure import without
from atoll.publication.times import in_units_of

_MOST_FAULTS = 25  # between two files
_MOST_SHOWN = 3  # times
_ATTRIBUTES = {"fill_value": "_FillValue", "unsigned": "_Unsigned"}
_NO_ATTRIBUTES = frozenset({"dimensions", "dtype"})


def check_together(files: Sequence[Contents]) -> Generator[Finding]:
    """Differences between each file and those that most are like, and times that are told twice.

    Args:
        files: repaired, with sound axes.
    """
    usual = _usual(files)
    for each in files:
        if each is not usual:
            yield from _differences(each, usual)
    yield from _repeated(files)


def _usual(files: Sequence[Contents]) -> Contents:
    """The last of those files that hold the same variables, where most do."""
    kinds = [(frozenset(each.fields), frozenset(each.roles.items())) for each in files]
    most = max(kinds, key=kinds.count)
    return next(each for each, kind in zip(reversed(files), reversed(kinds), strict=True)
                if kind == most)  # fmt: skip


def _differences(other: Contents, newest: Contents) -> Iterator[Finding]:
    step = Step("structure", other.origin)
    for _ in range(_MOST_FAULTS):
        try:
            check_alike(in_units_of(other, newest), newest)
        except DataError as error:
            finding = told(step, error)
            accepted = finding.accepted or f"as it is in {newest.origin}"
            changes = {"attribute": _attribute(finding.attribute), "accepted": accepted}
            yield finding.model_copy(update=changes)
            name = finding.variable
            if name not in newest.fields or name in newest.sizes:
                return
            other, newest = without(other, name), without(newest, name)
        else:
            return


def _attribute(key: str) -> str:
    return "" if key in _NO_ATTRIBUTES else _ATTRIBUTES.get(key, key)


def _repeated(files: Sequence[Contents]) -> Iterator[Finding]:
    """Times that a file shares with one before it."""
    holders: dict[float, str] = {}
    for each in files:
        with suppress(DataError):  # another calendar: told as a difference
            yield from _held(each, in_units_of(each, files[0]).time_field, holders)


def _held(each: Contents, time: Field | None, holders: dict[float, str]) -> Iterator[Finding]:
    if time is None:
        return
    twice: dict[str, list[float]] = {}
    for number in time.whole().tolist():
        if number in holders:
            twice.setdefault(holders[number], []).append(number)
        holders.setdefault(number, each.origin)
    told_in = (time.text("units"), time.text("calendar") or None)
    for origin, numbers in twice.items():
        shown = ", ".join(moment_text(number, *told_in) for number in numbers[:_MOST_SHOWN])
        more = len(numbers) - _MOST_SHOWN
        yield Finding(
            check="structure", file=each.origin, variable=time.name,
            problem=f"{shown}{f' and {more} more' if more > 0 else ''} are in {origin} too",
            accepted="every time once in a delivery",
        )  # fmt: skip
