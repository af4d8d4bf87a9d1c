"""Actions: what there is, and what can be asked of it."""

from fastapi.responses import Response

from atoll.admission.allowance import allowance_of
from atoll.dialects.motu.cache import render_cache_status
from atoll.dialects.motu.codes import TOO_LARGE, Fault, fault_of
from atoll.dialects.motu.describe_coverage import render_coverage
from atoll.dialects.motu.fit import fitted
from atoll.dialects.motu.pages.catalog import render_catalog
from atoll.dialects.motu.pages.product import render_product_page
from atoll.dialects.motu.pages.services import render_services
from atoll.dialects.motu.parse import parse_order, parse_service
from atoll.dialects.motu.product import render_product
from atoll.dialects.motu.size import most_bytes, render_size
from atoll.dialects.motu.time_coverage import render_time_coverage
from atoll.errors import TooLarge
from atoll.services.datasets import visible_entries
from atoll.services.quoting import Quotation, quotation
from atoll.web.motu.datasets import (
    asked_coverage,
    coverage_in,
    entries_in,
    ordered_at,
    service_of_entry,
    services,
)
from atoll.web.motu.door import VERSION, Call
from atoll.web.motu.replies import JSON, answer, page, show_download, xml


def describe_product(call: Call) -> Response:
    """A dataset: axes, extents, variables."""
    coverage = asked_coverage(call)
    return xml(render_product(coverage, ordered_at(coverage, call)))


def describe_coverage(call: Call) -> Response:
    """The same in fewer words."""
    return xml(render_coverage(asked_coverage(call, "datasetID")))


def get_time_coverage(call: Call) -> Response:
    """A dataset's first and last time."""
    return xml(render_time_coverage(asked_coverage(call)))


def get_size(call: Call) -> Response:
    """What an order would make, and the largest that may be ordered. This is the dry run."""
    ordered, account, door = parse_order(call.query), call.caller, call.door
    coverage = coverage_in(ordered.service, ordered.request.dataset, account, door.ports)
    request = fitted(ordered.request, coverage)
    found = quotation(request, account, door.ports, door.history)
    most = _most(found, call)
    return xml(render_size(found.quoted.plan.output_bytes, most, _refusal(found, most)))


def _most(found: Quotation, call: Call) -> int:
    """What is left of the month is a limit like any other."""
    ports = call.door.ports
    allowance = allowance_of(ports.policies.current().policy, call.caller.profiles)
    most = most_bytes(found.quoted.plan, found.quoted.coverage, ports.limits, allowance)
    return most if found.quota is None else max(0, min(most, found.quota.left_after(0)))


def _refusal(found: Quotation, most: int) -> Fault | None:
    """Why an order would be refused: for its size, above all."""
    faults = [fault_of(refusal) for refusal in found.quoted.decision.refusals]
    if found.quoted.decision.files > 1:
        size_bytes = found.quoted.plan.output_bytes
        facts = {"output_bytes": size_bytes, "limit_bytes": most}
        faults.append(fault_of(TooLarge("The REST interface hands out sets of files.", facts)))
    faults.sort(key=lambda fault: fault.number != TOO_LARGE)
    return faults[0] if faults else None


def list_services(call: Call) -> Response:
    """The services with datasets that the caller may see."""
    return page(render_services(services(visible_entries(call.caller, call.door.ports))))


def list_catalog(call: Call) -> Response:
    """The datasets of a service."""
    service = parse_service(call.query)
    return page(render_catalog(service, entries_in(service, call.caller, call.door.ports)))


def show_product(call: Call) -> Response:
    """A dataset for a person."""
    return page(render_product_page(asked_coverage(call)))


def show_form(call: Call) -> Response:
    """The form by which a person orders."""
    return show_download(call, asked_coverage(call), None)


def show_cache(call: Call) -> Response:
    """Since when each service is as it is: descriptions are written when data are published."""
    newest: dict[str, str] = {}
    for entry in visible_entries(call.caller, call.door.ports):
        service = service_of_entry(entry)
        newest[service] = max(newest.get(service, ""), entry.updated_at)
    now = call.door.ports.now()
    return answer(render_cache_status(sorted(newest.items()), now, VERSION), JSON)
