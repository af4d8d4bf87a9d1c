"""What the service tells of itself and of its coverages."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from zlib import crc32

from fastapi import Request, Response

from atoll.dialects.wcs.capabilities import Service, demand_told, render_capabilities
from atoll.dialects.wcs.describe import render_descriptions
from atoll.dialects.wcs.names import dataset_and_variable, no_such_coverage
from atoll.dialects.wcs.offer import Offer, offers
from atoll.dialects.wcs.requests import DescribeCoverage, GetCapabilities
from atoll.dialects.wcs.xml import APPLICATION_XML, TEXT_XML
from atoll.errors import UnknownDataset
from atoll.model.job import Account
from atoll.ports import DatasetEntry
from atoll.services.datasets import describe_dataset, visible_entries
from atoll.web.context import Door
from atoll.web.wcs.place import Place

# What others may see is not what the holder of a token may.
CACHED = "private, max-age=300"
_VARY = "Authorization"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request at the door.

    Attributes:
        request: of HTTP.
        account: who asks.
        place: the door's own.
        door: its ports.
    """

    request: Request
    account: Account
    place: Place
    door: Door


def get_capabilities(said: GetCapabilities, asked: Asked) -> Response:
    """The service, and every coverage that the caller may see."""
    ports, place = asked.door.ports, asked.place
    entries = visible_entries(asked.account, ports)
    known: list[Offer] = []
    for entry in entries:
        # A dataset may be taken away in between.
        with suppress(UnknownDataset):
            known += offers(ports.catalogue.describe(entry.dataset, entry.revision))
    sequence = _sequence(entries)
    demand_told(said.update_sequence, ports.now())
    service = Service(place.provider, place.api_url, asked.request.scope["path"])
    document = render_capabilities(said, service, known, sequence)
    media_type = APPLICATION_XML if said.formats[:1] == (APPLICATION_XML,) else TEXT_XML
    return _document(document, media_type)


def _sequence(entries: Sequence[DatasetEntry]) -> str:
    """Another one whenever another set of revisions is to be seen; it begins with the newest's."""
    newest = max((entry.updated_at for entry in entries), default="")
    seen = " ".join(f"{entry.dataset}@{entry.revision}" for entry in entries)
    return f"{newest}-{crc32(seen.encode()):08x}"


def describe_coverage(said: DescribeCoverage, asked: Asked) -> Response:
    """The coverages that are named, each once; all of them, or an exception."""
    names = dict.fromkeys(said.coverage_ids)
    return _document(render_descriptions([find(name, asked) for name in names]))


def find(name: str, asked: Asked) -> Offer:
    """A coverage that the caller may see.

    Raises:
        OwsException: NoSuchCoverage.
    """
    dataset, variable = dataset_and_variable(name)
    try:
        coverage = describe_dataset(dataset, asked.account, asked.door.ports)
    except UnknownDataset as fault:
        raise no_such_coverage(name) from fault
    for offer in offers(coverage):
        if offer.variable.name == variable:
            return offer
    raise no_such_coverage(name)


def _document(content: bytes, media_type: str = TEXT_XML) -> Response:
    headers = {"cache-control": CACHED, "vary": _VARY}
    return Response(content, headers=headers, media_type=media_type)
