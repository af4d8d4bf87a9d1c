"""Tokens are verified offline; keys are fetched as seldom as may be."""

import base64
import json

import pytest
from joserfc.jwk import RSAKey

from atoll.errors import NotAuthenticated, Unavailable
from atoll.model.job import ANONYMOUS
from atoll.web.identity import TokenVerifier
from tests.web.builders import CLIENT_ID, ISSUER, Issuer, token, token_of_groups
from tests.world import World


def verifier(issuer: Issuer, world: World) -> TokenVerifier:
    return TokenVerifier(ISSUER, frozenset({CLIENT_ID}), issuer.fetch, world.now)


def test_subject_and_groups_become_account_and_profiles():
    verify = verifier(Issuer(), World())
    account = verify(f"Bearer {token()}")
    assert (account.account_id, account.profiles) == ("ann-id", ("public",))
    assert verify(f"bearer {token_of_groups()}").profiles == ()
    assert verify(None) == ANONYMOUS


def test_keys_are_fetched_once():
    issuer = Issuer()
    verify = verifier(issuer, World())
    for _ in range(3):
        verify(f"Bearer {token()}")
    assert issuer.asked == 1


def test_a_new_key_is_fetched_but_an_invented_one_does_not_make_us_ask_each_time():
    issuer, world = Issuer(), World()
    verify = verifier(issuer, world)
    verify(f"Bearer {token()}")
    rotated = RSAKey.generate_key(2048, {"kid": "new", "alg": "RS256"}, auto_kid=False)
    issuer.keys.append(rotated)
    for _ in range(3):
        with pytest.raises(NotAuthenticated):
            verify(f"Bearer {token(rotated, kid='new')}")
    assert issuer.asked == 1
    world.later(301)
    fresh = token(rotated, kid="new", exp=int(world.now().timestamp()) + 60)
    assert verify(f"Bearer {fresh}").account_id == "ann-id"
    assert issuer.asked == 2


def test_when_the_issuer_is_away_the_kept_keys_still_serve():
    world, issuer = World(), Issuer()
    verify = verifier(issuer, world)
    verify(f"Bearer {token()}")
    world.later(301)

    def away() -> None:
        raise Unavailable("away")

    issuer.fetch = away  # type: ignore[method-assign,assignment]
    assert verify(f"Bearer {token()}").account_id == "ann-id"


def test_without_any_key_the_sign_in_is_unavailable_and_nobody_is_refused():
    def away():
        raise Unavailable("The sign-in's keys cannot be read now; try again.")

    verify = TokenVerifier(ISSUER, frozenset({CLIENT_ID}), away, World().now)
    with pytest.raises(Unavailable):
        verify(f"Bearer {token()}")


@pytest.mark.parametrize("published", [{}, [], None, {"keys": 5}, {"keys": [{"kty": "RSA"}]}])
def test_an_issuer_that_publishes_no_keys_is_unavailable_and_nobody_is_refused(published):
    verify = TokenVerifier(ISSUER, frozenset({CLIENT_ID}), lambda: published, World().now)
    with pytest.raises(Unavailable):
        verify(f"Bearer {token()}")


@pytest.mark.parametrize(
    ("scope", "may_order"),
    [
        ("aws.cognito.signin.user.admin", True),
        ("openid profile", True),
        (None, True),
        ("atoll/read", False),
        ("openid atoll/read", False),
        ("atoll/read atoll/order", True),
    ],
)
def test_a_token_made_for_reading_may_not_order(scope, may_order):
    account = verifier(Issuer(), World())(f"Bearer {token(scope=scope)}")
    assert account.may_order is may_order


@pytest.mark.parametrize(
    "head",
    [[], "a", None, {}, {"alg": ["RS256"]}, {"alg": "RS256", "crit": 5}, {"alg": "none"}],
)
@pytest.mark.parametrize("rest", ["", ".", "..", ".e30.eA", ".e30.eA.eA.eA"])
def test_whatever_is_sent_as_a_token_is_refused(head, rest):
    sent = base64.urlsafe_b64encode(json.dumps(head).encode()).decode().rstrip("=")
    with pytest.raises(NotAuthenticated):
        verifier(Issuer(), World())(f"Bearer {sent}{rest}")
