"""The central catalogue as an application: CSW, Records, OpenSearch, OAI-PMH and STAC."""

from fastapi import FastAPI

from atoll.web.catalogue import classic, records, stac
from atoll.web.catalogue.context import CatalogueDoor
from atoll.web.catalogue.problems import handle_problems
from atoll.web.context import CorrelationId


def make_catalogue_app(door: CatalogueDoor) -> FastAPI:
    """The application; its OpenAPI document is of the STAC API."""
    # A redirect to the path without its last slash would be made of the caller's own host name.
    app = FastAPI(
        title="Atoll catalogue",
        version="1.0.0",
        openapi_url="/stac/api",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.door = door
    handle_problems(app)
    app.add_middleware(CorrelationId)
    for room in (classic, records, stac):
        app.include_router(room.router)
    return app
