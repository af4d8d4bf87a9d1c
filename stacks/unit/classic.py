"""The doors that programs of MOTU's time and OGC's clients know: Motu and WCS, behind one API.

Central is nothing but an address here: without CAS the Motu door serves guests, or nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from stacks.config import Motu
from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings, camel
from stacks.parts.http_api import FunctionApi

# Both hold answers open for as long as the gateway waits.
MOTU_API = FunctionSpec("motu_api", ("core", "web"), memory_mib=1024, timeout_s=29)
WCS_API = FunctionSpec("wcs_api", ("core", "web"), memory_mib=1024, timeout_s=29)
MOTU_PATHS = ("/motu-web", "/motu-web/{proxy+}", "/motu-open", "/motu-open/{proxy+}")
WCS_PATHS = ("/wcs", "/motu-web/wcs")


@dataclass(frozen=True, slots=True)
class ClassicDoors:
    """What both doors are made with.

    Attributes:
        api: the unit's, on which they have their paths.
        around: what the unit's functions have in common.
        statements: what a door may do.
        motu: how the operator wants them.
    """

    api: FunctionApi
    around: Surroundings
    statements: Sequence[iam.PolicyStatement]
    motu: Motu

    def motu_door(self, cas_url: str) -> lambda_.IFunction:
        """Make the Motu door.

        Args:
            cas_url: where it sends people to sign in; empty = nowhere.

        Returns:
            Its function, which also stands behind the load balancer where there is one; links
            lead there then.
        """
        front = self.motu.load_balancer
        url = front.url if front else self.api.url
        return self._open(MOTU_API, MOTU_PATHS, {"CAS_URL": cas_url, "API_URL": url})

    def wcs_door(self) -> None:
        """Make the WCS door."""
        self._open(WCS_API, WCS_PATHS, {"API_URL": self.api.url})

    def _open(
        self, spec: FunctionSpec, paths: Sequence[str], settings: dict[str, str]
    ) -> lambda_.IFunction:
        guests = {"GUESTS": str(self.motu.guests).lower()}
        around = replace(self.around, environment={**self.around.environment, **guests, **settings})
        stack = Stack.of(self.api)
        function = PythonFunction(stack, spec, around, self.statements).function
        self.api.hand_over(paths, camel(spec.folder), function)
        return function
