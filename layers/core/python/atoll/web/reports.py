"""Routes: what an account has used, and for operators what the whole unit has delivered."""

from datetime import UTC
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from atoll.dialects.rest.accept import preferred
from atoll.dialects.rest.reports import (
    Form,
    ReportReply,
    UsageReply,
    columns_of,
    parse_by,
    parse_month,
    parse_span,
    render_report,
    render_rows,
)
from atoll.dialects.tables import CSV_TYPE, csv_text
from atoll.services.reports import Asked, Span, report_for
from atoll.services.usage import usage
from atoll.web.context import PortsHere, SignedIn, header_of
from atoll.web.problems import problems

router = APIRouter(tags=["accounts"])

JSON_TYPE = "application/json"
PARQUET_TYPE = "application/vnd.apache.parquet"
FORMS: dict[str, Form] = {JSON_TYPE: "json", CSV_TYPE: "csv", PARQUET_TYPE: "parquet"}
FAULTS = problems(HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE)
ANSWERS: dict[int | str, dict[str, object]] = {
    200: {
        "model": ReportReply,
        "description": "The rows, in order of what they are of",
        "content": {
            CSV_TYPE: {"schema": {"type": "string"}},
            PARQUET_TYPE: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}

By = Annotated[
    str,
    Query(
        description="What each row is of: account, dataset, tier, month, day, door, format, "
        "status, separated by commas; empty = one row of all.",
        max_length=100,
        examples=["dataset,month"],
    ),
]
First = Annotated[
    str | None,
    Query(
        alias="from",
        description="A day (UTC); left out: the first of the month of `to`.",
        examples=["2026-11-01"],
        max_length=20,
    ),
]
Last = Annotated[
    str | None,
    Query(
        alias="to",
        description="A day (UTC), included; left out: today.",
        examples=["2026-11-30"],
        max_length=20,
    ),
]
One = Annotated[str, Query(description="Of this one only; left out: of all.", max_length=200)]
AsForm = Annotated[
    Form | None, Query(alias="format", description="Left out: what `Accept` likes best, or json.")
]


@router.get("/me/usage", summary="What the caller has used in a month", responses=FAULTS)
def get_usage(
    account: SignedIn,
    ports: PortsHere,
    month: Annotated[
        str | None,
        Query(
            description="Of orders (UTC); left out: this one.",
            examples=["2026-11"],
            max_length=20,
        ),
    ] = None,
) -> UsageReply:
    """Bytes reserved and delivered, what is left of the allowance, and the datasets."""
    asked = parse_month(month, ports.now().astimezone(UTC).date())
    used = usage(account, asked, ports)
    return UsageReply(
        month=asked,
        reserved_bytes=used.balance.reserved_bytes,
        settled_bytes=used.balance.settled_bytes,
        left_bytes=used.left_bytes,
        allowance=used.allowance,
        waiting=used.counts.waiting,
        running=used.counts.running,
        datasets=render_rows(("dataset",), used.datasets),
    )


def span_of(ports: PortsHere, first: First = None, last: Last = None) -> Span:
    """The days that a request asks for."""
    return parse_span(first, last, ports.now().astimezone(UTC).date())


def asked_of(
    span: Annotated[Span, Depends(span_of)],
    by: By = "dataset",
    dataset: One = "",
    account: One = "",
) -> Asked:
    """What a request asks for."""
    return Asked(parse_by(by), span, dataset, account)


def form_of(request: Request, as_form: AsForm = None) -> Form:
    """The form that the answer takes."""
    return as_form or FORMS[preferred(header_of(request, "accept"), list(FORMS))]


@router.get(
    "/admin/reports",
    summary="What was ordered and delivered, for operators",
    response_model=None,  # one of three, see ANSWERS
    responses=ANSWERS | FAULTS | problems(HTTPStatus.FORBIDDEN),
)
def get_report(
    account: SignedIn,
    ports: PortsHere,
    asked: Annotated[Asked, Depends(asked_of)],
    form: Annotated[Form, Depends(form_of)],
) -> Response:
    """Jobs and bytes of some days, added up; a job counts where its end says."""
    rows = render_rows(asked.by, report_for(account, asked, ports))
    if form == "json":
        return JSONResponse(render_report(asked, rows).model_dump(mode="json"))
    if form == "csv":
        return Response(csv_text(columns_of(asked.by), rows), media_type=CSV_TYPE)
    from atoll.dialects.parquet import parquet_bytes  # noqa: PLC0415  few ask for it

    return Response(parquet_bytes(columns_of(asked.by), rows), media_type=PARQUET_TYPE)
