"""Datasets by their Motu names: a service is a product, and a product is a dataset of it."""

from urllib.parse import urlencode

from atoll.dialects.motu.parse import parse_product, parse_service, service_id
from atoll.dialects.motu.words import service_of
from atoll.errors import Fact, UnknownDataset, shorten
from atoll.model.coverage import Coverage
from atoll.model.job import Account
from atoll.ports import DatasetEntry, Ports
from atoll.services.datasets import describe_dataset, visible_entries
from atoll.web.motu.door import Call


def asked_coverage(call: Call, name: str = "product") -> Coverage:
    """The dataset that a request names.

    Args:
        call: the request.
        name: of the parameter that names it.

    Raises:
        InvalidParameter: service or dataset is not named.
        UnknownDataset: see `coverage_in`.
    """
    service, dataset = parse_service(call.query), parse_product(call.query, name)
    return coverage_in(service, dataset, call.caller, call.door.ports)


def coverage_in(service: str, dataset: str, account: Account, ports: Ports) -> Coverage:
    """A dataset of a service.

    Raises:
        UnknownDataset: there is no such service, or no such dataset of it; or the account may
            not know of it, in the same words.
    """
    try:
        coverage = describe_dataset(dataset, account, ports)
    except UnknownDataset:
        coverage = None
    if coverage is not None and _is_of(service, service_of(coverage)):
        return coverage
    known = [entry.dataset for entry in entries_in(service, account, ports)]
    facts: dict[str, Fact] = {"parameter": "product", "value": dataset, "accepted": known}
    raise UnknownDataset(f"product: {shorten(dataset)} is none of {', '.join(known)}.", facts)


def entries_in(service: str, account: Account, ports: Ports) -> list[DatasetEntry]:
    """The datasets of a service that the account may see.

    Raises:
        UnknownDataset: there is no such service with one.
    """
    visible = visible_entries(account, ports)
    found = [entry for entry in visible if _is_of(service, service_of_entry(entry))]
    if not found:
        known = services(visible)
        facts: dict[str, Fact] = {"parameter": "service", "value": service, "accepted": known}
        raise UnknownDataset(f"service: {shorten(service)} is none of {', '.join(known)}.", facts)
    return found


def services(entries: list[DatasetEntry]) -> list[str]:
    """The services of these datasets, sorted."""
    return sorted({service_of_entry(entry) for entry in entries})


def service_of_entry(entry: DatasetEntry) -> str:
    """The service of a dataset; see `dialects.motu.words.service_of`."""
    return entry.product or entry.dataset


def ordered_at(coverage: Coverage, call: Call) -> str:
    """The address of the form by which a dataset is ordered."""
    named = {"service": service_of(coverage), "product": coverage.dataset}
    return call.url(urlencode({"action": "productdownloadhome"} | named))


def _is_of(service: str, other: str) -> bool:
    return service_id(service) == service_id(other)
