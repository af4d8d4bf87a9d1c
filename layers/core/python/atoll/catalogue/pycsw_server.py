"""pycsw as a library: what was sent in, what is to be answered out; no network, no process."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from lark.exceptions import LarkError
from pycsw.ogc.api.records import API, HEADERS
from pycsw.server import Csw
from pygeofilter.ast import Attribute, Node
from pygeofilter.parsers.ecql import parse

from atoll.catalogue.guard import seen_by
from atoll.catalogue.rows import FACETS
from atoll.catalogue.settings import Catalogue, settings
from atoll.errors import InvalidParameter

RECORDS = "metadata:main"  # pycsw's name for all of them
# Paths of OGC API - Records, by the method of pycsw's that answers.
type RecordsPath = Literal[
    "landing_page", "conformance", "openapi", "collections", "collection", "queryables", "items",
    "item",
]  # fmt: skip
type CswMode = Literal["csw", "opensearch", "oai"]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request of CSW's kind.

    Attributes:
        query: as it was sent, encoded.
        body: of a POST; None = it is a GET.
        accept: media types.
    """

    query: str = ""
    body: bytes | None = None
    accept: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    status: int
    media_type: str
    content: bytes


# pycsw has a state of its own for all of a process, and was not made for threads.
_one = Lock()


class PycswServer:
    """pycsw over one file, for whoever asks; one request of a process after the other."""

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._path = path
        self._catalogue = catalogue

    def csw(self, mode: CswMode, sent: Sent, profiles: frozenset[str]) -> Reply:
        """The answer of CSW 2.0.2 or 3.0.0, OpenSearch or OAI-PMH."""
        told = self._catalogue
        with _one, seen_by(profiles):
            server = Csw(settings(f"{told.url}/{mode}", self._path, told), _environ(sent))
            status, content = server.dispatch_wsgi()
            return Reply(int(status[:3]), server.contenttype, content)

    def records(
        self, path: RecordsPath, query: Mapping[str, str], profiles: frozenset[str], item: str = ""
    ) -> Reply:
        """The answer of OGC API - Records.

        Args:
            path: which.
            query: parameters.
            profiles: of who asks.
            item: id of a record, for that path.

        Raises:
            InvalidParameter: parameter `filter` is none, or of what records do not have.
        """
        named = _named_in(query["filter"]) if "filter" in query else set()
        told = self._catalogue
        with _one, seen_by(profiles):
            api = API(settings(f"{told.url}/records", self._path, told))
            _check_names(named, {"geometry", *api.repository.query_mappings})
            api.facets = list(FACETS) if query.get("facets") == "true" else []
            said: dict[str, Any] = {"headers_": {**HEADERS}, "args": dict(query)}
            if path in {"collection", "queryables", "items", "item"}:
                said["collection"] = RECORDS
            if path == "items":
                said["json_post_data"] = None
            if path == "item":
                said["item"] = item
            headers, status, content = getattr(api, path)(**said)
            encoded = content.encode() if isinstance(content, str) else content
            return Reply(status, headers["Content-Type"], encoded)


def _named_in(text: str) -> set[str]:
    """The properties of a condition; refused is what pycsw stumbles over while it refuses it."""
    try:
        return set(_attributes(parse(text)))
    except (LarkError, ValueError, RecursionError) as fault:
        raise InvalidParameter("filter", text, "a condition in CQL2 text is") from fault


def _attributes(node: object) -> Iterator[str]:
    if isinstance(node, Attribute):
        yield str(node.name)
    elif isinstance(node, Node):
        for part in node.get_sub_nodes():
            yield from _attributes(part)


def _check_names(named: set[str], known: set[str]) -> None:
    """Refuse a property that there is none of, which pycsw takes for its own name as a text."""
    for name in sorted(named - known):
        raise InvalidParameter("filter", name, f"one of {', '.join(sorted(known))} is")


def _environ(sent: Sent) -> dict[str, Any]:
    body = sent.body or b""
    return {
        "REQUEST_METHOD": "GET" if sent.body is None else "POST",
        "QUERY_STRING": sent.query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "https",
        "HTTP_HOST": "catalogue",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "HTTP_ACCEPT": sent.accept,
    }


logging.getLogger("pycsw").setLevel(logging.CRITICAL)
