"""GetCoverage's own description of what it delivers, and both as one message (RFC 2387)."""

from dataclasses import dataclass

from atoll.dialects.wcs.describe import SUBTYPE
from atoll.dialects.wcs.domain import bounded_by, domain_set, grid_id, taken
from atoll.dialects.wcs.offer import Offer
from atoll.dialects.wcs.presentation import EPSG_4326
from atoll.dialects.wcs.range_type import range_type
from atoll.dialects.wcs.xml import document, element
from atoll.model.plan import SubsetPlan

GML_TYPE = "application/gml+xml"
FILE_ROLE = "http://www.opengis.net/spec/GMLCOV/1.0/fileReference"


@dataclass(frozen=True, slots=True)
class File:
    """The file of a coverage's values.

    Attributes:
        reference: `cid:` and the name of another part of the message, or an address.
        media_type: of the file.
    """

    reference: str
    media_type: str


def render_coverage(offer: Offer, plan: SubsetPlan, file: File, crs: str = EPSG_4326) -> bytes:
    """What is delivered, with its values in a file beside it (09-146r2, clause 9)."""
    name, domain = offer.coverage_id, taken(offer, plan)
    link = {
        "xlink:href": file.reference, "xlink:role": file.media_type, "xlink:arcrole": FILE_ROLE
    }  # fmt: skip
    held = element(
        "gml:File",
        element("gml:rangeParameters", attributes=link),
        element("gml:fileReference", file.reference),
        element("gml:fileStructure"),
        element("gml:mimeType", file.media_type),
    )
    return document(
        element(
            f"gmlcov:{SUBTYPE}",
            bounded_by(domain, crs),
            domain_set(domain, grid_id(name), crs),
            element("gml:rangeSet", held),
            range_type(offer),
            attributes={"gml:id": name},
        )
    )


@dataclass(frozen=True, slots=True)
class Message:
    """A message of two parts, the description first.

    Attributes:
        boundary: that neither part has in it.
        content_type: of the whole.
    """

    boundary: str

    @property
    def content_type(self) -> str:
        """Of the whole."""
        return f'multipart/related; type="{GML_TYPE}"; boundary="{self.boundary}"'

    def join(self, gml: bytes, content: bytes | None, file: File, file_name: str) -> bytes:
        """The message; without the content where that is behind an address."""
        parts = [self._part({"Content-Type": GML_TYPE, "Content-ID": "<coverage>"}, gml)]
        if content is not None:
            headers = {
                "Content-Type": file.media_type,
                "Content-Description": "coverage data",
                "Content-Transfer-Encoding": "binary",
                "Content-ID": f"<{file.reference.removeprefix('cid:')}>",
                "Content-Disposition": f'attachment; filename="{file_name}"',
            }
            parts.append(self._part(headers, content))
        return b"".join(parts) + f"--{self.boundary}--\r\n".encode()

    def _part(self, headers: dict[str, str], content: bytes) -> bytes:
        lines = [f"--{self.boundary}", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + content + b"\r\n"
