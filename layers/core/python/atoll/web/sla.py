"""Route: how products keep their promises, for everybody."""

from datetime import UTC
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from atoll.dialects.delivery.board import (
    HEADERS,
    SlaReply,
    parse_board_month,
    render_board,
    render_page,
)
from atoll.dialects.rest.accept import preferred
from atoll.services.timeliness import visible
from atoll.web.context import Caller, PortsHere, header_of
from atoll.web.datasets import OPEN
from atoll.web.delivery_door import DeliveryDoorHere
from atoll.web.problems import problems

router = APIRouter(tags=["deliveries"])

type BoardForm = Literal["json", "html"]
FORMS: dict[str, BoardForm] = {"application/json": "json", "text/html": "html"}
AsForm = Annotated[
    BoardForm | None, Query(alias="f", description="Left out: what `Accept` likes best, or json.")
]
Month = Annotated[
    str | None,
    Query(
        description="In which deliveries were due (UTC); left out: this one.",
        examples=["2026-11"],
        max_length=20,
    ),
]
ANSWERS: dict[int | str, dict[str, object]] = {
    200: {
        "model": SlaReply,
        "description": "The board",
        "content": {"text/html": {"schema": {"type": "string"}}},
    }
}


def form_of(request: Request, as_form: AsForm = None) -> BoardForm:
    """The form that the answer takes."""
    return as_form or FORMS[preferred(header_of(request, "accept"), list(FORMS))]


@router.get(
    "/sla",
    summary="How products keep their promises",
    response_model=None,  # one of two, see ANSWERS
    responses=ANSWERS
    | problems(HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE),
    openapi_extra=OPEN,
)
def get_board(
    account: Caller,
    ports: PortsHere,
    door: DeliveryDoorHere,
    form: Annotated[BoardForm, Depends(form_of)],
    month: Month = None,
) -> Response:
    """Deliveries that were due in a month: in time, late, missing. Of what the caller may see."""
    asked = parse_board_month(month, ports.now().astimezone(UTC).date())
    board = render_board(asked, visible(door.board.standings(asked), account, ports))
    if form == "html":
        return HTMLResponse(render_page(board), headers=HEADERS | {"vary": "Accept"})
    return JSONResponse(board.model_dump(mode="json"), headers={"vary": "Accept"})
