"""A unit's datasets are told of as they are at that moment, to whom they may be told."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from atoll.dialects.access_points import access_points
from atoll.errors import DataError, Unavailable
from atoll.model.announcement import Announcement, Telling
from atoll.model.policy import DatasetRule, Policy, PolicyVersion
from atoll.services.announcing import Announcer, announce_all
from tests.fakes import FakeCatalogue, FakePolicies, FakeRecordEvents, FakeRecordStore
from tests.planning.builders import levitus_coverage, navy_coverage
from tests.web.builders import PUBLISHER
from tests.world import demo_coverages

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def version(number: int, *rules: DatasetRule) -> PolicyVersion:
    return PolicyVersion(number=number, policy=Policy(datasets=rules), text="", author="ops")


@dataclass
class Unit:
    """What tells, and what was told; the clock goes on by a microsecond with each look."""

    catalogue: FakeCatalogue = field(default_factory=lambda: FakeCatalogue(*demo_coverages()))
    policies: FakePolicies = field(default_factory=FakePolicies)
    events: FakeRecordEvents = field(default_factory=FakeRecordEvents)
    said: list[str] = field(default_factory=list)
    at: datetime = AT

    def __post_init__(self) -> None:
        self.announcer = Announcer(
            self.events,
            PUBLISHER,
            self.catalogue,
            self.policy,
            access_points,
            self.now,
        )

    def policy(self) -> PolicyVersion:
        return self.policies.current()

    def now(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at

    @property
    def told(self) -> list[Announcement]:
        return [one.announcement for one in self.events.told]

    @property
    def seen(self) -> dict[str, tuple[str, ...] | None]:
        """Who may see what, by what was told last."""
        return {one.record.identifier: one.visible_to for one in self.told}


def test_all_datasets_of_a_unit_are_told_of():
    unit = Unit()
    told = announce_all(unit.announcer)
    assert told == ["levitus-climatology", "navy-winds"]
    assert unit.seen == {"levitus-climatology": None, "navy-winds": ("navy",)}
    assert [one.record.access for one in unit.told] == ["public", "restricted"]
    assert {one.record.publisher for one in unit.told} == {PUBLISHER}
    (levitus, _) = unit.told
    assert {point.door for point in levitus.record.access_points} == {"REST", "Motu", "WCS"}


@pytest.mark.parametrize(
    ("rule", "visible_to", "access"),
    [
        ({}, ("navy",), "restricted"),
        ({"see": ("everybody",)}, None, "public"),
        ({"see": ("everybody",), "download": ("navy",)}, None, "restricted"),
        ({"see": ("staff",), "download": ("press",)}, ("staff", "press"), "restricted"),
        ({"see": ("staff",)}, ("staff",), "restricted"),
        ({"see": ("staff",), "quote": ("everybody",)}, None, "public"),
        (
            {"see": ("staff",), "quote": ("staff",), "download": ("everybody",)},
            ("staff",),
            "public",
        ),
        ({"see": ()}, (), "restricted"),
    ],
)
def test_the_units_policy_says_who_may_see(rule, visible_to, access):
    unit = Unit(FakeCatalogue(navy_coverage(profiles=("navy",))))
    unit.policies.put(version(1, DatasetRule(match=("navy-*",), **rule)))
    unit.announcer.announce("navy-winds")
    (told,) = unit.told
    assert (told.visible_to, told.record.access) == (visible_to, access)


def test_what_was_published_since_all_were_listed_is_what_is_told():
    unit = Unit()
    announce, later = unit.events.announce, levitus_coverage(revision="r2")

    def and_publish(telling: Telling) -> None:
        announce(telling)
        unit.catalogue.publish(navy_coverage(revision="r2", profiles=("navy", "staff")))

    unit.catalogue.publish(later)
    unit.events.announce = and_publish  # type: ignore[method-assign]
    announce_all(unit.announcer)
    assert [one.record.revision for one in unit.told] == ["r2", "r2"]
    assert unit.seen["navy-winds"] == ("navy", "staff")


def test_who_has_read_the_newest_counts_whoever_sends_last():
    unit, store = Unit(), FakeRecordStore()
    unit.announcer.announce("levitus-climatology")
    unit.policies.put(version(1, DatasetRule(match=("levitus-*",), see=("staff",))))
    unit.announcer.announce("levitus-climatology")
    unit.catalogue.publish(levitus_coverage(revision="r2", updated_at="2026-01-02T00:00:00Z"))
    unit.announcer.announce("levitus-climatology")
    unit.announcer.announce("levitus-climatology")  # an instant later, the same
    for telling in reversed(unit.events.told):
        store.keep(telling)
    (kept,) = store.kept.values()
    assert kept == unit.events.told[-1]
    orders = [(one.policy_version, one.told_at - AT) for one in unit.events.told]
    instants = [timedelta(microseconds=number) for number in (1, 2, 3, 4)]
    assert orders == list(zip((0, 1, 1, 1), instants, strict=True))


def test_what_is_told_as_of_is_an_instant_before_it_was_read():
    unit = Unit()
    unit.policies.put(version(1))
    entry = unit.catalogue.entry

    def slowly(dataset):
        unit.at += timedelta(seconds=5)
        return entry(dataset)

    unit.catalogue.entry = slowly  # type: ignore[method-assign]
    unit.announcer.announce("navy-winds")
    assert unit.events.told[0].told_at == AT + timedelta(microseconds=1)


def test_one_dataset_that_cannot_be_told_keeps_no_other_back():
    unit = Unit()
    del unit.catalogue.coverages["levitus-climatology", "r1"]
    with pytest.raises(DataError, match=r"1 datasets were told of, 1 were not: .*levitus"):
        announce_all(unit.announcer)
    assert list(unit.seen) == ["navy-winds"]


def test_a_bus_that_is_away_is_not_asked_for_each():
    unit = Unit()
    unit.events.available = False
    with pytest.raises(Unavailable):
        announce_all(unit.announcer)
    assert unit.at == AT + timedelta(microseconds=1)
