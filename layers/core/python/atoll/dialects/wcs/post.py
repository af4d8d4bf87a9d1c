"""Requests as XML, by POST (09-148r1). Nothing outside of the body is ever read for it."""

from collections.abc import Iterator
from typing import NoReturn

from lxml import etree

from atoll.dialects.plain_xml import NotPlainXml, read_root
from atoll.dialects.wcs.envelope import (
    demand_service,
    demand_version,
    negotiated,
    unknown_operation,
)
from atoll.dialects.wcs.exceptions import OwsException, invalid, missing
from atoll.dialects.wcs.namespaces import WCS
from atoll.dialects.wcs.requests import (
    Cut,
    DescribeCoverage,
    GetCapabilities,
    GetCoverage,
    ScaleKind,
    Scaling,
    WcsRequest,
)
from atoll.errors import RequestTooLong

LONGEST_BODY_BYTES = 65_536
# The element that says it -> the parameter, and what one of its members says.
_SCALINGS: dict[str, tuple[ScaleKind, str]] = {
    "ScaleByFactor": ("scaleFactor", "scaleFactor"),
    "ScaleAxesByFactor": ("scaleAxes", "scaleFactor"),
    "ScaleToSize": ("scaleSize", "targetSize"),
    "ScaleToExtent": ("scaleExtent", "low"),
}


def parse_post(body: bytes) -> WcsRequest:
    """A request out of an XML document.

    Raises:
        RequestTooLong: above 64 KiB.
        OwsException: it is no XML, has a document type, or is no request of this service.
    """
    root = _document(body)
    demand_service(root.get("service", ""))
    operation = _name(root)
    match operation:
        case "GetCapabilities":
            return _get_capabilities(root)
        case "DescribeCoverage":
            _demand_own(root)
            return _describe_coverage(root)
        case "GetCoverage":
            _demand_own(root)
            return _get_coverage(root)
        case _:
            raise unknown_operation(operation)


def _document(body: bytes) -> etree._Element:
    if len(body) > LONGEST_BODY_BYTES:
        raise RequestTooLong(
            f"The request has {len(body)} bytes; up to {LONGEST_BODY_BYTES} are accepted.",
            {"request_bytes": len(body), "limit_bytes": LONGEST_BODY_BYTES},
        )
    try:
        return read_root(body)
    except NotPlainXml as fault:
        _refuse(fault.value, fault.accepted, fault)


def _refuse(value: str, accepted: str, fault: Exception | None = None) -> NoReturn:
    raise invalid("body", value, accepted) from fault


def _demand_own(root: etree._Element) -> None:
    if etree.QName(root).namespace != WCS:
        _refuse(root.tag, f"the operation's element is of namespace {WCS}")
    demand_version(root.get("version", ""))


def _get_capabilities(root: etree._Element) -> GetCapabilities:
    return GetCapabilities(
        sections=frozenset(name.lower() for name in _texts(root, "Section")),
        update_sequence=root.get("updateSequence", ""),
        formats=_texts(root, "OutputFormat"),
        version=negotiated(_texts(root, "Version")),
    )


def _describe_coverage(root: etree._Element) -> DescribeCoverage:
    names = _texts(root, "CoverageId")
    if not names:
        raise OwsException(
            "emptyCoverageIdList", "coverageId", "coverageId: the list has no id in it."
        )
    return DescribeCoverage(names)


def _get_coverage(root: etree._Element) -> GetCoverage:
    names = _texts(root, "CoverageId")
    if len(names) != 1:
        raise missing("coverageId", "give the id of one coverage")
    return GetCoverage(
        coverage_id=names[0],
        cuts=tuple(_cuts(root)),
        range_subset=tuple(_fields(root)),
        scaling=_scaling(root),
        interpolations=(
            *_texts(root, "globalInterpolation"),
            *_texts(root, "interpolationMethod"),
        ),
        format=_one(root, "format"),
        media_type=_one(root, "mediaType"),
        subsetting_crs=_one(root, "subsettingCrs"),
        output_crs=_one(root, "outputCrs"),
    )


def _cuts(root: etree._Element) -> Iterator[Cut]:
    for element in _all(root, "DimensionTrim", "DimensionSlice"):
        axis = _one(element, "Dimension")
        if _name(element) == "DimensionTrim":
            yield Cut(axis, _bound(element, "TrimLow"), _bound(element, "TrimHigh"))
            continue
        point = _bound(element, "SlicePoint")
        yield Cut(axis, point, point, is_slice=True)


def _bound(element: etree._Element, name: str) -> str | None:
    """A bound, which some clients quote as KVP does; None = open."""
    said = _one(element, name)
    if len(said) > 1 and said[0] == said[-1] and said[0] in "\"'":
        said = said[1:-1].strip()
    return None if said in {"", "*"} else said


def _fields(root: etree._Element) -> Iterator[tuple[str, str]]:
    for element in _all(root, "RangeComponent", "RangeInterval"):
        if _name(element) == "RangeInterval":
            yield _one(element, "startComponent"), _one(element, "endComponent")
        else:
            yield (said := _text(element)), said


def _scaling(root: etree._Element) -> Scaling | None:
    said = list(_all(root, *_SCALINGS))
    if len(said) > 1:
        kind = _SCALINGS[_name(said[1])][0]
        raise invalid(kind, _name(said[1]), "one of the four scalings may be given")
    for element in said:
        kind, member = _SCALINGS[_name(element)]
        if kind == "scaleFactor":
            return Scaling(kind, (("*", _one(element, member)),))
        return Scaling(kind, tuple(_scaled(axis, member) for axis in element))
    return None


def _scaled(axis: etree._Element, member: str) -> tuple[str, str]:
    value = _one(axis, member)
    return _one(axis, "axis"), f"{value}:{_one(axis, 'high')}" if member == "low" else value


def _all(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Elements of these local names, wherever they stand: extensions differ in what is around."""
    return root.iter(*(f"{{*}}{name}" for name in names))


def _texts(root: etree._Element, name: str) -> tuple[str, ...]:
    found = (_text(element) for element in _all(root, name))
    return tuple(text for text in found if text)


def _one(root: etree._Element, name: str) -> str:
    """The text of the one element of this name; empty = there is none.

    Raises:
        OwsException: there are several that differ.
    """
    found = set(_texts(root, name))
    if len(found) > 1:
        raise invalid(name, " and ".join(sorted(found)), "give it once")
    return next(iter(found), "")


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname
