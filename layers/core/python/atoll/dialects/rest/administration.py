"""Documents of policy and licences, and what comes with them."""

import re
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from atoll.errors import ConditionMissing, InvalidParameter
from atoll.model.policy import Policy, PolicyVersion
from atoll.services.licences import Standing

_TAG = re.compile(r'"(0|[1-9]\d{0,9})"')
_TAG_ACCEPTED = 'give the ETag of GET /admin/policy, such as "3"'


class PolicyLine(BaseModel):
    """A version of the policy, in short."""

    number: int = Field(description="0 = none was ever put.")
    author: str = Field(description="Account id.")
    put_at: datetime | None


class PolicyReply(PolicyLine):
    """A version of the policy."""

    text: str = Field(description="As its author wrote it.")
    policy: Policy = Field(description="As it is understood.")


class PolicyVersions(BaseModel):
    """Versions of the policy, the newest first."""

    versions: list[PolicyLine]


class Acceptance(BaseModel):
    """What an account accepts."""

    model_config = ConfigDict(extra="forbid", strict=True)

    revision: int = Field(description="The licence's present one.", examples=[1])


class LicenceReply(BaseModel):
    """A licence, and how the account stands with it."""

    id: str
    title: str
    revision: int
    url: str
    datasets: list[str]
    accepted: bool
    accepted_revision: int | None


class LicenceList(BaseModel):
    """Licences of the datasets that the account may see."""

    licences: list[LicenceReply]


def parse_if_match(header: str | None) -> int:
    """The number of the version that a change is based on.

    Raises:
        ConditionMissing: there is no header.
        InvalidParameter: it is none that was given out.
    """
    if header is None:
        raise ConditionMissing(
            f"If-Match: this header must be there; {_TAG_ACCEPTED}.",
            {"parameter": "If-Match", "value": None, "accepted": _TAG_ACCEPTED},
        )
    found = _TAG.fullmatch(header.strip())
    if found is None:
        raise InvalidParameter("If-Match", header, _TAG_ACCEPTED)
    return int(found[1])


def parse_acceptance(body: bytes) -> int:
    """The revision that is accepted.

    Raises:
        InvalidParameter: it is not such a document.
    """
    try:
        return Acceptance.model_validate_json(body).revision
    except ValidationError as fault:
        found = fault.errors()[0]
        name = ".".join(str(part)[:60] for part in found["loc"]) or "body"
        value = "nothing" if found["type"] == "missing" else found["input"]
        raise InvalidParameter(name, value, 'give {"revision": 1}, a whole number') from fault


def policy_tag(version: PolicyVersion) -> str:
    """The ETag of a version."""
    return f'"{version.number}"'


def render_policy(version: PolicyVersion) -> PolicyReply:
    """A version, whole."""
    return PolicyReply(**dict(version))


def render_versions(versions: Sequence[PolicyVersion]) -> PolicyVersions:
    """Versions, in short."""
    return PolicyVersions(
        versions=[
            PolicyLine(number=one.number, author=one.author, put_at=one.put_at) for one in versions
        ]
    )


def render_licence(standing: Standing) -> LicenceReply:
    """A licence."""
    return LicenceReply(
        id=standing.name,
        title=standing.licence.title,
        revision=standing.licence.revision,
        url=standing.licence.url,
        datasets=list(standing.datasets),
        accepted=standing.is_accepted,
        accepted_revision=standing.accepted_revision,
    )


def render_licences(standings: Sequence[Standing]) -> LicenceList:
    """All of them."""
    return LicenceList(licences=[render_licence(standing) for standing in standings])
