"""Actions: an order, how it does, and waiting for it (Motu's productdownload, getreqstatus)."""

from functools import partial
from http import HTTPStatus

from fastapi.responses import Response

from atoll.admission.allowance import allowance_of
from atoll.admission.decide import decide
from atoll.dialects.motu.codes import SYSTEM, Fault
from atoll.dialects.motu.fit import fitted
from atoll.dialects.motu.handle import Handle, read_handle, write_handle
from atoll.dialects.motu.pages.download import Failed, Finished, Waiting
from atoll.dialects.motu.parse import parse_mode, parse_order, parse_request_id
from atoll.dialects.motu.size import most_bytes
from atoll.dialects.motu.status import (
    ORDER,
    fault_of_job,
    render_later,
    render_ordered,
    render_status,
)
from atoll.errors import InvalidParameter, ResultNotReady, TooLarge, Unavailable
from atoll.model.coverage import Coverage
from atoll.model.job import Account, Job
from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset
from atoll.services.jobs import fetch_results, own_job
from atoll.services.submit import Placement, submit
from atoll.services.subset import quote
from atoll.web.motu.datasets import coverage_in
from atoll.web.motu.door import Call, Held, Reply
from atoll.web.motu.replies import TEXT, answer, moved, show_download, xml
from atoll.web.observability import tell_order

# Below what the gateway waits for its function, together with all that is done besides.
HOLD_S = 20
# A client polls at once, and then every ten seconds: so small jobs are done at the first poll.
FIRST_POLL_S = 10
# urllib follows ten redirects; the last is to the file, and a store may need one of its own.
LAST_HOP = 8
HANDLE_LIFETIME_S = 3600


def place_order(call: Call) -> Reply:
    """Order a subset; by its mode the caller polls, waits, or gets a page.

    Raises:
        TooLarge: it would take several files, which this door cannot hand out.
        BrokerError: see `parse_order`, `coverage_in` and `submit`.
    """
    mode, ordered = parse_mode(call.query), parse_order(call.query)
    account, ports = call.caller, call.door.ports
    coverage = coverage_in(ordered.service, ordered.request.dataset, account, ports)
    request = fitted(ordered.request, coverage)
    _demand_one_file(request, coverage, call)
    placement = Placement(call.correlation_id, origin=call.origin)
    order = submit(request, account, placement, ports)
    job = order.job
    tell_order(call.door.telemetry, order)
    if mode == "status":
        return xml(render_ordered(job, call.script_version))
    return Held(job, HOLD_S, _tell_browser if mode == "url" else partial(_lead_on, 0))


def poll(call: Call) -> Reply:
    """How a job does; a young one may end meanwhile.

    Raises:
        UnknownJob: see `own_job`.
    """
    job = own_job(parse_request_id(call.query), call.caller, call.door.ports)
    return Held(job, FIRST_POLL_S, _tell_status)


def wait_for(call: Call) -> Reply:
    """Wait on for a job whose handle the caller was given.

    Raises:
        UnknownJob: see `read_handle`.
        InvalidParameter: `hop` is no number of ours.
    """
    ports = call.door.ports
    said, hop = call.query.first("handle") or "", call.query.first("hop") or "0"
    if not (hop.isascii() and hop.isdecimal() and len(hop) == 1):
        raise InvalidParameter("hop", hop, f"0 to {LAST_HOP} are")
    handle = read_handle(
        said, lambda account_id: ports.secrets.derived_key("waiting", account_id), ports.now()
    )
    job = own_job(handle.job_id, Account(account_id=handle.account_id), ports)
    age_s = int((ports.now() - job.created_at).total_seconds())
    is_page = parse_mode(call.query) == "url"
    return Held(job, age_s + HOLD_S, _tell_browser if is_page else partial(_lead_on, int(hop)))


def plain_error(fault: Fault, action_code: str = ORDER) -> Response:
    """An error in console mode; with a status that ends the client, which would else crash."""
    status = HTTPStatus.SERVICE_UNAVAILABLE if fault.number == SYSTEM else HTTPStatus.BAD_REQUEST
    return answer(f"{fault.line(action_code)}\n", TEXT, status)


def _demand_one_file(request: SubsetRequest, coverage: Coverage, call: Call) -> None:
    account, ports = call.caller, call.door.ports
    if decide(plan_subset(request, coverage), coverage, ports.limits).files == 1:
        return  # what else there is against it is found when it is placed
    quoted = quote(request, account, ports)
    allowance = allowance_of(ports.policies.current().policy, account.profiles)
    limit = most_bytes(quoted.plan, quoted.coverage, ports.limits, allowance)
    raise TooLarge(
        f"It would be a set of {quoted.decision.files} files, which the unit's REST interface "
        "hands out: POST /processes/subset/execution",
        {"output_bytes": quoted.plan.output_bytes, "limit_bytes": limit},
    )


def _address(job: Job, call: Call) -> str:
    """The address of a job's file, made for this answer alone.

    Raises:
        ResultNotReady: there is none, or several, of an order at another door.
    """
    results = fetch_results(job, call.door.ports)
    if len(results) > 1:
        raise ResultNotReady(
            f"The result is a set of {len(results)} files, which the unit's REST interface hands "
            f"out: GET /jobs/{job.job_id}/results"
        )
    return results[0].url


def _tell_status(call: Call, job: Job) -> Response:
    version = call.script_version
    try:
        address = _address(job, call) if job.status == "successful" else None
    except Unavailable as fault:
        call.door.telemetry.failed(fault)
        return xml(render_later(job.status, version))
    return xml(render_status(job, address, version))


def _lead_on(hop: int, call: Call, job: Job) -> Response:
    """To the file; or once more round, as long as clients follow."""
    if job.status == "successful":
        return moved(_address(job, call))
    fault = fault_of_job(job)
    if fault is not None:
        return plain_error(fault)
    if hop >= LAST_HOP:
        further = call.url(f"action=getreqstatus&requestid={job.job_id}")
        text = f"The request is still in progress; see how it does at {further}"
        return plain_error(Fault(SYSTEM, text))
    return moved(call.url(f"{_waiting(call, job, 'console')}&hop={hop + 1}"))


def _tell_browser(call: Call, job: Job) -> Response:
    """The form with the file's address; or one that looks again by itself."""
    coverage = call.door.ports.catalogue.describe(job.plan.dataset, job.plan.revision)
    if job.status == "successful":
        return show_download(call, coverage, Finished(_address(job, call)))
    fault = fault_of_job(job)
    if fault is not None:
        return show_download(call, coverage, Failed(fault.line(ORDER)))
    return show_download(call, coverage, Waiting(call.url(_waiting(call, job, "url"))))


def _waiting(call: Call, job: Job, mode: str) -> str:
    """Parameters by which a caller waits on without signing in."""
    ports = call.door.ports
    until_s = int(ports.now().timestamp()) + HANDLE_LIFETIME_S
    key = ports.secrets.derived_key("waiting", job.account_id)
    handle = write_handle(Handle(job.job_id, job.account_id, until_s), key)
    return f"action=waitfor&mode={mode}&handle={handle}"
