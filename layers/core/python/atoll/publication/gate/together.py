"""Whether the files of a delivery belong together: the same variables, each time once."""

from collections.abc import Generator, Iterator, Sequence

from atoll.errors import DataError
from atoll.model.delivery import Finding
from atoll.planning.calendar import moment_text
from atoll.publication.alike import check_alike
from atoll.publication.fields import Contents
from atoll.publication.gate.events import Step, told
from atoll.publication.gate.structure import without
from atoll.publication.times import in_units_of

_MOST_FAULTS = 25  # between two files
_MOST_SHOWN = 3  # times
_ATTRIBUTES = {"fill_value": "_FillValue", "unsigned": "_Unsigned"}
_NO_ATTRIBUTES = frozenset({"dimensions", "dtype"})


def check_together(files: Sequence[Contents]) -> Generator[Finding]:
    """Differences between each file and the last one, and times that are told twice.

    Args:
        files: repaired, with sound axes.
    """
    differences = [finding for each in files[:-1] for finding in _differences(each, files[-1])]
    yield from differences or _repeated(files)


def _differences(other: Contents, newest: Contents) -> Iterator[Finding]:
    step = Step("structure", other.origin)
    for _ in range(_MOST_FAULTS):
        try:
            check_alike(in_units_of(other, newest), newest)
        except DataError as error:
            finding = told(step, error)
            yield finding.model_copy(update={"attribute": _attribute(finding.attribute)})
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
        time = in_units_of(each, files[0]).time_field
        if time is None:
            return
        twice: dict[str, list[float]] = {}
        for number in time.whole().tolist():
            if number in holders:
                twice.setdefault(holders[number], []).append(number)
            holders.setdefault(number, each.origin)
        told_in = (time.text("units"), time.text("calendar") or None)
        for origin, numbers in twice.items():
            shown = ", ".join(moment_text(each, *told_in) for each in numbers[:_MOST_SHOWN])
            more = len(numbers) - _MOST_SHOWN
            yield Finding(
                check="structure", file=each.origin, variable=time.name,
                problem=f"{shown}{f' and {more} more' if more > 0 else ''} are in {origin} too",
                accepted="every time once in a delivery",
            )  # fmt: skip
