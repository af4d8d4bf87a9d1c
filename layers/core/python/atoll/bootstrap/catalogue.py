"""The process of the central catalogue's doors."""

from pathlib import Path
from tempfile import gettempdir

from fastapi import FastAPI

from atoll.aws.record_store import S3RecordStore
from atoll.bootstrap.completion import make_clients
from atoll.bootstrap.identity import make_token_verifier
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.settings import Settings, new_id, now
from atoll.catalogue.library import Library
from atoll.catalogue.settings import Catalogue
from atoll.web.catalogue.app import make_catalogue_app
from atoll.web.catalogue.context import CatalogueDoor, CataloguePorts
from atoll.web.telemetry import PowertoolsTelemetry

FOLDER = "atoll-catalogue"


class CatalogueSettings(Settings):
    """What the doors need.

    Attributes:
        catalogue_bucket: of the catalogue.
        api_url: absolute, of the doors, without a slash at its end.
        client_ids: for whom tokens may have been issued, with commas between them.
        catalogue_title, catalogue_abstract, catalogue_provider, catalogue_email: see `Catalogue`.
    """

    catalogue_bucket: str
    api_url: str
    issuer: str
    jwks_url: str = ""
    client_ids: str
    catalogue_title: str
    catalogue_abstract: str
    catalogue_provider: str
    catalogue_email: str = ""

    def catalogue(self) -> Catalogue:
        """What the catalogue says of itself."""
        return Catalogue(
            url=self.api_url.rstrip("/"),
            title=self.catalogue_title,
            abstract=self.catalogue_abstract,
            provider=self.catalogue_provider,
            email=self.catalogue_email,
        )


def make_catalogue_door() -> FastAPI:
    """The application, from the environment."""
    settings = CatalogueSettings.read()
    source = S3RecordStore(make_clients().s3, settings.catalogue_bucket)
    library = Library(source, Path(gettempdir(), FOLDER), settings.catalogue(), now)
    clients = frozenset(settings.client_ids.split(","))
    verify = make_token_verifier(settings.issuer, settings.jwks_url, clients)
    telemetry = PowertoolsTelemetry(logger, metrics)
    ports = CataloguePorts(library, new_id, now)
    return make_catalogue_app(CatalogueDoor(ports, verify, telemetry))
