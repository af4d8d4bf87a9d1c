"""The REST door's process."""

from fastapi import FastAPI

from atoll.bootstrap.doors import make_ports, make_verifier
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.settings import DoorSettings
from atoll.web.app import make_app
from atoll.web.telemetry import PowertoolsTelemetry


def make_door() -> FastAPI:
    """The application, from the environment."""
    settings = DoorSettings.read()
    return make_app(
        make_ports(settings),
        make_verifier(settings),
        PowertoolsTelemetry(logger, metrics),
    )
