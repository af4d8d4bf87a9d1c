"""The CAS door's process."""

import secrets

from fastapi import FastAPI

from atoll.aws.sign_in import CognitoSignIn
from atoll.aws.tickets import DynamoTickets
from atoll.bootstrap.completion import make_clients
from atoll.bootstrap.hosted_login import CognitoHostedLogin
from atoll.bootstrap.identity import make_token_verifier
from atoll.bootstrap.notifier import make_secrets
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.settings import Settings, new_id, now
from atoll.errors import InvalidParameter
from atoll.model.service_url import AllowedServices
from atoll.ports.sign_in import SignInPorts
from atoll.web.cas.app import make_cas_app
from atoll.web.cas.context import CasDoor
from atoll.web.telemetry import PowertoolsTelemetry


class CasSettings(Settings):
    """What the door needs.

    Attributes:
        user_pool_client_id: of the client that signs in with a password.
        hosted_login_url: of the pool's hosted pages.
        hosted_client_id: of the client that exchanges codes.
        cas_url: absolute, of this door, up to and including `/cas`.
        cas_services: prefixes of what may be given tickets, with commas between them; empty =
            nothing may, as long as there is no unit.
    """

    user_pool_client_id: str
    issuer: str
    jwks_url: str = ""
    hosted_login_url: str
    hosted_client_id: str
    cas_url: str
    cas_services: str = ""
    tickets_table: str

    def services(self) -> AllowedServices:
        """What may be given tickets.

        Raises:
            InvalidParameter: an address is none.
        """
        try:
            return AllowedServices.parse(self.cas_services)
        except ValueError as fault:
            raise InvalidParameter(
                "CAS_SERVICES", self.cas_services, "URLs without a query, with commas between them"
            ) from fault


def make_ports(settings: CasSettings) -> SignInPorts:
    """Everything impure, on AWS."""
    clients = make_clients()
    verify = make_token_verifier(
        settings.issuer, settings.jwks_url, frozenset({settings.hosted_client_id})
    )
    return SignInPorts(
        tickets=DynamoTickets(clients.dynamodb, settings.tickets_table, now),
        sign_in=CognitoSignIn(clients.cognito, settings.user_pool_client_id),
        hosted_login=CognitoHostedLogin(
            settings.hosted_login_url.rstrip("/"),
            settings.hosted_client_id,
            settings.cas_url.rstrip("/"),
            verify,
        ),
        secrets=make_secrets(clients),
        services=settings.services(),
        now=now,
        new_id=new_id,
        new_secret=lambda: secrets.token_hex(32),
    )


def make_cas_door() -> FastAPI:
    """The application, from the environment."""
    settings = CasSettings.read()
    telemetry = PowertoolsTelemetry(logger, metrics)
    return make_cas_app(CasDoor(make_ports(settings), telemetry, settings.cas_url.rstrip("/")))
