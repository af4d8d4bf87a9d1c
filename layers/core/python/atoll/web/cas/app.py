"""The CAS door as an application; its paths, formats and refusals are in the other modules."""

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atoll.web.cas import login, rest, validate
from atoll.web.cas.context import HEADERS, CasDoor
from atoll.web.cas.problems import handle_problems
from atoll.web.context import CorrelationId


class Guarded:
    """Give every answer, refusals too, the headers that keep it private."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_guarded)


def make_cas_app(door: CasDoor) -> FastAPI:
    """The application, under `/cas`."""
    # A redirect to the path without its last slash would be made of the caller's own host name.
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.door = door
    handle_problems(app)
    app.add_middleware(Guarded)
    app.add_middleware(CorrelationId)
    for room in (login, rest, validate):
        app.include_router(room.router, prefix="/cas")
    return app
