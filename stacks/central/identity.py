"""Who is who in the federation: a user pool, its groups, its hosted login, its clients, CAS."""

from aws_cdk import CfnOutput, Duration, Environment, Fn, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from stacks.central.cas import CasDoor, People
from stacks.config import Central, Federation
from stacks.parts.table import removal_policy

SCOPES = {
    "read": "See datasets, quotes, jobs and results",
    "order": "Place and cancel orders",
}


class IdentityStack(Stack):
    """The federation's user pool. A profile is a group, and stands in a user's token.

    Outputs: Issuer, ClientIds and CasUrl (what every unit is told), UserPoolId, the three
    clients' ids, the URL of the hosted login and the name of the table of tickets.
    """

    def __init__(self, scope: Construct, name: str, federation: Federation) -> None:
        central = federation.central
        super().__init__(
            scope,
            name,
            env=Environment(account=central.account, region=central.region),
            description=f"Identity of the federation {federation.name}",
        )
        self._pool = _pool(self, name, central)
        for profile in federation.profiles:
            cognito.CfnUserPoolGroup(
                self,
                f"Profile{profile.title().replace('-', '')}",
                user_pool_id=self._pool.user_pool_id,
                group_name=profile,
            )
        domain = self._pool.add_domain(
            "Login",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=central.login_prefix),
        )
        clients = {
            "WebClientId": self._web_client(central),
            "CommandClientId": self._command_client(),
            "MachineClientId": self._machine_client(),
        }
        ids = {key: client.user_pool_client_id for key, client in clients.items()}
        cas = CasDoor(self, central, People(self._pool, domain, ids["CommandClientId"]))
        told = {
            "Issuer": self._pool.user_pool_provider_url,
            "ClientIds": Fn.join(",", list(ids.values())),
            "UserPoolId": self._pool.user_pool_id,
            "LoginUrl": domain.base_url(),
            "CasUrl": cas.url,
            "TicketsTable": cas.tickets,
            **ids,
        }
        for key, value in told.items():
            CfnOutput(self, key, value=value)

    def _web_client(self, central: Central) -> cognito.UserPoolClient:
        """Make the portal's client: code with PKCE at the hosted login, no secret to leak."""
        return self._pool.add_client(
            "Web",
            generate_secret=False,
            auth_flows=cognito.AuthFlow(user_srp=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[
                    cognito.OAuthScope.OPENID,
                    cognito.OAuthScope.EMAIL,
                    cognito.OAuthScope.PROFILE,
                ],
                callback_urls=list(central.callback_urls),
                logout_urls=list(central.logout_urls),
            ),
            access_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(1),
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
        )

    def _command_client(self) -> cognito.UserPoolClient:
        """Make the command line's client: a password, and a refresh token to keep instead."""
        return self._pool.add_client(
            "Command",
            generate_secret=False,
            auth_flows=cognito.AuthFlow(user_password=True, user_srp=True),
            disable_o_auth=True,
            access_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(30),
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
        )

    def _machine_client(self) -> cognito.UserPoolClient:
        """Make the client of programs that act as themselves, with a secret and scopes."""
        scopes = [
            cognito.ResourceServerScope(scope_name=scope, scope_description=text)
            for scope, text in SCOPES.items()
        ]
        server = self._pool.add_resource_server("Server", identifier="atoll", scopes=scopes)
        return self._pool.add_client(
            "Machine",
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[cognito.OAuthScope.resource_server(server, scope) for scope in scopes],
            ),
            access_token_validity=Duration.hours(1),
            enable_token_revocation=True,
        )


def _pool(scope: Construct, name: str, central: Central) -> cognito.UserPool:
    """Make the pool; people are invited by an operator, as a profile is a permission."""
    return cognito.UserPool(
        scope,
        "Pool",
        user_pool_name=name,
        self_sign_up_enabled=False,
        sign_in_aliases=cognito.SignInAliases(username=True, email=True),
        sign_in_case_sensitive=False,
        password_policy=cognito.PasswordPolicy(
            min_length=12,
            require_digits=True,
            require_lowercase=True,
            require_uppercase=True,
            require_symbols=True,
            temp_password_validity=Duration.days(7),
        ),
        mfa=cognito.Mfa.OPTIONAL,
        mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True),
        account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
        deletion_protection=central.removal == "retain",
        removal_policy=removal_policy(central.removal),
    )
