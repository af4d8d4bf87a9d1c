"""What a unit's stack is told of central when it is deployed: plain strings."""

from aws_cdk import CfnParameter
from constructs import Construct

from stacks.config import Central
from stacks.parts.sign_in import SignIn


class Identity(SignIn):
    """Parameters of a unit's stack; nothing is imported from central's stack or account.

    Attributes:
        cas_url: of the federation's CAS, without a slash at its end; empty = there is none.
    """

    def __init__(self, stack: Construct, central: Central) -> None:
        super().__init__(stack, central)
        self.cas_url = CfnParameter(
            stack,
            "CasUrl",
            description="URL of the federation's CAS: output CasUrl of central's stack, or nothing",
            default=central.cas_url or "",
            allowed_pattern=r"(https?://.+/cas)?",
        ).value_as_string
