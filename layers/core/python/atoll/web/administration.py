"""Routes: the unit's policy, for its operators; licences, for everybody."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from atoll.dialects.rest.accept import preferred
from atoll.dialects.rest.administration import (
    Acceptance,
    LicenceList,
    LicenceReply,
    PolicyReply,
    PolicyVersions,
    parse_acceptance,
    parse_if_match,
    policy_tag,
    render_licence,
    render_licences,
    render_policy,
    render_versions,
)
from atoll.services.licences import accept_licence, standings
from atoll.services.policies import newest_policy, policy_versions, put_policy
from atoll.web.context import Body, PortsHere, SignedIn, header_of
from atoll.web.problems import problems

router = APIRouter(tags=["administration"])

YAML, JSON = "text/yaml", "application/json"
OF_EVERYBODY = problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE)
OF_OPERATORS = OF_EVERYBODY | problems(HTTPStatus.FORBIDDEN)
_TAGGED = {"ETag": {"description": "The version's number.", "schema": {"type": "string"}}}
# Read as YAML it is a mapping, and no string.
_TEXT: dict[str, object] = {"content": {YAML: {}}}
_ACCEPTANCE = {"content": {JSON: {"schema": Acceptance.model_json_schema()}}}


@router.get(
    "/admin/policy",
    summary="The policy in force",
    response_model=None,  # one of two, by `Accept`
    responses=OF_OPERATORS
    | {200: _TEXT | {"model": PolicyReply, "description": "The policy", "headers": _TAGGED}},
)
def get_policy(
    request: Request,
    account: SignedIn,
    ports: PortsHere,
    response: Response,
    accept: Annotated[str, Header(description=f"{YAML}, unless {JSON} is liked better.")] = "",
) -> PolicyReply | Response:
    """As its author wrote it, or as JSON; its number is the ETag that a change needs."""
    del accept
    version = newest_policy(account, ports)
    headers = {"etag": policy_tag(version), "vary": "Accept"}
    if preferred(header_of(request, "accept"), (YAML, JSON)) == YAML:
        return Response(version.text, headers=headers, media_type=YAML)
    response.headers.update(headers)
    return render_policy(version)


@router.put(
    "/admin/policy",
    summary="Put a policy in force",
    responses=OF_OPERATORS
    | {200: {"description": "It is in force", "headers": _TAGGED}}
    | problems(
        HTTPStatus.BAD_REQUEST, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED
    ),
    openapi_extra={"requestBody": _TEXT | {"required": True}},
)
def put_new_policy(
    body: Body,
    account: SignedIn,
    ports: PortsHere,
    response: Response,
    if_match: Annotated[str | None, Header(description="ETag of the policy in force.")] = None,
) -> PolicyReply:
    """Refused as a whole, or in force: here at once, within seconds everywhere."""
    from atoll.dialects.policy import decode_policy, parse_policy  # noqa: PLC0415  YAML is rare

    expected = parse_if_match(if_match)
    version = put_policy(decode_policy(body), expected, parse_policy, account, ports)
    response.headers["etag"] = policy_tag(version)
    return render_policy(version)


@router.get(
    "/admin/policy/versions",
    summary="Who changed the policy, and when",
    responses=OF_OPERATORS | problems(HTTPStatus.BAD_REQUEST),
)
def list_policy_versions(
    account: SignedIn, ports: PortsHere, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> PolicyVersions:
    """The newest first."""
    return render_versions(policy_versions(account, limit, ports))


@router.get(
    "/me/licences", summary="Licences, and which of them are accepted", responses=OF_EVERYBODY
)
def list_licences(account: SignedIn, ports: PortsHere) -> LicenceList:
    """Those of the datasets that the caller may see."""
    return render_licences(standings(account, ports))


@router.put(
    "/me/licences/{licence}",
    summary="Accept a licence",
    responses=OF_OPERATORS | problems(HTTPStatus.BAD_REQUEST),
    openapi_extra={"requestBody": _ACCEPTANCE | {"required": True}},
)
def put_licence(licence: str, body: Body, account: SignedIn, ports: PortsHere) -> LicenceReply:
    """In its present revision; of a later one it must be accepted again."""
    return render_licence(accept_licence(licence, parse_acceptance(body), account, ports))
