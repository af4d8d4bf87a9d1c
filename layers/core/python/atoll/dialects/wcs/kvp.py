"""Requests as keys and values (09-147r3; extensions 11-053r1, 12-039, 12-040, 12-049)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from atoll.dialects.wcs.envelope import (
    demand_service,
    demand_version,
    negotiated,
    unknown_operation,
)
from atoll.dialects.wcs.exceptions import OwsException, invalid, missing
from atoll.dialects.wcs.requests import (
    Cut,
    DescribeCoverage,
    GetCapabilities,
    GetCoverage,
    ScaleKind,
    Scaling,
    WcsRequest,
)
from atoll.errors import shorten

LONGEST_QUERY = 65_536
MOST_PAIRS = 1_000
SCALINGS: tuple[ScaleKind, ...] = ("scaleFactor", "scaleAxes", "scaleSize", "scaleExtent")
_SUBSET_KEY = re.compile(r"subset\d*")
# No two neighbours match the same character: whatever is sent is read in one go. Blanks around
# bounds are taken off afterwards.
_VALUE = r"""\s*+(?:"[^"]*+"\s*+|'[^']*+'\s*+|[^,()"']*+)"""
_SUBSET = re.compile(
    rf"\s*+(?P<axis>[^,()\s]++)\s*+(?:,(?P<crs>[^()]*+))?"
    rf"\((?P<low>{_VALUE})(?:,(?P<high>{_VALUE}))?\)\s*+"
)
_SCALED = re.compile(r"\s*+([^,()\s]++)\(([^,()]*+)\)\s*+(?:,|$)")
_SUBSET_ACCEPTED = 'axis(low,high) or axis(point) is, such as Long(-40,30) or time("1982-01-16")'


@dataclass(frozen=True, slots=True)
class Query:
    """Keys in lower case and values, in their order; a value that is empty was not sent."""

    pairs: tuple[tuple[str, str], ...] = field(default=())

    @classmethod
    def read(cls, text: str) -> "Query":
        """A query string.

        Raises:
            OwsException: it is too long, or no query.
        """
        if len(text) > LONGEST_QUERY:
            raise invalid("query", text, f"up to {LONGEST_QUERY} characters are")
        try:
            found = parse_qsl(
                text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PAIRS
            )
        except ValueError as fault:
            raise invalid("query", text, f"up to {MOST_PAIRS} pairs in UTF-8 are") from fault
        return cls(tuple((key.strip().lower(), value.strip()) for key, value in found))

    def one(self, name: str) -> str:
        """The value of a parameter; empty = it was not sent.

        Raises:
            OwsException: it was sent with several.
        """
        values = {value for key, value in self.pairs if key == name.lower() and value}
        if len(values) > 1:
            raise invalid(name, " and ".join(sorted(values)), "give it once")
        return next(iter(values), "")

    def several(self, name: str) -> tuple[str, ...]:
        """The parts of a comma-separated list; none = it was not sent."""
        parts = (part.strip() for part in self.one(name).split(","))
        return tuple(part for part in parts if part)

    def subsets(self) -> Iterator[str]:
        """Values of `subset`, and of `subset0`, `subset1` ... as GDAL sends them."""
        return (value for key, value in self.pairs if _SUBSET_KEY.fullmatch(key) and value)


def parse_query(text: str) -> WcsRequest:
    """A request out of a query string.

    Raises:
        OwsException: it is none of this service.
    """
    query = Query.read(text)
    demand_service(query.one("service"))
    operation = query.one("request")
    match operation.lower():
        case "":
            raise missing("request", "give the operation's name, such as GetCapabilities")
        case "getcapabilities":
            return _get_capabilities(query)
        case "describecoverage":
            demand_version(query.one("version"))
            return _describe_coverage(query)
        case "getcoverage":
            demand_version(query.one("version"))
            return _get_coverage(query)
        case _:
            raise unknown_operation(operation)


def _get_capabilities(query: Query) -> GetCapabilities:
    return GetCapabilities(
        sections=frozenset(name.lower() for name in query.several("sections")),
        update_sequence=query.one("updateSequence"),
        formats=query.several("acceptFormats"),
        version=negotiated(query.several("acceptVersions")),
    )


def _describe_coverage(query: Query) -> DescribeCoverage:
    names = query.several("coverageId")
    if not names:
        if any(key == "coverageid" for key, _ in query.pairs):
            raise OwsException(
                "emptyCoverageIdList", "coverageId", "coverageId: the list has no id in it."
            )
        raise missing("coverageId", "give ids of coverages, separated by commas")
    return DescribeCoverage(names)


def _get_coverage(query: Query) -> GetCoverage:
    name = query.one("coverageId")
    if not name:
        raise missing("coverageId", "give the id of a coverage")
    return GetCoverage(
        coverage_id=name,
        cuts=tuple(_cut(text) for text in query.subsets()),
        range_subset=_fields(query),
        scaling=_scaling(query),
        interpolations=_interpolations(query),
        format=query.one("format"),
        media_type=query.one("mediaType"),
        subsetting_crs=query.one("subsettingCrs"),
        output_crs=query.one("outputCrs"),
    )


def _cut(text: str) -> Cut:
    found = _SUBSET.fullmatch(text)
    if found is None:
        raise OwsException(
            "InvalidSubsetting",
            "subset",
            f"subset: {shorten(text)} is not accepted; {_SUBSET_ACCEPTED}",
        )
    low = _bound(found["low"], text)
    is_slice = found["high"] is None
    high = low if is_slice else _bound(found["high"], text)
    crs = (found["crs"] or "").strip()
    return Cut(found["axis"], low, high, crs, is_slice=is_slice)


def _bound(text: str, subset: str) -> str | None:
    """A bound without its quotes; `*` = open."""
    said = text.strip()
    if said == "*":
        return None
    quoted = said[:1] in "\"'" and len(said) > 1
    bare = said[1:-1].strip() if quoted else said
    if not bare:
        raise OwsException(
            "InvalidSubsetting",
            "subset",
            f"subset: {shorten(subset)} is not accepted; it has an empty bound: "
            "* stands for an open one",
        )
    return bare


def _fields(query: Query) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in query.several("rangeSubset"):
        first, colon, last = (piece.strip() for piece in part.partition(":"))
        pairs.append((first, last if colon else first))
    return tuple(pairs)


def _interpolations(query: Query) -> tuple[str, ...]:
    """Methods; those of single axes are `axis,method`, and several of them parted by commas."""
    per_axis = query.several("interpolationPerAxis")[1::2]
    everywhere = query.one("interpolation")
    return (*((everywhere,) if everywhere else ()), *per_axis)


def _scaling(query: Query) -> Scaling | None:
    said = [(kind, value) for kind in SCALINGS if (value := query.one(kind))]
    if len(said) > 1:
        names = " and ".join(kind for kind, _ in said)
        raise invalid(said[1][0], said[1][1], f"one of the four may be given, and here are {names}")
    for kind, value in said:
        return Scaling(kind, (("*", value),) if kind == "scaleFactor" else _scaled(kind, value))
    return None


def _scaled(kind: ScaleKind, text: str) -> tuple[tuple[str, str], ...]:
    """`i(200),j(100)` as pairs."""
    found: list[tuple[str, str]] = []
    at = 0
    while one := _SCALED.match(text, at):
        found.append((one[1], one[2].strip()))
        at = one.end()
    if not found or at < len(text) or text.endswith(","):
        inner = "0:199" if kind == "scaleExtent" else "0.5" if kind == "scaleAxes" else "200"
        raise invalid(kind, text, f"such as i({inner}),j({inner}) is")
    return tuple(found)
