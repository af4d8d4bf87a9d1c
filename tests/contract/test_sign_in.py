"""The SignIn port: one suite for the fake and for Cognito."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from types_boto3_cognito_idp import CognitoIdentityProviderClient

from atoll.aws.session import Session
from atoll.aws.sign_in import CognitoSignIn
from atoll.errors import DataError, Unavailable
from atoll.model.ticket import Identity
from atoll.ports.sign_in import SignIn
from tests.contract.cloud import Cloud, Faults
from tests.fakes.sign_in import FakeSignIn

WORD = "Grüße-2-東京"


@dataclass(frozen=True)
class Pool:
    """A user pool, seen from both sides.

    Attributes:
        sign_in: the port.
        add: name, password, groups; the account id is answered.
        invite: a user who has a temporary password.
    """

    sign_in: SignIn
    add: Callable[..., str]
    invite: Callable[[str, str], None]


def fake_pool() -> Pool:
    fake = FakeSignIn()

    def add(username: str, password: str, *groups: str) -> str:
        return fake.add(username, password, *groups).account.account_id

    def invite(username: str, password: str) -> None:
        fake.add(username, password, challenged=True)

    return Pool(fake, add, invite)


def cognito_pool(aws: Cloud) -> Pool:
    cognito = aws.cognito
    pool = cognito.create_user_pool(PoolName="people")["UserPool"]["Id"]
    flows = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="command",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )
    client_id = flows["UserPoolClient"]["ClientId"]

    def invite(username: str, password: str) -> None:
        cognito.admin_create_user(UserPoolId=pool, Username=username, TemporaryPassword=password)

    def add(username: str, password: str, *groups: str) -> str:
        invite(username, password)
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=username, Password=password, Permanent=True
        )
        for group in groups:
            cognito.create_group(UserPoolId=pool, GroupName=group)
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName=group)
        user = cognito.admin_get_user(UserPoolId=pool, Username=username)
        return next(one["Value"] for one in user["UserAttributes"] if one["Name"] == "sub")

    return Pool(CognitoSignIn(cognito, client_id), add, invite)


@pytest.fixture(params=["fake", "aws"])
def pool(request: pytest.FixtureRequest) -> Pool:
    return fake_pool() if request.param == "fake" else cognito_pool(request.getfixturevalue("aws"))


def test_a_right_password_tells_the_account_and_its_groups(pool: Pool) -> None:
    account_id = pool.add("ann", WORD, "public", "navy")
    identity = pool.sign_in.check_password("ann", WORD)
    assert isinstance(identity, Identity)
    assert (identity.username, identity.account.account_id) == ("ann", account_id)
    assert sorted(identity.account.profiles) == ["navy", "public"]


def test_who_is_in_no_group_has_no_profile(pool: Pool) -> None:
    pool.add("ann", WORD)
    identity = pool.sign_in.check_password("ann", WORD)
    assert isinstance(identity, Identity)
    assert identity.account.profiles == ()


def test_a_wrong_password_and_an_unknown_user_are_refused_alike(pool: Pool) -> None:
    pool.add("ann", WORD)
    assert pool.sign_in.check_password("ann", f"{WORD} ") == "wrong-password"
    assert pool.sign_in.check_password("nobody", WORD) == "wrong-password"


def test_a_temporary_password_is_not_enough(pool: Pool) -> None:
    pool.invite("new", WORD)
    assert pool.sign_in.check_password("new", WORD) == "more-needed"
    assert pool.sign_in.check_password("new", "other") == "wrong-password"


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        ("PasswordResetRequiredException", "more-needed"),
        ("UserNotConfirmedException", "more-needed"),
        ("NotAuthorizedException", "wrong-password"),
    ],
)
def test_cognitos_refusals(aws: Cloud, faults: Faults, error: str, refusal: str) -> None:
    sign_in = cognito_pool(aws).sign_in
    faults.refuse("cognito", "InitiateAuth", error)
    assert sign_in.check_password("ann", WORD) == refusal


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("TooManyRequestsException", 400),
        ("LimitExceededException", 400),
        ("InternalErrorException", 500),
    ],
)
def test_a_cognito_that_wants_to_be_left_alone_is_unavailable(
    aws: Cloud, faults: Faults, error: str, status: int
) -> None:
    sign_in = cognito_pool(aws).sign_in
    faults.refuse("cognito", "InitiateAuth", error, status)
    with pytest.raises(Unavailable, match="sign-in"):
        sign_in.check_password("ann", WORD)


def test_a_cognito_that_does_not_answer_is_unavailable(aws: Cloud, faults: Faults) -> None:
    sign_in = cognito_pool(aws).sign_in
    faults.break_off("cognito", "InitiateAuth", ReadTimeoutError(endpoint_url="cognito"))
    with pytest.raises(Unavailable):
        sign_in.check_password("ann", WORD)


def test_an_operators_mistake_is_nobodys_wrong_password(aws: Cloud, faults: Faults) -> None:
    sign_in = cognito_pool(aws).sign_in
    faults.refuse("cognito", "InitiateAuth", "InvalidParameterException")
    with pytest.raises(ClientError, match="InvalidParameter"):
        sign_in.check_password("ann", WORD)


def test_without_credentials_of_aws_it_may_be_asked() -> None:
    """The operation is open to everybody: the function needs no permission for it."""
    model = Session("eu-central-1").cognito(None).meta.service_model
    assert model.operation_model("InitiateAuth").auth_type == "none"


def test_an_answer_whose_token_is_none_is_told() -> None:
    class Odd:
        def initiate_auth(self, **_: object) -> dict[str, object]:
            return {"AuthenticationResult": {"AccessToken": "no.token"}}

    with pytest.raises(DataError, match="no access token"):
        CognitoSignIn(cast("CognitoIdentityProviderClient", Odd()), "c").check_password("ann", WORD)
