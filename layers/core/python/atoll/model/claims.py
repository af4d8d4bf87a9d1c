"""Who an access token of Cognito is of, as it says itself. Pure; no signature is looked at."""

import base64
import json

from pydantic import BaseModel, Field, ValidationError

from atoll.errors import DataError
from atoll.model.job import Account
from atoll.model.ticket import Identity


class _Claims(BaseModel):
    sub: str = Field(min_length=1)
    username: str = ""
    groups: tuple[str, ...] = Field((), alias="cognito:groups")


def read_identity(access_token: str, username: str = "") -> Identity:
    """Who a token is of that came from the issuer itself (OpenID Connect Core, 3.1.3.7, no. 6).

    Args:
        access_token: compact serialisation (RFC 7515, section 7.1).
        username: what the user is called where the token does not say.

    Raises:
        DataError: it is no such token; nothing of it is told.
    """
    try:
        payload = access_token.split(".")[1]
        document = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        claims = _Claims.model_validate(json.loads(document))
    except (LookupError, ValueError, ValidationError) as fault:
        raise DataError("The sign-in answered with something that is no access token.") from fault
    # CAS tells a user's groups in one line, with commas between them: a group that has one in its
    # name would read as two others.
    groups = tuple(group for group in claims.groups if "," not in group)
    return Identity(
        username=claims.username or username,
        account=Account(account_id=claims.sub, profiles=groups),
    )
