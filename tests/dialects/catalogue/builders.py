"""Records of datasets of every shape, and their renderings."""

import json
from typing import Any

from atoll.dialects.access_points import access_points
from atoll.model.coverage import Coverage
from atoll.model.document import Document
from atoll.model.record import Record, Rendering
from atoll.services.records import record_of
from atoll.web.records import RENDERERS
from tests.dialects.motu.coverages import COVERAGES
from tests.planning.builders import (
    coverage,
    latitude_axis,
    levitus_coverage,
    longitude_axis,
    variable,
)
from tests.web.builders import PUBLISHER

# What a source that keeps to ACDD 1.3 tells of itself.
ACDD = {
    "title": "World Ocean Atlas",
    "summary": "Objectively analysed fields of temperature & salinity.",
    "keywords": "ocean, climatology; Levitus,ocean",
    "institution": "NOAA",
    "creator_name": "S. Levitus",
    "creator_email": "levitus@example.org",
    "creator_url": "https://www.example.org/levitus",
    "license": "ignored where the product has one",
    "source": "profiles",
    "history": "1994 made",
    "references": "Levitus (1994), doi:10.7289/V5NZ85MT.",
    "acknowledgement": "Please cite Levitus (1994).",
}
DOCUMENTS = (
    Document(kind="PUM", url="https://example.org/pum.pdf?a=1&b=2"),
    Document(kind="QUID", url="https://example.org/quid.pdf"),
)
GOLDEN = ("levitus-climatology", "navy-winds", "tripolar")


def record(dataset: Coverage) -> Record:
    return record_of(dataset, PUBLISHER, access_points(dataset, PUBLISHER.url))


def told(**attributes: Any) -> Record:
    """Of a dataset whose source tells much of itself."""
    kept = {name: value for name, value in (ACDD | attributes).items() if value is not None}
    return record(levitus_coverage(attributes=kept, licence="CC-BY-4.0", product="WOA"))


def across() -> Coverage:
    """Two columns on either side of the dateline."""
    axes = [latitude_axis([0, 1]), longitude_axis([175, 180, 185])]
    return coverage(axes, [variable("v", ("latitude", "longitude"))], "across")


RECORDS = {name: record(one) for name, one in COVERAGES.items()} | {
    "told": told(),
    "across": record(across()),
    "documented": record(levitus_coverage(documents=DOCUMENTS)),
}


def text_of(one: Record, rendering: Rendering) -> str:
    """A rendering as it goes over the wire, indented."""
    content = RENDERERS[rendering](one)
    if isinstance(content, bytes):
        return content.decode()
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
