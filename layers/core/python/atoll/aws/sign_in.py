"""Cognito, asked with a password (InitiateAuth, USER_PASSWORD_AUTH). No credentials are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from atoll.aws.faults import answering, code_of
from atoll.model.claims import read_identity

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

    from atoll.model.ticket import Identity
    from atoll.ports.sign_in import SignInRefusal

# An unknown user reads as a wrong password wherever the pool is asked not to tell.
REFUSALS: dict[str, SignInRefusal] = {
    "NotAuthorizedException": "wrong-password",
    "UserNotFoundException": "wrong-password",
    "PasswordResetRequiredException": "more-needed",
    "UserNotConfirmedException": "more-needed",
}


class CognitoSignIn:
    """The SignIn port."""

    def __init__(self, cognito: CognitoIdentityProviderClient, client_id: str) -> None:
        self._cognito = cognito
        self._client_id = client_id

    def check_password(self, username: str, password: str) -> Identity | SignInRefusal:
        """Whose password this is; see `ports.sign_in.SignIn`."""
        try:
            with answering("sign-in"):
                answer = self._cognito.initiate_auth(
                    ClientId=self._client_id,
                    AuthFlow="USER_PASSWORD_AUTH",
                    AuthParameters={"USERNAME": username, "PASSWORD": password},
                )
        except ClientError as fault:
            refusal = REFUSALS.get(code_of(fault))
            if refusal is None:
                raise
            return refusal
        token = answer.get("AuthenticationResult", {}).get("AccessToken")
        # Without tokens it is a challenge: a new password, a second factor.
        return "more-needed" if token is None else read_identity(token, username)
