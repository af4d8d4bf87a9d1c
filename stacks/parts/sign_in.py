"""What a stack beside central's identity is told of it when it is deployed: plain strings."""

from aws_cdk import CfnParameter, Fn
from constructs import Construct

from stacks.config import Central


class SignIn:
    """Parameters of a stack; nothing is imported from identity's stack or account.

    Attributes:
        issuer: URL of the user pool, as in a token's `iss`.
        jwks_url: where the pool's public keys are; empty = under the issuer.
        client_ids: of the pool's clients whose tokens are accepted, a list token.
    """

    def __init__(self, stack: Construct, central: Central) -> None:
        self.issuer = CfnParameter(
            stack,
            "Issuer",
            description="URL of the federation's user pool: output Issuer of central's stack",
            default=central.issuer,
            allowed_pattern=r"https?://.+",
        ).value_as_string
        self.jwks_url = CfnParameter(
            stack,
            "JwksUrl",
            description="Where the pool's public keys are, if not under the issuer",
            default="",
        ).value_as_string
        self.client_ids = CfnParameter(
            stack,
            "ClientIds",
            type="CommaDelimitedList",
            description="Clients whose tokens are accepted: output ClientIds of central's stack",
            default=",".join(central.client_ids) or None,
        ).value_as_list

    @property
    def environment(self) -> dict[str, str]:
        """The same as settings of a function."""
        return {
            "ISSUER": self.issuer,
            "JWKS_URL": self.jwks_url,
            "CLIENT_IDS": Fn.join(",", self.client_ids),
        }
