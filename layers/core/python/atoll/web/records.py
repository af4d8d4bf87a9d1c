"""Route: the catalogue's record of a dataset, in the forms that other catalogues take."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import JsonValue

from atoll.dialects.access_points import access_points
from atoll.dialects.dcat.render import render_dataset
from atoll.dialects.iso19139.render import render_metadata
from atoll.dialects.records.render import render_record
from atoll.dialects.rest.accept import preferred
from atoll.dialects.stac.render import render_collection
from atoll.model.record import RENDERINGS, Publisher, Record, Rendering
from atoll.services.datasets import describe_dataset
from atoll.services.records import record_of
from atoll.web.context import Caller, PortsHere, header_of
from atoll.web.datasets import OPEN
from atoll.web.problems import problems

router = APIRouter(tags=["datasets"])

RENDERERS: Mapping[Rendering, Callable[[Record], dict[str, JsonValue] | bytes]] = {
    "records": render_record,
    "iso": render_metadata,
    "stac": render_collection,
    "dcat": render_dataset,
}
ANSWERS: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The record",
        "content": {
            media_type: {"schema": {"type": "object"}} for media_type in RENDERINGS.values()
        },
    }
}
FAULTS = problems(
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.SERVICE_UNAVAILABLE,
)

AsForm = Annotated[
    Rendering | None,
    Query(
        alias="f",
        description="A record of OGC API - Records, ISO 19139 with what INSPIRE asks for, a STAC "
        "Collection, or DCAT-AP. Left out: what `Accept` likes best, or records.",
    ),
]


def rendering_of(request: Request, as_form: AsForm = None) -> Rendering:
    """The form that the answer takes."""
    named = {media_type: rendering for rendering, media_type in RENDERINGS.items()}
    return as_form or named[preferred(header_of(request, "accept"), list(named))]


def publisher_of(request: Request) -> Publisher:
    """The unit whose door this is."""
    publisher: Publisher = request.app.state.publisher
    return publisher


@router.get(
    "/datasets/{dataset}/record",
    summary="The catalogue's record of a dataset",
    response_model=None,  # one of several, see ANSWERS
    responses=ANSWERS | FAULTS,
    openapi_extra=OPEN,
)
def get_record(
    dataset: str,
    account: Caller,
    ports: PortsHere,
    rendering: Annotated[Rendering, Depends(rendering_of)],
    publisher: Annotated[Publisher, Depends(publisher_of)],
) -> Response:
    """What it is, where and when it lies, whose it is, and where to have it.

    A record is made to be taken elsewhere: its links are absolute.
    """
    coverage = describe_dataset(dataset, account, ports)
    record = record_of(coverage, publisher, access_points(coverage, publisher.url))
    content, media_type = RENDERERS[rendering](record), RENDERINGS[rendering]
    if isinstance(content, bytes):
        return Response(content, media_type=media_type)
    return JSONResponse(content, media_type=media_type)
