"""Routes: producers offer deliveries, and see what became of them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from atoll.dialects.delivery import parse_note
from atoll.dialects.delivery.door import DeliveryList, OfferReply, render_offer
from atoll.dialects.delivery.response import ResponseDocument, response_of
from atoll.model.delivery import LONGEST_NOTE_BYTES
from atoll.services.deliveries import MOST_LISTED, listing, offer, show
from atoll.web.api_document import NOTE_BODY
from atoll.web.body import read_body
from atoll.web.context import SignedIn
from atoll.web.delivery_door import DeliveriesHere
from atoll.web.problems import problems

router = APIRouter(tags=["deliveries"])

FAULTS = problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE)
_PLACE = {
    "Location": {
        "description": "Where the delivery is, once it is received.",
        "schema": {"type": "string"},
    }
}


async def note_of(request: Request) -> bytes:
    """A note, as it was sent."""
    return await read_body(request, LONGEST_NOTE_BYTES)


@router.post(
    "/deliveries",
    summary="Offer a delivery",
    status_code=HTTPStatus.CREATED,
    responses=FAULTS
    | problems(
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    )
    | {
        201: {"description": "It may begin", "headers": _PLACE},
        200: {"model": OfferReply, "description": "It was received before", "headers": _PLACE},
    },
    openapi_extra=NOTE_BODY,
)
def post_delivery(
    note: Annotated[bytes, Depends(note_of)],
    account: SignedIn,
    ports: DeliveriesHere,
    response: Response,
) -> OfferReply:
    """Where its files may be put, and last the note itself, with which it begins.

    Nothing is kept of the offer; the same again is answered with new addresses.
    """
    offered = offer(parse_note(note), account, ports)
    response.headers["location"] = f"deliveries/{offered.note.delivery_id}"
    if offered.note_url is None:
        response.status_code = HTTPStatus.OK
    return render_offer(offered)


@router.get("/deliveries/{delivery_id}", summary="What became of a delivery", responses=FAULTS)
def get_delivery(delivery_id: str, account: SignedIn, ports: DeliveriesHere) -> ResponseDocument:
    """As the response that is left beside its note."""
    return response_of(show(delivery_id, account, ports))


@router.get(
    "/deliveries",
    summary="The newest deliveries to a dataset",
    responses=FAULTS | problems(HTTPStatus.BAD_REQUEST),
)
def list_deliveries(
    account: SignedIn,
    ports: DeliveriesHere,
    dataset: Annotated[str, Query(max_length=200)],
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 20,
) -> DeliveryList:
    """The caller's own, and for operators all; the newest first."""
    found = listing(dataset, limit, account, ports)
    return DeliveryList(deliveries=[response_of(one) for one in found])
