"""GetCoverage: an order whose answer is held until it is made."""

from dataclasses import dataclass, replace
from hashlib import sha256
from http import HTTPStatus
from math import ceil
from typing import NoReturn

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from atoll.dialects.wcs.coverage import File, Message, render_coverage
from atoll.dialects.wcs.exceptions import OwsException, ows_exception
from atoll.dialects.wcs.offer import Offer
from atoll.dialects.wcs.requests import GetCoverage
from atoll.dialects.wcs.subset import Wanted, parse_coverage
from atoll.errors import InvalidRequest
from atoll.model.job import ENDED, Job
from atoll.model.request import SubsetRequest
from atoll.services.jobs import Result, fetch_results
from atoll.services.submit import Order, Placement, submit
from atoll.web.context import correlation_id_of, origin_of
from atoll.web.observability import tell_order
from atoll.web.waiting import job_until
from atoll.web.wcs.documents import Asked, find

# The gateway gives up after 30 s; the rest is for a cold start and the file itself.
LONGEST_WAIT_S = 24
RETRY_AFTER_S = 10
# For so long at most, the same request is the same order; less than results and keys are kept.
SAME_ORDER_S = 600
# Encoded for the gateway it is a third longer, and a function answers with 6 MB at most.
INLINE_BYTES = 4 * 2**20
_UNCACHED = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Ordered:
    """A coverage on its way."""

    offer: Offer
    wanted: Wanted
    job: Job


async def get_coverage(said: GetCoverage, asked: Asked) -> Response:
    """The coverage: in the answer where it is small, else behind its address."""
    ordered = await run_in_threadpool(_order, said, asked)
    age_s = (asked.door.ports.now() - ordered.job.created_at).total_seconds()
    job = await job_until(ordered.job, ceil(age_s) + LONGEST_WAIT_S, asked.door)
    if job.status not in ENDED:
        _come_back(job, asked)
    if job.reason is not None:
        _tell_reason(job)
    return await run_in_threadpool(_deliver, ordered, job, asked)


def _order(said: GetCoverage, asked: Asked) -> Ordered:
    offer = find(said.coverage_id, asked)
    origin = origin_of(asked.request).model_copy(update={"door": "wcs"})
    placement = Placement(correlation_id_of(asked.request), origin=origin)
    try:
        wanted = parse_coverage(said, offer)
        order = _submitted(wanted.request, placement, offer, asked)
    except InvalidRequest as fault:
        labels = {axis.name: label for label, axis in offer.axes.items()}
        raise ows_exception(fault, labels) from fault
    tell_order(asked.door.telemetry, order)
    return Ordered(offer, wanted, order.job)


def _submitted(request: SubsetRequest, placement: Placement, offer: Offer, asked: Asked) -> Order:
    """The order; the same one for who asks the same again, as clients do that were told to wait.

    So it is paid once. One that has come to nothing is made anew.
    """
    account, ports = asked.account, asked.door.ports
    same = f"{offer.dataset.revision} {request.model_dump_json()}"
    of_now = int(ports.now().timestamp()) // SAME_ORDER_S
    key = f"wcs-{of_now}-{sha256(same.encode()).hexdigest()[:32]}"
    order = submit(request, account, replace(placement, key=key), ports)
    found = order.job
    came_to_nothing = found.status in {"failed", "dismissed"} or found.expires_at <= ports.now()
    if order.is_new or not came_to_nothing:
        return order
    return submit(request, account, placement, ports)


def _come_back(job: Job, asked: Asked) -> NoReturn:
    raise OwsException(
        "NoApplicableCode",
        job.job_id,
        f"The coverage is not made yet: job {job.job_id} is {job.status}. Ask the same again in "
        "a while, and the same extraction is waited for; or order it at "
        f"{asked.place.api_url}/processes/subset/execution and follow its job, which has all "
        "the time it needs.",
        HTTPStatus.SERVICE_UNAVAILABLE,
        RETRY_AFTER_S,
    )


def _tell_reason(job: Job) -> NoReturn:
    assert job.reason is not None  # noqa: S101
    raise OwsException(
        "NoApplicableCode",
        job.job_id,
        f"Job {job.job_id} failed: {job.reason.detail}",
        HTTPStatus.INTERNAL_SERVER_ERROR,
    )


def _deliver(ordered: Ordered, job: Job, asked: Asked) -> Response:
    results = fetch_results(job, asked.door.ports)
    if len(results) > 1:
        raise OwsException(
            "NoApplicableCode",
            job.job_id,
            f"The coverage is a set of {len(results)} files, and a WCS answers with one: trim it, "
            f"or fetch them at {asked.place.api_url}/jobs/{job.job_id}/results.",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    (result,) = results
    inline = result.delivery.output_bytes <= INLINE_BYTES
    if ordered.wanted.presentation.multipart:
        return _message(ordered, job, result, asked, inline=inline)
    if not inline:
        return RedirectResponse(result.url, HTTPStatus.SEE_OTHER, _UNCACHED)
    disposition = f'attachment; filename="{_file_name(result)}"'
    return Response(
        _content(result, asked),
        headers=_UNCACHED | {"content-disposition": disposition},
        media_type=ordered.wanted.presentation.media_type,
    )


def _message(ordered: Ordered, job: Job, result: Result, asked: Asked, *, inline: bool) -> Response:
    """A description and the file; of a large one, a description that has its address."""
    name = _file_name(result)
    reference = f"cid:{name}" if inline else result.url
    file = File(reference, ordered.wanted.presentation.media_type)
    gml = render_coverage(ordered.offer, job.plan, file, ordered.wanted.presentation.crs)
    message = Message(f"atoll-{job.job_id}")
    content = _content(result, asked) if inline else None
    body = message.join(gml, content, file, name)
    return Response(body, headers=_UNCACHED | {"content-type": message.content_type})


def _content(result: Result, asked: Asked) -> bytes:
    return asked.door.ports.results.read(result.delivery.key, INLINE_BYTES)


def _file_name(result: Result) -> str:
    return result.delivery.file_name
