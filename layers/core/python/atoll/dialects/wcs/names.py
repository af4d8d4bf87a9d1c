"""Ids of coverages, `dataset__variable`, as XML allows them (NCName), and back again.

What an NCName may not have, or what the separator could be mistaken for, is written
`_xHHHH_`, as ISO/IEC 9075-14 (SQL/XML) does: its hexadecimal Unicode number.
"""

import re

from atoll.dialects.wcs.exceptions import OwsException
from atoll.errors import shorten

SEPARATOR = "__"
LONGEST_ID = 2_000
_PLAIN = "[A-Za-z0-9.-]"
_TO_ESCAPE = re.compile(
    r"^[^A-Za-z_]"  # a name begins with a letter
    r"|[^A-Za-z0-9._-]"
    # An underscore that begins, ends or touches another, or would begin an escape of ours.
    rf"|(?<![A-Za-z0-9.-])_|_(?!{_PLAIN})|_(?=x[0-9A-F]{{4,6}}(?!{_PLAIN}))"
)
_ESCAPED = re.compile(r"_x([0-9A-F]{4,6})_")
_TOKEN = re.compile(rf"{_ESCAPED.pattern}|{SEPARATOR}|[A-Za-z0-9._-]")


def ncname(text: str) -> str:
    """A name as an NCName that says the same.

    Examples:
        >>> ncname("sea_water_temperature"), ncname("2t"), ncname("wind 10 m")
        ('sea_water_temperature', '_x0032_t', 'wind_x0020_10_x0020_m')
    """
    return _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def coverage_id(dataset: str, variable: str) -> str:
    """The id of a variable's coverage.

    Examples:
        >>> coverage_id("navy-winds", "UWND")
        'navy-winds__UWND'
    """
    return f"{ncname(dataset)}{SEPARATOR}{ncname(variable)}"


def dataset_and_variable(name: str) -> tuple[str, str]:
    """What a coverage's id stands for.

    Raises:
        OwsException: NoSuchCoverage: it is no id that `coverage_id` makes.

    Examples:
        >>> dataset_and_variable("era5__wind_x0020_speed")
        ('era5', 'wind speed')
    """
    tokens = _TOKEN.finditer(name) if len(name) <= LONGEST_ID else iter(())
    parts = [""]
    for token in tokens:
        if token[0] == SEPARATOR:
            parts.append("")
        else:
            parts[-1] += _character(token[1]) if token[1] else token[0]
    if len(parts) != 2 or "" in parts or coverage_id(*parts) != name:  # noqa: PLR2004  as told
        raise no_such_coverage(name)
    return parts[0], parts[1]


def no_such_coverage(name: str) -> OwsException:
    """There is none, or the caller may not know of it: in the same words."""
    return OwsException(
        "NoSuchCoverage",
        name[:LONGEST_ID],
        f"coverageId: there is no coverage {shorten(name)} that this account may use; "
        "GetCapabilities lists those that there are.",
    )


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number <= 0x10FFFF else ""  # noqa: PLR2004  the last of Unicode
