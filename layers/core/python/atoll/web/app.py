"""The REST door as an application: routes, problems and one correlation id on every answer."""

import asyncio

from fastapi import FastAPI

from atoll.model.record import Publisher
from atoll.ports import Ports
from atoll.ports.deliveries import DeliveryPorts
from atoll.services.history import History
from atoll.services.timeliness import Board
from atoll.web import (
    account,
    administration,
    datasets,
    deliveries,
    jobs,
    landing,
    processes,
    products,
    records,
    reports,
    sla,
    webhooks,
)
from atoll.web.api_document import document_api
from atoll.web.context import CorrelationId, Door, Pause
from atoll.web.delivery_door import DeliveryDoor
from atoll.web.identity import Authenticate
from atoll.web.observability import Telemetry
from atoll.web.problems import handle_problems

DESCRIPTION = """Ask for a box of a dataset and get exactly that, as a file behind a presigned URL.

`POST /quotes` says what an order would read, make and meet; `POST /processes/subset/execution`
places it; `GET /jobs/{id}` follows it; `GET /jobs/{id}/results` gives the file's address."""


def make_app(
    ports: Ports,
    authenticate: Authenticate,
    telemetry: Telemetry,
    publisher: Publisher,
    pause: Pause = asyncio.sleep,
) -> FastAPI:
    """The application of one dissemination unit; for its arguments see `Door` and `Publisher`."""
    app = FastAPI(
        title="Atoll dissemination unit",
        version="1.0.0",
        description=DESCRIPTION,
        openapi_url="/api",
        docs_url=None,
        redoc_url=None,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    app.state.door = Door(ports, authenticate, telemetry, pause, History(ports))
    app.state.publisher = publisher
    handle_problems(app)
    app.add_middleware(CorrelationId)
    for room in (landing, datasets, records, processes, jobs, account, webhooks, reports):
        app.include_router(room.router)
    app.include_router(administration.router)
    document_api(app)
    return app


def take_deliveries(app: FastAPI, ports: DeliveryPorts) -> None:
    """Let the application of a unit take deliveries, and tell how promises are kept."""
    app.state.delivery_door = DeliveryDoor(ports, Board(ports))
    for room in (deliveries, products, sla):
        app.include_router(room.router)
