"""Routes: what there is to ask for."""

from http import HTTPStatus

from fastapi import APIRouter

from atoll.dialects.rest.dataset_documents import DatasetList, DatasetReply
from atoll.dialects.rest.describe import render_dataset, render_datasets
from atoll.services.datasets import describe_dataset, visible_entries
from atoll.web.context import Caller, PortsHere
from atoll.web.problems import problems

router = APIRouter(tags=["datasets"])

# Beside FastAPI's: with a token or without.
OPEN: dict[str, object] = {"security": [{}]}


@router.get(
    "/datasets",
    summary="The datasets that the caller may use",
    responses=problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE),
    openapi_extra=OPEN,
)
def list_datasets(account: Caller, ports: PortsHere) -> DatasetList:
    """Public ones for everyone, restricted ones for those whose profile allows it."""
    return render_datasets(visible_entries(account, ports))


@router.get(
    "/datasets/{dataset}",
    summary="One dataset: axes, extents, steps, variables, sizes",
    responses=problems(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE
    ),
    openapi_extra=OPEN,
)
def get_dataset(dataset: str, account: Caller, ports: PortsHere) -> DatasetReply:
    """What can be asked of it."""
    return render_dataset(describe_dataset(dataset, account, ports))
