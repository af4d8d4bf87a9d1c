"""The REST door's process."""

from dataclasses import replace

from fastapi import FastAPI
from pydantic import Field

from atoll.bootstrap.announcing import announced_policies
from atoll.bootstrap.deliveries import make_delivery_ports
from atoll.bootstrap.doors import make_ports, make_verifier
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.settings import DoorSettings, UnitSettings
from atoll.model.record import Publisher
from atoll.web.app import make_app, take_deliveries
from atoll.web.telemetry import PowertoolsTelemetry


class RestSettings(DoorSettings):
    """What the REST door needs besides.

    Attributes:
        api_url: see Publisher.
    """

    api_url: str = Field(pattern=r"^https?://.*[^/]$")


def make_door() -> FastAPI:
    """The application, from the environment."""
    settings = RestSettings.read()
    ports = make_ports(settings)
    policies = announced_policies(ports.policies, ports.catalogue, logger.warning)
    app = make_app(
        replace(ports, policies=policies),
        make_verifier(settings),
        PowertoolsTelemetry(logger, metrics),
        Publisher(name=UnitSettings.read().atoll_unit, url=settings.api_url),
    )
    take_deliveries(app, make_delivery_ports())
    return app
