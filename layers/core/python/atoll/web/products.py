"""Routes: settings of the unit's datasets, for its operators."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from atoll.dialects.product import (
    LONGEST_TEXT_BYTES,
    ProductList,
    parse_product,
    parse_tag,
    render_tag,
)
from atoll.model.product import Product
from atoll.services.products import datasets_with_settings, product_of_dataset, put_product
from atoll.web.api_document import REFERENCE
from atoll.web.body import read_body
from atoll.web.context import SignedIn
from atoll.web.delivery_door import DeliveriesHere
from atoll.web.problems import problems

router = APIRouter(tags=["administration"])

FAULTS = problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE)
_TAGGED = {"ETag": {"description": "Of these settings.", "schema": {"type": "string"}}}
_SCHEMA = {"$ref": REFERENCE.format(model="Product")}
_SETTINGS = {"content": {"application/json": {"schema": _SCHEMA}, "text/yaml": {}}}


@dataclass(frozen=True, slots=True)
class Change:
    """What a request wants set.

    Attributes:
        read, tag: see `put_product`.
    """

    read: Callable[[], Product]
    tag: str | None


async def change_of(
    request: Request,
    if_match: Annotated[
        str | None, Header(description="ETag of the present settings; of none, leave it out.")
    ] = None,
) -> Change:
    """What a request wants set, which is not read yet."""
    body = await read_body(request, LONGEST_TEXT_BYTES)
    return Change(partial(parse_product, body), parse_tag(if_match))


@router.get("/admin/products", summary="Which datasets have settings", responses=FAULTS)
def list_products(account: SignedIn, ports: DeliveriesHere) -> ProductList:
    """Whether or not there is data of them."""
    return ProductList(datasets=datasets_with_settings(account, ports))


@router.get(
    "/admin/products/{dataset}",
    summary="A dataset's settings",
    responses=FAULTS
    | problems(HTTPStatus.NOT_FOUND)
    | {200: {"description": "The settings", "headers": _TAGGED}},
)
def get_product(
    dataset: str, account: SignedIn, ports: DeliveriesHere, response: Response
) -> Product:
    """As they are understood; their ETag is what a change needs."""
    product = product_of_dataset(dataset, account, ports)
    response.headers["etag"] = render_tag(product)
    return product


@router.put(
    "/admin/products/{dataset}",
    summary="Set a dataset's settings",
    responses=FAULTS
    | problems(
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.PRECONDITION_REQUIRED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    )
    | {200: {"description": "They are set", "headers": _TAGGED}},
    openapi_extra={"requestBody": _SETTINGS | {"required": True}},
)
def put_new_product(
    dataset: str,
    change: Annotated[Change, Depends(change_of)],
    account: SignedIn,
    ports: DeliveriesHere,
    response: Response,
) -> Product:
    """In YAML or JSON; set as a whole or refused as a whole."""
    product = put_product(dataset, change.read, change.tag, account, ports)
    response.headers["etag"] = render_tag(product)
    return product
