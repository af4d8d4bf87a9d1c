"""The WCS door as an application: two paths, GET and POST, exceptions in OGC's form."""

import asyncio

from fastapi import FastAPI

from atoll.ports import Ports
from atoll.services.history import History
from atoll.web.context import CorrelationId, Door, Pause
from atoll.web.identity import Authenticate
from atoll.web.observability import Telemetry
from atoll.web.wcs import routes
from atoll.web.wcs.exceptions import handle_exceptions
from atoll.web.wcs.place import Place


def make_wcs_app(
    ports: Ports,
    authenticate: Authenticate,
    telemetry: Telemetry,
    place: Place,
    pause: Pause = asyncio.sleep,
) -> FastAPI:
    """The application of one dissemination unit; for its arguments see `Door` and `Place`."""
    # A redirect to the path without its last slash would be made of the caller's own host name.
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.door = Door(ports, authenticate, telemetry, pause, History(ports))
    app.state.place = place
    handle_exceptions(app)
    app.add_middleware(CorrelationId)
    app.include_router(routes.router)
    return app
