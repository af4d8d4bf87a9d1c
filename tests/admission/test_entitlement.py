"""Who may do what: the one rule, against the sentences that say it."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.admission.entitlement import (
    demand_operator,
    is_named,
    licence_missing,
    right_missing,
    rights,
    rule_of,
    shown_to,
)
from atoll.errors import NotEntitled
from atoll.model.job import ANONYMOUS, Account
from atoll.model.policy import EVERYBODY, DatasetRule, Licence, Policy, Right

ALL: frozenset[Right] = frozenset({"see", "quote", "download"})
PROFILES = ("navy", "staff", "press")
NAVY = Account(account_id="n", profiles=("navy",))

published = st.none() | st.lists(st.sampled_from(PROFILES), unique=True).map(tuple)
kept = st.none() | st.lists(st.sampled_from([*PROFILES, EVERYBODY]), unique=True).map(tuple)
accounts = st.just(ANONYMOUS) | st.builds(
    Account,
    account_id=st.just("a"),
    profiles=st.lists(st.sampled_from(PROFILES), unique=True).map(tuple),
)
names = st.text("ab.-", max_size=8)
patterns = st.text("ab.-*", min_size=1, max_size=8)
rules = st.builds(
    DatasetRule,
    match=st.lists(patterns, min_size=1, max_size=2).map(tuple),
    see=kept,
    quote=kept,
    download=kept,
)


@given(patterns, names)
def test_a_pattern_names_what_a_shell_would(pattern, dataset):
    assert is_named(pattern, dataset) == fnmatchcase(dataset, pattern)


def test_what_other_patterns_mean_by_their_signs_stands_for_itself():
    assert is_named("a?[b]", "a?[b]")
    assert not is_named("a?", "ab")


def test_a_pattern_of_many_stars_is_answered_at_once():
    assert not is_named("*a" * 30_000 + "b", "a" * 200)


@given(st.lists(rules, max_size=4), names)
def test_the_first_rule_that_names_a_dataset_counts(listed, dataset):
    policy = Policy(datasets=tuple(listed))
    naming = [rule for rule in listed if any(fnmatchcase(dataset, p) for p in rule.match)]
    assert rule_of(policy, dataset) == (naming[0] if naming else None)


def may(account: Account, profiles: tuple[str, ...] | None, *, signed_in: bool) -> bool:
    if profiles is None or EVERYBODY in profiles:
        return not signed_in or account != ANONYMOUS
    return any(profile in profiles for profile in account.profiles)


@given(accounts, published, kept, kept, kept)
def test_whoever_may_download_may_quote_and_whoever_may_quote_may_see(
    account, published, see, quote, download
):
    rule = DatasetRule(match=("*",), see=see, quote=quote, download=download)
    held = rights(account, "d", published, Policy(datasets=(rule,)))
    see = published if see is None else see
    quote = see if quote is None else quote
    download = quote if download is None else download
    downloads = may(account, download, signed_in=True)
    quotes = downloads or may(account, quote, signed_in=False)
    sees = quotes or may(account, see, signed_in=False)
    expected = {"download": downloads, "quote": quotes, "see": sees}
    assert held == {right for right, is_held in expected.items() if is_held}


@pytest.mark.parametrize(
    ("account", "published", "expected"),
    [
        (ANONYMOUS, None, {"see", "quote"}),
        (NAVY, None, ALL),
        (NAVY, ("navy",), ALL),
        (ANONYMOUS, ("navy",), set()),
        (NAVY, ("staff",), set()),
        (NAVY, (), set()),
    ],
)
def test_a_dataset_that_no_rule_names_is_open_to_whom_its_publication_names(
    account, published, expected
):
    policy = Policy(datasets=(DatasetRule(match=("other-*",), see=(), quote=(), download=()),))
    assert rights(account, "winds", published, policy) == expected


@given(published, st.lists(rules, max_size=2), names, accounts)
def test_whom_a_dataset_is_shown_to_are_those_who_may_see_it(said, listed, dataset, account):
    """All of them by their profiles, but for those who have none and signed in."""
    policy = Policy(datasets=tuple(listed))
    shown = shown_to(dataset, said, policy)
    may_see = "see" in rights(account, dataset, said, policy)
    by_profile = shown is None or not set(shown).isdisjoint(account.profiles)
    if by_profile:
        assert may_see
    elif may_see:
        assert "download" in rights(account, dataset, said, policy)
        assert "see" not in rights(ANONYMOUS, dataset, said, policy)


def test_a_rule_of_a_licence_alone_opens_nothing():
    policy = Policy(datasets=(DatasetRule(match=("*",), licence="terms"),))
    assert rights(NAVY, "winds", ("staff",), policy) == set()
    assert rights(NAVY, "winds", ("navy",), policy) == ALL


def test_the_right_that_is_missing_is_named():
    assert right_missing("quote", ALL, "winds") is None
    refusal = right_missing("download", frozenset({"see", "quote"}), "winds")
    assert refusal is not None
    assert "download" in refusal.detail
    assert refusal.facts["right"] == "download"
    assert refusal.facts["held"] == ["see", "quote"]


LICENSED = Policy(
    datasets=(DatasetRule(match=("winds",), licence="terms"), DatasetRule(match=("*",))),
    licences={"terms": Licence(title="Terms", revision=3, url="https://example.org/terms")},
)


@pytest.mark.parametrize(
    ("dataset", "accepted", "is_missing"),
    [
        ("winds", {}, True),
        ("winds", {"other": 9}, True),
        ("winds", {"terms": 2}, True),
        ("winds", {"terms": 3}, False),
        ("winds", {"terms": 4}, False),
        ("waves", {}, False),
    ],
)
def test_a_licence_counts_in_its_present_revision(dataset, accepted, is_missing):
    assert (licence_missing(dataset, LICENSED, accepted) is not None) == is_missing


def test_without_a_policy_no_licence_is_missing():
    assert licence_missing("winds", Policy(), {}) is None


def test_a_missing_licence_says_how_to_accept_it():
    refusal = licence_missing("winds", LICENSED, {"terms": 2})
    assert refusal is not None
    assert refusal.facts == {
        "parameter": "dataset",
        "value": "winds",
        "licence": "terms",
        "revision": 3,
        "accepted_revision": 2,
        "url": "https://example.org/terms",
        "accept": "PUT /me/licences/terms",
    }
    assert "https://example.org/terms" in refusal.detail


def test_only_operators_are_operators():
    demand_operator(Account(account_id="o", profiles=("press", "operators")), "operators")
    with pytest.raises(NotEntitled, match="profile operators"):
        demand_operator(NAVY, "operators")
