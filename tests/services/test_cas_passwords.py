"""Passwords: who is asked, how often, and what is kept of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from atoll.errors import BrokerError, NotAuthenticated, Unavailable
from atoll.model.ticket import Identity
from atoll.services.attempts import FAILURES_PER_ADDRESS, FAILURES_PER_USER, LOCKED
from atoll.services.passwords import MORE_NEEDED, WRONG, verify_password
from tests.sign_in_world import ANN, HOST, PASSWORD, SignInWorld, credentials

pytestmark = pytest.mark.slow


def refused(world: SignInWorld, password: str, username: str = "ann", address: str = HOST) -> str:
    """In which words a sign-in is refused."""
    with pytest.raises(NotAuthenticated) as fault:
        verify_password(credentials(password, username, address), world.ports)
    return fault.value.detail


def test_a_password_is_asked_for_once_in_ten_minutes():
    world = SignInWorld()
    for _ in range(5):
        assert verify_password(credentials(), world.ports) == ANN
        world.later(119.9)
    assert world.sign_in.asked == ["ann"]
    world.later(0.5)
    assert verify_password(credentials(), world.ports) == ANN
    assert world.sign_in.asked == ["ann", "ann"]


def test_a_changed_password_works_at_once_and_the_old_one_no_more():
    world = SignInWorld()
    verify_password(credentials(), world.ports)
    world.sign_in.add("ann", "new", "public", "navy")
    assert verify_password(credentials("new"), world.ports) == ANN
    assert refused(world, PASSWORD) == WRONG


def test_a_wrong_password_does_not_forget_the_right_one():
    world = SignInWorld()
    verify_password(credentials(), world.ports)
    assert refused(world, "wrong") == WRONG
    verify_password(credentials(), world.ports)
    assert world.sign_in.asked == ["ann", "ann"]


def test_of_a_password_nothing_is_kept_that_it_could_be_guessed_with():
    world, other = SignInWorld(), SignInWorld()
    other.secrets.master = b"another"
    for one in (world, other):
        verify_password(credentials(), one.ports)
    assert not any(word in world.held() for word in (PASSWORD, PASSWORD.encode().hex()))
    assert "ann" not in " ".join(world.tickets.items)
    assert world.held() != other.held()
    # Two users with one password are not seen to have it.
    world.sign_in.add("bob", PASSWORD)
    verify_password(credentials(username="bob"), world.ports)
    checks = [text for key, (text, _) in world.tickets.items.items() if key.startswith("check#")]
    assert len({text[:60] for text in checks}) == 2
    assert PASSWORD not in repr(credentials())


def test_what_is_kept_is_good_for_the_name_as_it_was_typed():
    """Names that are equal without capitals may be two users, to a provider that sees them."""
    world = SignInWorld()
    verify_password(credentials(), world.ports)
    assert isinstance(verify_password(credentials(username="ANN"), world.ports), Identity)
    assert world.sign_in.asked == ["ann", "ANN"]


@pytest.mark.parametrize(
    ("password", "username"),
    [("x", "a b"), ("x", "a\n"), ("x", "\ue000"), ("x", "a" * 129), ("x" * 257, "ann"), ("x", "")],
)
def test_who_cannot_exist_is_not_asked_for(password, username):
    world = SignInWorld()
    assert refused(world, password, username) == WRONG
    assert world.sign_in.asked == []
    assert world.tickets.items == {}


def test_five_failures_lock_a_user_out_for_fifteen_minutes():
    world = SignInWorld()
    for _ in range(FAILURES_PER_USER):
        assert refused(world, "wrong") == WRONG
        world.later(60)
    asked = list(world.sign_in.asked)
    for name in ("ann", "ANN"):
        assert refused(world, PASSWORD, name) == LOCKED
    assert refused(world, PASSWORD, address="2001:db8::1") == LOCKED
    assert world.sign_in.asked == asked
    world.later(900 - 5 * 60)  # the first failure is forgotten
    assert verify_password(credentials(), world.ports) == ANN


def test_a_lock_holds_also_for_the_password_that_is_kept():
    world = SignInWorld()
    verify_password(credentials(), world.ports)
    for _ in range(FAILURES_PER_USER):
        refused(world, "wrong")
    assert refused(world, PASSWORD) == LOCKED


def test_a_refused_attempt_does_not_make_the_lock_longer():
    world = SignInWorld()
    for _ in range(FAILURES_PER_USER):
        refused(world, "wrong")
    for _ in range(10):
        world.later(80)
        assert refused(world, "wrong") == LOCKED
    world.later(100)
    assert verify_password(credentials(), world.ports) == ANN


def test_a_success_resets_the_users_failures():
    world = SignInWorld()
    for _ in range(3):
        for _ in range(FAILURES_PER_USER - 1):
            refused(world, "wrong")
        verify_password(credentials(), world.ports)
        world.later(601)  # so that the provider is asked again


def test_a_success_that_was_not_asked_for_resets_nothing():
    """Else a program that signs in every ten seconds gives a guesser four attempts each time."""
    world = SignInWorld()
    verify_password(credentials(), world.ports)
    for _ in range(FAILURES_PER_USER - 1):
        refused(world, "wrong")
    verify_password(credentials(), world.ports)
    assert refused(world, "wrong") == WRONG
    assert refused(world, "wrong") == LOCKED


def test_a_hundred_failures_lock_an_address_out_and_nobody_elses():
    world = SignInWorld()
    for number in range(FAILURES_PER_ADDRESS):
        assert refused(world, "wrong", f"user-{number}", address="2001:db8:1:2::aa") == WRONG
    assert refused(world, PASSWORD, address="2001:db8:1:2:ffff::1") == LOCKED
    assert refused(world, "wrong", "zoe", address="2001:db8:1:2::bb") == LOCKED
    assert verify_password(credentials(address="2001:db8:1:3::aa"), world.ports) == ANN


def test_a_success_leaves_nothing_but_the_check():
    world = SignInWorld()
    refused(world, "wrong")
    verify_password(credentials(), world.ports)
    kept = {key.partition("#")[0]: text for key, (text, _) in world.tickets.items.items()}
    assert kept.keys() == {"check", "address"}
    assert kept["address"].count("attempt_id") == 1  # the failure, which counts for the address


@pytest.mark.slow
def test_a_success_costs_an_address_nothing():
    world = SignInWorld()
    for number in range(FAILURES_PER_ADDRESS + 5):
        world.sign_in.add(f"user-{number}", PASSWORD)
        verify_password(credentials(username=f"user-{number}"), world.ports)
    assert verify_password(credentials(), world.ports) == ANN


def test_a_challenge_is_no_failure_and_says_what_to_do():
    world = SignInWorld()
    world.sign_in.add("new", "first", challenged=True)
    for _ in range(FAILURES_PER_USER + 1):
        assert refused(world, "first", "new") == MORE_NEEDED
    assert "hosted login" in MORE_NEEDED
    assert refused(world, "other", "new") == WRONG


@pytest.mark.parametrize("part", ["sign_in", "tickets", "secrets"])
def test_what_is_away_is_nobodys_failure(part):
    world = SignInWorld()
    for _ in range(FAILURES_PER_USER + 1):
        getattr(world, part).available = False
        with pytest.raises(Unavailable):
            verify_password(credentials(), world.ports)
        getattr(world, part).available = True
    assert verify_password(credentials(), world.ports) == ANN


def test_a_process_that_was_killed_counts_as_a_failure_after_a_minute():
    world = SignInWorld()

    def killed(username: str, password: str) -> Identity:
        del username, password
        world.tickets.available = False  # nobody takes the attempt back
        raise KeyboardInterrupt

    checking, world.sign_in.check_password = world.sign_in.check_password, killed  # type: ignore[method-assign]
    for _ in range(FAILURES_PER_USER):
        with pytest.raises((KeyboardInterrupt, Unavailable)):
            verify_password(credentials(), world.ports)
        world.tickets.available = True
    world.sign_in.check_password = checking  # type: ignore[method-assign]
    with pytest.raises(Unavailable, match="at the same time"):
        verify_password(credentials(), world.ports)
    world.later(61)
    assert refused(world, PASSWORD) == LOCKED


def test_what_is_kept_is_good_where_it_was_verified_from():
    """So that a guesser elsewhere is counted before anything is compared."""
    world = SignInWorld()
    for address in ("192.0.2.7", "192.0.2.8", "2001:db8::1", "2001:db8::2", "192.0.2.7"):
        verify_password(credentials(address=address), world.ports)
    assert len(world.sign_in.asked) == 3


def test_many_at_once_ask_no_oftener_than_may_fail():
    world, together = SignInWorld(), Barrier(8)
    verify_password(credentials(), world.ports)
    world.sign_in.asked.clear()

    def guess(number: int) -> str:
        together.wait()
        try:
            verify_password(credentials(f"guess-{number}", address="192.0.2.8"), world.ports)
        except BrokerError as fault:
            return fault.detail
        raise AssertionError

    with ThreadPoolExecutor(8) as pool:
        told = [*pool.map(guess, range(8))]
    assert len(world.sign_in.asked) <= FAILURES_PER_USER
    assert told.count(WRONG) == len(world.sign_in.asked)
