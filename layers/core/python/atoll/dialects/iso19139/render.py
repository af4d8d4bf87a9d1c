"""The metadata document: ISO/TS 19139 with what INSPIRE asks of datasets.

By "Technical Guidance for the implementation of INSPIRE dataset and service metadata", 2.0.1.
"""

from xml.etree.ElementTree import Element

from atoll.dialects.addresses import is_address, is_email
from atoll.dialects.iso19139.identification import identification
from atoll.dialects.iso19139.quality import quality
from atoll.dialects.iso19139.xml import (
    NAMESPACES,
    anchor,
    code,
    document,
    element,
    language,
    moment,
    text,
)
from atoll.model.document import Document
from atoll.model.record import AccessPoint, Contact, Record, RecordVariable

EPSG_4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"


def render_metadata(record: Record) -> bytes:
    """The document `gmd:MD_Metadata`."""
    root = element(
        "gmd:MD_Metadata",
        text("gmd:fileIdentifier", record.catalogue_id),
        language("gmd:language"),
        code("gmd:characterSet", "MD_CharacterSetCode", "utf8"),
        code("gmd:hierarchyLevel", "MD_ScopeCode", "dataset"),
        responsible("gmd:contact", record.contact),
        moment("gmd:dateStamp", record.updated_at),
        text("gmd:metadataStandardName", "ISO 19115"),
        text("gmd:metadataStandardVersion", "2003/Cor.1:2006"),
        text("gmd:dataSetURI", record.url),
        _reference_system(record),
        identification(record, responsible("gmd:pointOfContact", record.contact)),
        _content(record),
        _distribution(record),
        quality(record),
        attributes=NAMESPACES,
    )
    return document(root)


def responsible(name: str, contact: Contact) -> Element:
    """A property that holds whom to ask."""
    mail = text("gmd:electronicMailAddress", contact.email if is_email(contact.email) else "")
    page = None
    if is_address(contact.url):
        linkage = element("gmd:linkage", element("gmd:URL", contact.url))
        page = element("gmd:onlineResource", element("gmd:CI_OnlineResource", linkage))
    address = None
    if mail is not None:
        address = element("gmd:address", element("gmd:CI_Address", mail))
    party = element(
        "gmd:CI_ResponsibleParty",
        text("gmd:individualName", contact.person),
        text("gmd:organisationName", contact.organisation),
        element("gmd:contactInfo", element("gmd:CI_Contact", address, page)),
        code("gmd:role", "CI_RoleCode", "pointOfContact"),
    )
    return element(name, party)


def _reference_system(record: Record) -> Element | None:
    if record.box is None:
        return None
    identifier = element("gmd:RS_Identifier", anchor("gmd:code", "EPSG:4326", EPSG_4326))
    system = element("gmd:MD_ReferenceSystem", element("gmd:referenceSystemIdentifier", identifier))
    return element("gmd:referenceSystemInfo", system)


def _content(record: Record) -> Element | None:
    """The variables, as the dimensions of a coverage's range."""
    if not record.variables:
        return None
    described = element(
        "gmd:MD_CoverageDescription",
        element("gmd:attributeDescription", element("gco:RecordType", "CF variables")),
        code("gmd:contentType", "MD_CoverageContentTypeCode", "physicalMeasurement"),
        *map(_variable, record.variables),
    )
    return element("gmd:contentInfo", described)


def _variable(variable: RecordVariable) -> Element:
    words = (variable.standard_name, variable.long_name, variable.units)
    kind = element("gco:TypeName", element("gco:aName", element("gco:CharacterString", "number")))
    member = element(
        "gco:MemberName",
        element("gco:aName", element("gco:CharacterString", variable.name)),
        element("gco:attributeType", kind),
    )
    dimension = element(
        "gmd:MD_RangeDimension",
        element("gmd:sequenceIdentifier", member),
        text("gmd:descriptor", "; ".join(word for word in words if word)),
    )
    return element("gmd:dimension", dimension)


def _distribution(record: Record) -> Element:
    netcdf = element("gmd:MD_Format", text("gmd:name", "NetCDF"), text("gmd:version", "4"))
    readings = [_reading(one) for one in record.documents if is_address(one.url)]
    doors = map(_online, record.access_points)
    transfer = element("gmd:MD_DigitalTransferOptions", *doors, *readings)
    distribution = element(
        "gmd:MD_Distribution",
        element("gmd:distributionFormat", netcdf),
        element("gmd:transferOptions", transfer),
    )
    return element("gmd:distributionInfo", distribution)


def _online(point: AccessPoint) -> Element:
    """A resource locator."""
    resource = element(
        "gmd:CI_OnlineResource",
        element("gmd:linkage", element("gmd:URL", point.url)),
        text("gmd:protocol", point.protocol),
        text("gmd:name", point.door),
        text("gmd:description", point.description),
        code("gmd:function", "CI_OnLineFunctionCode", "download"),
    )
    return element("gmd:onLine", resource)


def _reading(document: Document) -> Element:
    resource = element(
        "gmd:CI_OnlineResource",
        element("gmd:linkage", element("gmd:URL", document.url)),
        text("gmd:protocol", "WWW:LINK"),
        text("gmd:name", document.kind),
        text("gmd:description", document.title),
        code("gmd:function", "CI_OnLineFunctionCode", "information"),
    )
    return element("gmd:onLine", resource)
