"""Facets of OGC API - Records, one bucket a value, where pycsw has one for each list of values."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

_LISTED = frozenset({"variables", "standard_names"})
MOST_BUCKETS = 100


def render_facets(counted: Mapping[str, Any]) -> dict[str, Any]:
    """The facets, the most frequent values first; of no value nothing is told.

    Args:
        counted: pycsw's, by property.

    Examples:
        >>> both = {"value": ",TEMP,SALT,", "count": 2}
        >>> told = render_facets({"variables": {"buckets": [both, {"value": "", "count": 1}]}})
        >>> told["variables"]["buckets"]
        [{'value': 'SALT', 'count': 2}, {'value': 'TEMP', 'count': 2}]
    """
    return {
        name: {**facet, "buckets": _buckets(name, facet["buckets"])}
        for name, facet in counted.items()
    }


def _buckets(name: str, counted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sums = Counter[str]()
    for bucket in counted:
        value = bucket["value"] or ""
        for one in value.split(",") if name in _LISTED else [value]:
            sums[one] += bucket["count"]
    del sums[""]
    frequent = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
    return [{"value": value, "count": count} for value, count in frequent[:MOST_BUCKETS]]
