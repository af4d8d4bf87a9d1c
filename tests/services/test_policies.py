"""What a policy changes for those who look, quote and order; and who may change it."""

from datetime import UTC, datetime

import pytest

from atoll.dialects.policy import parse_policy
from atoll.errors import (
    Embargoed,
    InvalidParameter,
    LicenceNotAccepted,
    NotAuthenticated,
    NotEntitled,
    PolicyChanged,
    PolicyInvalid,
    Refused,
    UnknownDataset,
)
from atoll.model.job import ANONYMOUS, Account
from atoll.model.policy import UNWRITTEN
from atoll.model.request import SubsetRequest
from atoll.services.datasets import describe_dataset, visible_entries
from atoll.services.licences import accept_licence, standings
from atoll.services.policies import newest_policy, policy_versions, put_policy
from atoll.services.subset import quote
from tests.world import ANN, NAV, World

OPERATOR = Account(account_id="op-id", profiles=("operators",))
WINDS = SubsetRequest(dataset="navy-winds")
LICENSED = """
datasets:
- {match: [navy-winds], see: [everybody], licence: terms}
- {match: [levitus-*], licence: open}
licences:
  terms: {title: Terms, revision: 2, url: 'https://example.org/terms'}
  open: {title: Open, revision: 1, url: 'https://example.org/open'}
  spare: {title: Spare, revision: 1, url: 'https://example.org/spare'}
"""


def ruled(text: str) -> World:
    """A world in which this policy is in force."""
    world = World()
    put_policy(text, 0, parse_policy, OPERATOR, world.ports)
    return world


def rule(kept: str) -> World:
    return ruled(f"datasets: [{{match: [navy-winds], {kept}}}]")


def told(world: World, account: Account) -> list[type[Refused]]:
    """What a quote says against an order."""
    return [type(refusal) for refusal in quote(WINDS, account, world.ports).decision.refusals]


def test_a_rule_counts_in_place_of_the_publications_profiles():
    world = rule("see: [public], quote: [public], download: [public]")
    assert told(world, ANN) == []
    with pytest.raises(UnknownDataset):
        quote(WINDS, NAV, world.ports)


def test_what_may_not_be_seen_is_told_in_the_words_of_what_is_not_there():
    world = rule("see: [], quote: [], download: []")
    said = []
    for name in ("navy-winds", "nosuch-wind"):
        with pytest.raises(UnknownDataset) as caught:
            quote(SubsetRequest(dataset=name), NAV, world.ports)
        with pytest.raises(UnknownDataset) as described:
            describe_dataset(name, NAV, world.ports)
        assert described.value.detail == caught.value.detail
        said.append(caught.value.detail.replace(name, "X"))
    assert said[0] == said[1]
    assert [entry.dataset for entry in visible_entries(NAV, world.ports)] == ["levitus-climatology"]


def test_who_may_only_see_may_not_quote():
    world = rule("see: [everybody], quote: [navy]")
    assert describe_dataset("navy-winds", ANN, world.ports).title
    with pytest.raises(NotEntitled) as caught:
        quote(WINDS, ANN, world.ports)
    assert caught.value.facts["right"] == "quote"
    assert told(world, NAV) == []


def test_who_may_only_quote_is_shown_that_he_may_not_order():
    world = rule("see: [everybody], download: [navy]")
    (refusal,) = quote(WINDS, ANN, world.ports).decision.refusals
    assert isinstance(refusal, NotEntitled)
    assert refusal.facts["right"] == "download"
    assert told(world, NAV) == []


@pytest.mark.parametrize(
    ("kept", "shown"), [("download: [navy]", ("navy",)), ("see: [everybody]", None)]
)
def test_a_dataset_is_shown_with_the_profiles_that_may_download_it(kept, shown):
    ports = rule(kept).ports
    listed = {entry.dataset: entry.profiles for entry in visible_entries(NAV, ports)}
    assert listed == {"levitus-climatology": None, "navy-winds": shown}
    assert describe_dataset("navy-winds", NAV, ports).profiles == shown


def test_a_licence_is_demanded_until_it_is_accepted_in_its_present_revision():
    world = ruled(LICENSED)
    assert told(world, NAV) == [LicenceNotAccepted]
    accept_licence("terms", 2, NAV, world.ports)
    assert told(world, NAV) == []
    assert told(world, ANN) == [LicenceNotAccepted]
    later = LICENSED.replace("revision: 2", "revision: 3")
    put_policy(later, 1, parse_policy, OPERATOR, world.ports)
    assert told(world, NAV) == [LicenceNotAccepted]


