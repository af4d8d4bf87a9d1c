"""The demo's users, over starts that were interrupted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import boto3
import pytest
from moto import mock_aws

from stacks.local.cloud import DeployedStack
from stacks.local.seed import PROFILES, seed_users

REGION = "eu-west-1"


@dataclass(frozen=True)
class Central:
    """As much of the deployed central stack as users need: a pool, a client, the groups."""

    cognito: Any
    outputs: dict[str, str]

    @property
    def cloud(self) -> "Central":
        return self

    def client(self, _service: str) -> Any:
        return self.cognito

    def profiles(self, username: str) -> list[str]:
        groups = self.cognito.admin_list_groups_for_user(
            UserPoolId=self.outputs["UserPoolId"], Username=username
        )
        return [group["GroupName"] for group in groups["Groups"]]

    def signs_in(self, username: str, password: str) -> bool:
        answer = self.cognito.initiate_auth(
            ClientId=self.outputs["CommandClientId"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": password},
        )
        return "AccessToken" in answer["AuthenticationResult"]


@pytest.fixture
def central() -> Iterator[Central]:
    with mock_aws():
        cognito = boto3.client("cognito-idp", region_name=REGION)
        pool = cognito.create_user_pool(PoolName="users")["UserPool"]["Id"]
        for profile in PROFILES.values():
            cognito.create_group(UserPoolId=pool, GroupName=profile)
        made = cognito.create_user_pool_client(
            UserPoolId=pool, ClientName="c", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
        )
        client = made["UserPoolClient"]["ClientId"]
        yield Central(cognito, {"UserPoolId": pool, "CommandClientId": client})


def test_a_user_made_by_an_interrupted_start_can_sign_in(central: Central) -> None:
    central.cognito.admin_create_user(UserPoolId=central.outputs["UserPoolId"], Username="nav")
    users = seed_users(cast("DeployedStack", central), [])
    for user in users:
        assert central.signs_in(user.username, user.password)
        assert central.profiles(user.username) == [user.profile]


def test_users_who_are_known_keep_their_passwords(central: Central) -> None:
    first = seed_users(cast("DeployedStack", central), [])
    assert seed_users(cast("DeployedStack", central), first) == first
    assert all(central.signs_in(user.username, user.password) for user in first)
