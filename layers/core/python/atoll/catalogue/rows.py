"""A record as a row of pycsw's table, and the columns that are ours."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from atoll.model.record import Box, Record

TABLE = "records"
GMD = "http://www.isotc211.org/2005/gmd"
# Beside pycsw's own: whom a record is shown to, what it is found by and counted by, and itself.
OWN = (
    "visible_to",
    "provider",
    "product",
    "variables",
    "standard_names",
    "time_step",
    "access",
    "record",
)
# What a search may be divided by, under these names.
FACETS = ("type", "provider", "product", "variables", "standard_names", "time_step", "access")
# Around each profile: one's name may be part of another's.
FENCE = "|"

type Column = str | float | None


@dataclass(frozen=True, slots=True)
class IndexedRecord:
    """A record with the renderings that are kept beside it.

    Attributes:
        record: itself.
        visible_to: see `Announcement`.
        iso: ISO 19139, as other catalogues take it.
        document: of OGC API - Records, but for links to the catalogue itself.
    """

    record: Record
    visible_to: tuple[str, ...] | None
    iso: bytes
    document: Mapping[str, JsonValue]


def row_of(one: IndexedRecord) -> dict[str, Column]:
    """The row's columns that say something, by name."""
    record = one.record
    identified = {
        "identifier": record.catalogue_id,
        "typename": "gmd:MD_Metadata",
        "schema": GMD,
        "mdsource": "local",
        "insert_date": record.updated_at,
        "type": "dataset",
        "language": "eng",
        "resourcelanguage": "eng",
        "title": record.title,
        "abstract": record.abstract,
        "edition": record.revision,
        "source": record.url,
        "date": record.updated_at,
        "date_modified": record.updated_at,
        "date_revision": record.updated_at,
        "metadata_type": "application/json",
    }
    return {**identified, **_where_and_when(record), **_attributed(record), **_ours(one)}


def _where_and_when(record: Record) -> dict[str, Column]:
    depths, times = record.depths, record.times
    return {
        "wkt_geometry": wkt_of(record.box) if record.box else None,
        "crs": "urn:ogc:def:crs:EPSG::4326" if record.box else None,
        "vert_extent_min": depths.shallowest_m if depths else None,
        "vert_extent_max": depths.deepest_m if depths else None,
        "time_begin": times.start if times else None,
        "time_end": times.end if times else None,
    }


def _attributed(record: Record) -> dict[str, Column]:
    return {
        "keywords": ",".join(dict.fromkeys((*record.keywords, *record.standard_names))),
        "topicategory": "oceans",
        "publisher": record.publisher.name,
        "creator": record.contact.organisation,
        "organization": record.contact.organisation,
        "accessconstraints": "otherRestrictions",
        "otherconstraints": record.licence,
        "format": "NetCDF",
        "lineage": record.lineage,
        "links": json.dumps(
            [
                {
                    "name": point.door,
                    "description": point.description,
                    "protocol": point.protocol,
                    "url": point.url,
                }
                for point in record.access_points
            ]
        ),
    }


def _ours(one: IndexedRecord) -> dict[str, Column]:
    record = one.record
    return {
        "visible_to": fenced(one.visible_to),
        "provider": record.publisher.name,
        "product": record.product,
        "variables": listed([variable.name for variable in record.variables]),
        "standard_names": listed(record.standard_names),
        "time_step": record.resolution.time,
        "access": record.access,
        "record": record.model_dump_json(),
        "metadata": json.dumps(one.document),
        "xml": _without_declaration(one.iso.decode()),
        "anytext": " ".join(dict.fromkeys(_words(record))),
    }


def fenced(profiles: tuple[str, ...] | None) -> str | None:
    """Profiles in one column; nobody is another text than everybody.

    Examples:
        >>> fenced(("navy", "ops")), fenced(()), fenced(None)
        ('|navy|ops|', '|', None)
    """
    if profiles is None:
        return None
    return FENCE + "".join(f"{profile}{FENCE}" for profile in profiles)


def listed(names: Sequence[str]) -> str:
    """Several names in one column, each with a comma on both sides, by which it is found.

    Examples:
        >>> listed(["TEMP", "SALT"]), listed([])
        (',TEMP,SALT,', '')
    """
    return f",{','.join(names)}," if names else ""


def _without_declaration(xml: str) -> str:
    """As pycsw puts it into documents of its own: what it was encoded in has no meaning there."""
    return xml.partition("?>")[2].lstrip() if xml.startswith("<?xml") else xml


def _words(record: Record) -> Iterator[str]:
    """All texts that somebody may look for."""
    yield from (record.catalogue_id, record.identifier, record.title, record.abstract)
    yield from (record.product, record.publisher.name, *record.keywords, record.lineage)
    yield from (record.contact.organisation, record.contact.person, record.licence)
    yield from (record.citation, record.doi or "")
    for variable in record.variables:
        yield from (variable.name, variable.standard_name or "", variable.long_name or "")
        # A standard name is looked for in words, too.
        yield (variable.standard_name or "").replace("_", " ")


def wkt_of(box: Box) -> str:
    """Well-known text: a point, a line or a polygon; two where it crosses the dateline.

    Examples:
        >>> wkt_of(Box(west=1, south=2, east=1, north=2))
        'POINT (1.0 2.0)'
        >>> wkt_of(Box(west=170, south=0, east=-170, north=5))[:26]
        'MULTIPOLYGON (((170.0 0.0,'
    """
    if box.west > box.east:
        halves = (box.model_copy(update={"east": 180.0}), box.model_copy(update={"west": -180.0}))
        return f"MULTIPOLYGON ({', '.join(f'({_ring(half)})' for half in halves)})"
    ends = (f"{box.west} {box.south}", f"{box.east} {box.north}")
    if ends[0] == ends[1]:
        return f"POINT ({ends[0]})"
    if box.west == box.east or box.south == box.north:
        return f"LINESTRING ({', '.join(ends)})"
    return f"POLYGON ({_ring(box)})"


def _ring(box: Box) -> str:
    west, south, east, north = (float(edge) for edge in (box.west, box.south, box.east, box.north))
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return "(" + ", ".join(f"{x} {y}" for x, y in corners) + ")"