def test_only_licences_of_datasets_that_may_be_seen_are_told():
    kept = LICENSED.replace(
        "see: [everybody], licence: terms", "licence: terms, see: [navy], download: []"
    )
    world = ruled(kept)
    assert [standing.name for standing in standings(ANN, world.ports)] == ["open"]
    assert [one.name for one in standings(NAV, world.ports)] == ["open", "terms"]
    for name in ("terms", "spare", "nosuch"):
        with pytest.raises(InvalidParameter, match="one of: open"):
            accept_licence(name, 2, ANN, world.ports)


@pytest.mark.parametrize("revision", [-1, 1, 3])
def test_only_the_present_revision_can_be_accepted(revision):
    world = ruled(LICENSED)
    with pytest.raises(InvalidParameter, match="the present one is 2"):
        accept_licence("terms", revision, NAV, world.ports)
    assert world.accounts.accepted == {}


def test_accepting_needs_an_account_and_a_token_that_may_change_something():
    world = ruled(LICENSED)
    with pytest.raises(NotAuthenticated):
        accept_licence("terms", 2, ANONYMOUS, world.ports)
    with pytest.raises(NotEntitled):
        accept_licence("terms", 2, NAV.model_copy(update={"may_order": False}), world.ports)
    assert world.accounts.accepted == {}


def test_the_newest_is_kept_back():
    world = rule("see: [everybody], embargo: {newest_days: 30, except_profiles: [navy]}")
    world.time = datetime(1993, 1, 1, tzinfo=UTC)
    assert told(world, ANN) == [Embargoed]
    assert told(world, NAV) == []
    world.later(30 * 86_400)
    assert told(world, ANN) == []


def test_every_reason_is_told_at_once():
    rights = "licence: terms, download: [navy], embargo: {newest_days: 36525}"
    world = ruled(LICENSED.replace("licence: terms", rights))
    assert told(world, ANN) == [NotEntitled, LicenceNotAccepted, Embargoed]


def test_a_policy_has_its_author_and_its_time():
    world = World()
    assert newest_policy(OPERATOR, world.ports) == UNWRITTEN
    text = "queue: {ageing_s: 5}"
    first = put_policy(text, 0, parse_policy, OPERATOR, world.ports)
    world.later(60)
    second = put_policy("{}", 1, parse_policy, OPERATOR, world.ports)
    assert (first.number, first.author, first.text) == (1, "op-id", text)
    assert first.policy.queue.ageing_s == 5
    assert (second.put_at or world.time) > (first.put_at or world.time)
    assert policy_versions(OPERATOR, 10, world.ports) == [second, first]
    assert newest_policy(OPERATOR, world.ports) == second


@pytest.mark.parametrize("expected", [0, 2, 99])
def test_a_policy_that_was_changed_meanwhile_stays(expected):
    world = ruled("queue: {ageing_s: 5}")
    with pytest.raises(PolicyChanged) as caught:
        put_policy("{}", expected, parse_policy, OPERATOR, world.ports)
    assert caught.value.facts["accepted"] == '"1"'
    assert world.policies.current().policy.queue.ageing_s == 5


def test_of_two_at_once_one_is_told_so():
    world = World()

    def read_slowly(text, datasets):
        put_policy("queue: {ageing_s: 5}", 0, parse_policy, OPERATOR, world.ports)
        return parse_policy(text, datasets)

    with pytest.raises(PolicyChanged):
        put_policy("{}", 0, read_slowly, OPERATOR, world.ports)
    assert world.policies.current().policy.queue.ageing_s == 5


def test_an_invalid_policy_is_refused_whole():
    world = ruled("queue: {ageing_s: 5}")
    with pytest.raises(PolicyInvalid, match="line 2: datasets"):
        put_policy(
            "queue: {}\ndatasets: [{match: [nosuch]}]", 1, parse_policy, OPERATOR, world.ports
        )
    assert world.policies.current().number == 1


def test_only_operators_read_and_change_it():
    world = World()
    for account in (ANN, ANONYMOUS):
        with pytest.raises(NotEntitled):
            newest_policy(account, world.ports)
        with pytest.raises(NotEntitled):
            policy_versions(account, 1, world.ports)
        with pytest.raises(NotEntitled):
            put_policy("{", 0, parse_policy, account, world.ports)
    reader = OPERATOR.model_copy(update={"may_order": False})
    assert newest_policy(reader, world.ports) == UNWRITTEN
    with pytest.raises(NotEntitled, match="atoll/order"):
        put_policy("{}", 0, parse_policy, reader, world.ports)
    assert world.policies.kept == {}
