"""Requests to pycsw without what it should never see: it reads XML wherever it is given some."""

import re
from urllib.parse import parse_qsl, urlencode

from lxml import etree

from atoll.dialects.characters import writable
from atoll.dialects.plain_xml import NotPlainXml, read_root
from atoll.errors import InvalidParameter

LONGEST_BODY_BYTES = 262_144
_DECLARED = ("<!DOCTYPE", "<!ENTITY")
_NO_TYPE = "a request has no document type and no entities"
# pycsw would open a connection of its own to wherever this says.
_ELSEWHERE = "responsehandler"
_NUMBERS = {"maxrecords", "startposition", "limit", "offset", "hopcount"}
_MOST_DIGITS = 9
_NAME = re.compile(r"[A-Za-z:_-]+")
# Each is asked of each record's geometry.
MOST_SPATIAL = 50
_OPERATORS = (
    *("BBOX", "Beyond", "Contains", "Crosses", "Disjoint", "DWithin", "Equals", "Intersects"),
    *("Overlaps", "Touches", "Within"),
)
_SPATIAL = re.compile(
    r"<(?:[\w.-]+:)?(?:{0})\b|\b(?:S_)?(?:{0})\s*\(".format("|".join(_OPERATORS)), re.IGNORECASE
)


def safe_query(query: str) -> list[tuple[str, str]]:
    """The parameters of a query, in their order.

    Raises:
        InvalidParameter: one of them is no text, no number where a number belongs, said twice, a
            search by too many shapes, or XML with a document type; or an answer is wanted
            elsewhere.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as fault:
        raise InvalidParameter("query", query, "up to 100 parameters in UTF-8 are") from fault
    seen: set[str] = set()
    for name, value in pairs:
        if _NAME.fullmatch(name) is None:
            raise InvalidParameter("query", name, "names of letters are")
        _check(name.lower(), value)
        # pycsw heeds one of them, and not always the one that we looked at.
        if name.lower() in seen:
            raise InvalidParameter(name, value, "it is said once")
        seen.add(name.lower())
    return pairs


def _check(name: str, value: str) -> None:
    if name == _ELSEWHERE:
        raise InvalidParameter(name, value, "answers are given to who asks")
    if writable(value) != value:
        raise InvalidParameter(name, value, "characters that XML can hold are")
    if any(mark in value.upper() for mark in _DECLARED):
        raise InvalidParameter(name, value, _NO_TYPE)
    _check_shapes(name, sum(1 for _ in _SPATIAL.finditer(value)))
    # Nothing, as some clients send it, is what is usual.
    if name in _NUMBERS and value and not (value.isdecimal() and len(value) <= _MOST_DIGITS):
        raise InvalidParameter(name, value, f"a whole number of up to {_MOST_DIGITS} digits is")


def _check_shapes(name: str, asked: int) -> None:
    if asked > MOST_SPATIAL:
        accepted = f"up to {MOST_SPATIAL} are"
        raise InvalidParameter(name, f"{asked} spatial conditions", accepted)


def encoded(pairs: list[tuple[str, str]]) -> str:
    """Parameters as a query again."""
    return urlencode(pairs)


def safe_post(body: bytes) -> bytes:
    """An XML request, written anew: in UTF-8, without comments, and with nothing to expand.

    Raises:
        InvalidParameter: it is no XML, has a document type, searches by too many shapes, or wants
            its answer elsewhere.
    """
    try:
        root = read_root(body)
    except NotPlainXml as fault:
        raise InvalidParameter("body", fault.value, fault.accepted) from fault
    if next(root.iter("{*}ResponseHandler"), None) is not None:
        raise InvalidParameter("ResponseHandler", "", "answers are given to who asks")
    asked = sum(1 for _ in root.iter(*(f"{{*}}{name}" for name in _OPERATORS)))
    texts = (one.text or "" for one in root.iter("{*}CqlText"))
    _check_shapes("body", asked + sum(1 for text in texts for _ in _SPATIAL.finditer(text)))
    return etree.tostring(root, encoding="UTF-8")
