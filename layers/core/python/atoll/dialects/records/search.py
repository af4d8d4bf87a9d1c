"""A search of OGC API - Records (20-004r1, clause 7.4) as pycsw answers it rightly.

pycsw takes `datetime` for what lies within a period where the standard means what meets it, and
a box across the dateline for the rest of the earth. Both can be said in CQL2, which it knows.
"""

import re
from collections.abc import Mapping

from atoll.dialects.boxes import parse_bbox
from atoll.dialects.instants import period_of
from atoll.errors import InvalidParameter

# Of pycsw's own names, those that a record here has; others are no parameters of ours.
_PROPERTIES = ("type", "title", "description", "provider", "product", "access", "time_step")
# Of which a record may have several.
_LISTED = ("variables", "standard_names")
_KEPT = {"filter", "filter-lang", "facets", "limit", "offset", "sortby", "keywords", "q"}
_TEXTS = {*_PROPERTIES, *_LISTED, "keywords", "ids", "q"}
_KNOWN = _KEPT | _TEXTS | {"datetime", "bbox"}
_IGNORED = {"f", "filter-crs", "bbox-crs"}
_QUOTES = re.compile(r"[\"'\\]")
_LANGUAGES = ("cql2-text",)


def searched(said: Mapping[str, str]) -> dict[str, str]:
    """The parameters as pycsw is to be asked.

    Raises:
        InvalidParameter: one is unknown or malformed.
    """
    for name, value in said.items():
        if name not in _KNOWN | _IGNORED:
            accepted = f"{', '.join(sorted(_KNOWN))} are"
            raise InvalidParameter(name, value, f"unknown; {accepted}")
        if name in _TEXTS and _QUOTES.search(value):
            raise InvalidParameter(name, value, "a text without quotes and backslashes is")
    if said.get("filter-lang", _LANGUAGES[0]) not in _LANGUAGES:
        raise InvalidParameter("filter-lang", said["filter-lang"], "cql2-text is")
    if said.get("limit") == "0":
        raise InvalidParameter("limit", "0", "a number above it is")
    kept = {name: value for name, value in said.items() if name in _KEPT and value}
    conditions = [f"({said['filter']})"] if said.get("filter") else []
    conditions += [*_times(said), *_boxes(said), *_names(said)]
    # pycsw quotes values as names are quoted: one that is called like a property would be it.
    conditions += [f"{name} = '{said[name]}'" for name in _PROPERTIES if said.get(name)]
    conditions += [f"{name} LIKE '%,{said[name]},%'" for name in _LISTED if said.get(name)]
    return kept | ({"filter": " AND ".join(conditions)} if conditions else {})


def _names(said: Mapping[str, str]) -> list[str]:
    names = ", ".join(f"'{name}'" for name in said.get("ids", "").split(","))
    return [f"identifier IN ({names})"] if said.get("ids") else []


def _times(said: Mapping[str, str]) -> list[str]:
    start, end = period_of(said["datetime"]) if said.get("datetime") else ("", "")
    conditions = []
    if start:
        conditions.append(f"(time_end IS NULL OR time_end >= '{start}')")
    if end:
        conditions.append(f"(time_begin IS NULL OR time_begin <= '{end}')")
    return conditions


def _boxes(said: Mapping[str, str]) -> list[str]:
    boxes = parse_bbox(said["bbox"]) if said.get("bbox") else ()
    parts = [f"BBOX(geometry, {one.west}, {one.south}, {one.east}, {one.north})" for one in boxes]
    return [f"({' OR '.join(parts)})"] if parts else []
