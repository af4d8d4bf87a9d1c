"""Access tokens: what is read of them, and what is not."""

import base64
import json
from typing import Any

import pytest
from joserfc import jwt

from atoll.errors import DataError
from atoll.model.claims import read_identity
from tests.web.builders import KEY, claims, token, token_of_groups


def test_an_access_token_tells_account_groups_and_name():
    identity = read_identity(token(username="ann"))
    assert identity.username == "ann"
    assert (identity.account.account_id, identity.account.profiles) == ("ann-id", ("public",))
    assert read_identity(token_of_groups(), "typed").username == "typed"
    assert read_identity(token_of_groups()).account.profiles == ()


def test_a_group_with_a_comma_is_not_read_as_two_others():
    """CAS tells groups with commas between them."""
    held = token_of_groups("public", "x,operators")
    assert read_identity(held).account.profiles == ("public",)


def part(document: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    ["", "x", "a.b.c", "a.é.c", f"a.{part([])}.c", f"a.{part('x')}.c", f"a.{part({})}.c",
     f"a.{part({'sub': ''})}.c", f"a.{part({'sub': 'a', 'cognito:groups': 5})}.c"],
)  # fmt: skip
def test_what_is_no_access_token_is_not_shown(text):
    with pytest.raises(DataError) as fault:
        read_identity(text)
    assert fault.value.facts == {}
    assert fault.value.detail == "The sign-in answered with something that is no access token."


def test_the_name_is_the_providers_and_not_as_it_was_typed():
    held = jwt.encode({"alg": "RS256", "kid": "ours"}, claims(username="ann"), KEY)
    assert read_identity(held, "Ann@example.org").username == "ann"
