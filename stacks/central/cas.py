"""CAS: how programs of MOTU's time sign in, with the accounts of the federation's user pool.

A part of identity's stack, since all it is made of is there: the pool, its hosted pages and its
clients. Units know its address, and ask it whose a ticket is.
"""

from dataclasses import dataclass

from aws_cdk import CfnParameter, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.config import Central
from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings, log_group
from stacks.parts.http_api import FunctionApi, GatewaySpec
from stacks.parts.layers import Layers
from stacks.parts.permissions import allow
from stacks.parts.secret import master_secret, read_secret
from stacks.parts.table import table

# Whether a password is known is computed, slowly on purpose: on a whole processor.
CAS_API = FunctionSpec("cas_api", ("core", "web"), memory_mib=1769, timeout_s=29)
# A motuclient that waits for its order asks three times every ten seconds: 1,600 of them.
REQUESTS_PER_S = 500
BURST_REQUESTS = 1000


@dataclass(frozen=True, slots=True)
class People:
    """Who may sign in, and how.

    Attributes:
        pool: the federation's.
        pages: its hosted login.
        command_client_id: of the client that signs in with a password.
    """

    pool: cognito.UserPool
    pages: cognito.UserPoolDomain
    command_client_id: str


class CasDoor(Construct):
    """An HTTP API of its own with its function, its tickets and its secret.

    The function needs no permission in the pool: signing in with a client that has no secret is
    open to everybody, and IAM has no say in it.

    Attributes:
        url: of CAS, without a slash at its end.
        tickets: name of the table.
    """

    def __init__(self, scope: Construct, central: Central, people: People) -> None:
        super().__init__(scope, "Cas")
        tickets = table(self, "Tickets", ("ticket",), removal=central.removal, expires="expires_at")
        secret = master_secret(self, "the federation's CAS", central.removal)
        settings = {
            **_settings(people),
            "CAS_SERVICES": _services(Stack.of(self), central),
            "TICKETS_TABLE": tickets.table_name,
            "MASTER_SECRET_ARN": secret.secret_arn,
        }
        statements = [
            allow(
                [f"dynamodb:{verb}Item" for verb in ("Get", "Put", "Update", "Delete")],
                [tickets.table_arn],
            ),
            read_secret(secret),
        ]
        around = Surroundings(Layers(self, "Layers", "arm64"), settings, central.log_retention_days)
        function = PythonFunction(self, CAS_API, around, statements).function
        self.url = f"{self._api(central, function).url}/cas"
        self.tickets = tickets.table_name
        # The gateway is there without its function, so this is no circle.
        function.add_environment("CAS_URL", self.url)
        function.add_environment("HOSTED_CLIENT_ID", self._client(people).user_pool_client_id)

    def _api(self, central: Central, function: lambda_.IFunction) -> FunctionApi:
        """Make the gateway. No other page may call it: browsers are led here and led back.

        Its log has no paths: one ends in a ticket-granting ticket, good for an hour.
        """
        name = f"{Stack.of(self).stack_name}-cas"
        log = log_group(self, "AccessLog", central.log_retention_days, f"apis/{name}")
        spec = GatewaySpec(name, (), REQUESTS_PER_S, BURST_REQUESTS, logs_paths=False)
        return FunctionApi(self, spec, function, log)

    def _client(self, people: People) -> cognito.UserPoolClient:
        """Make the client of people in browsers: the hosted login sends them back to CAS.

        Its tokens are read by CAS and by nobody else, hence no unit is told of it.
        """
        return people.pool.add_client(
            "Cas",
            generate_secret=False,
            auth_flows=cognito.AuthFlow(),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID],
                callback_urls=[f"{self.url}/callback"],
                logout_urls=[f"{self.url}/signed-out"],
            ),
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
        )


def _settings(people: People) -> dict[str, str]:
    """What the function is told of the pool, and of what its log lines and metrics are."""
    return {
        "ATOLL_UNIT": "central",
        "USER_POOL_ID": people.pool.user_pool_id,
        "USER_POOL_CLIENT_ID": people.command_client_id,
        "ISSUER": people.pool.user_pool_provider_url,
        "JWKS_URL": "",  # under the issuer
        "HOSTED_LOGIN_URL": people.pages.base_url(),
        "LOG_LEVEL": "INFO",
        "POWERTOOLS_METRICS_NAMESPACE": "Atoll",
    }


def _services(stack: Stack, central: Central) -> str:
    """What the URLs begin with that tickets are given for, separated by commas."""
    return CfnParameter(
        stack,
        "CasServices",
        description="How the URLs of units' doors begin, separated by commas: no ticket for others",
        default=",".join(central.cas_services),
        # Each with a path, be it only a slash: a host's name alone begins other names too.
        allowed_pattern=r"(https?://[^/,\s]+/[^,\s]*(,https?://[^/,\s]+/[^,\s]*)*)?",
    ).value_as_string
