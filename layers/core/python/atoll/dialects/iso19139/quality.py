"""Conformity to INSPIRE's rules, and lineage."""

from xml.etree.ElementTree import Element

from atoll.dialects.iso19139.identification import citation_of
from atoll.dialects.iso19139.xml import code, element, text
from atoll.model.record import Record

REGULATION = (
    "COMMISSION REGULATION (EU) No 1089/2010 of 23 November 2010 implementing Directive 2007/2/EC "
    "of the European Parliament and of the Council as regards interoperability of spatial data "
    "sets and services"
)
REGULATION_DATE = "2010-12-08"


def quality(record: Record) -> Element:
    """The property `gmd:dataQualityInfo`."""
    scope = element("gmd:DQ_Scope", code("gmd:level", "MD_ScopeCode", "dataset"))
    told = record.lineage or f"Revision {record.revision}; the source tells nothing of itself."
    lineage = element("gmd:LI_Lineage", text("gmd:statement", told))
    held = element(
        "gmd:DQ_DataQuality",
        element("gmd:scope", scope),
        element("gmd:report", _conformity()),
        element("gmd:lineage", lineage),
    )
    return element("gmd:dataQualityInfo", held)


def _conformity() -> Element:
    """Not evaluated, which is told by a nil (Guidance, 2.5.1)."""
    result = element(
        "gmd:DQ_ConformanceResult",
        element("gmd:specification", citation_of(REGULATION, REGULATION_DATE)),
        text("gmd:explanation", "The dataset has not been evaluated against the regulation."),
        element("gmd:pass", attributes={"gco:nilReason": "unknown"}),
    )
    return element("gmd:DQ_DomainConsistency", element("gmd:result", result))
