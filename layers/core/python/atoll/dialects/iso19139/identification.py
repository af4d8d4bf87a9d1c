"""What a dataset is: citation, keywords, constraints, resolution, topic and extents."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from atoll.dialects.addresses import is_address
from atoll.dialects.iso19139.extent import extent
from atoll.dialects.iso19139.xml import anchor, code, element, language, moment, text
from atoll.model.record import Record

_INSPIRE = "http://inspire.ec.europa.eu/metadata-codelist"
NO_LIMITATIONS = f"{_INSPIRE}/LimitationsOnPublicAccess/noLimitations"
CONDITIONS_UNKNOWN = f"{_INSPIRE}/ConditionsApplyingToAccessAndUse/conditionsUnknown"
THEME = ("Oceanographic geographical features", "http://inspire.ec.europa.eu/theme/of")
THEMES = ("GEMET - INSPIRE themes, version 1.0", "2008-06-01")
CF_NAMES = ("CF Standard Name Table, version 93", "2026-03-17")


def identification(record: Record, contact: Element) -> Element:
    """The property `gmd:identificationInfo`.

    Args:
        record: of the dataset.
        contact: whom to ask about it.
    """
    identified = element(
        "gmd:MD_DataIdentification",
        element("gmd:citation", _citation(record)),
        text("gmd:abstract", record.abstract),
        text("gmd:credit", record.citation),
        contact,
        _maintenance(),
        _keywords([anchor("gmd:keyword", *THEME)], THEMES),
        _keywords(_texts(record.standard_names), CF_NAMES),
        _keywords(_texts(record.keywords)),
        *_constraints(record),
        code("gmd:spatialRepresentationType", "MD_SpatialRepresentationTypeCode", "grid"),
        *_resolutions(record),
        language("gmd:language"),
        code("gmd:characterSet", "MD_CharacterSetCode", "utf8"),
        element("gmd:topicCategory", element("gmd:MD_TopicCategoryCode", "oceans")),
        extent(record),
    )
    return element("gmd:identificationInfo", identified)


def citation_of(title: str, date: str) -> Element:
    """A citation of a text that was published on a day."""
    published = element(
        "gmd:CI_Date",
        element("gmd:date", element("gco:Date", date)),
        code("gmd:dateType", "CI_DateTypeCode", "publication"),
    )
    return element("gmd:CI_Citation", text("gmd:title", title), element("gmd:date", published))


def _citation(record: Record) -> Element:
    revised = element(
        "gmd:CI_Date",
        moment("gmd:date", record.updated_at),
        code("gmd:dateType", "CI_DateTypeCode", "revision"),
    )
    # The very identifier that the WCS tells in its ExtendedCapabilities.
    unique = element(
        "gmd:RS_Identifier",
        text("gmd:code", record.identifier),
        text("gmd:codeSpace", record.namespace),
    )
    doi = None
    if record.doi:
        address = f"https://doi.org/{record.doi}"
        named = element("gmd:MD_Identifier", anchor("gmd:code", record.doi, address))
        doi = element("gmd:identifier", named)
    return element(
        "gmd:CI_Citation",
        text("gmd:title", record.title),
        text("gmd:alternateTitle", record.product),
        element("gmd:date", revised),
        text("gmd:edition", record.revision),
        element("gmd:identifier", unique),
        doi,
    )


def _maintenance() -> Element:
    information = element(
        "gmd:MD_MaintenanceInformation",
        code("gmd:maintenanceAndUpdateFrequency", "MD_MaintenanceFrequencyCode", "unknown"),
    )
    return element("gmd:resourceMaintenance", information)


def _texts(words: Iterable[str]) -> Iterator[Element]:
    return (made for word in words if (made := text("gmd:keyword", word)) is not None)


def _keywords(words: Iterable[Element], thesaurus: tuple[str, str] | None = None) -> Element | None:
    """Keywords of one vocabulary: its title, and the day it was published."""
    found = list(words)
    if not found:
        return None
    source = element("gmd:thesaurusName", citation_of(*thesaurus)) if thesaurus else None
    kind = code("gmd:type", "MD_KeywordTypeCode", "theme")
    return element("gmd:descriptiveKeywords", element("gmd:MD_Keywords", *found, kind, source))


def _constraints(record: Record) -> Iterator[Element]:
    """Limitations on public access, then conditions of use (Guidance, 2.4.6 and 2.4.7)."""
    if record.access == "public":
        access = anchor("gmd:otherConstraints", "no limitations to public access", NO_LIMITATIONS)
    else:
        access = _words("Only accounts that the provider has allowed may order these data.")
    yield _legal("gmd:accessConstraints", access)
    use = anchor("gmd:otherConstraints", "conditions unknown", CONDITIONS_UNKNOWN)
    if record.licence:
        linked = is_address(record.licence)
        use = (
            anchor("gmd:otherConstraints", record.licence, record.licence)
            if linked
            else _words(record.licence)
        )
    yield _legal("gmd:useConstraints", use)


def _words(value: str) -> Element:
    return element("gmd:otherConstraints", element("gco:CharacterString", value))


def _legal(kind: str, constraint: Element) -> Element:
    legal = element(
        "gmd:MD_LegalConstraints",
        code(kind, "MD_RestrictionCode", "otherRestrictions"),
        constraint,
    )
    return element("gmd:resourceConstraints", legal)


def _resolutions(record: Record) -> Iterator[Element]:
    """How far rows, and columns where these differ, lie apart."""
    steps = (record.resolution.latitude_deg, record.resolution.longitude_deg)
    for step in dict.fromkeys(step for step in steps if step is not None):
        distance = element("gco:Distance", f"{step!r}", attributes={"uom": "deg"})
        held = element("gmd:MD_Resolution", element("gmd:distance", distance))
        yield element("gmd:spatialResolution", held)
