"""Whatever a unit publishes the federation is told of, to whom it may be told; or nobody waits."""

from dataclasses import dataclass, field

import pytest

from atoll.dialects.access_points import access_points
from atoll.errors import Unavailable
from atoll.model.policy import DatasetRule, Policy
from atoll.services.announcing import AnnouncedCatalogue, Announcer, announce_all
from tests.fakes import FakeCatalogue, FakeRecordEvents
from tests.planning.builders import levitus_coverage, navy_coverage
from tests.web.builders import PUBLISHER
from tests.world import demo_coverages


@dataclass
class Unit:
    """What tells, and what was told."""

    policy: Policy = field(default_factory=Policy)
    events: FakeRecordEvents = field(default_factory=FakeRecordEvents)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.announcer = Announcer(self.events, PUBLISHER, lambda: self.policy, access_points)


def test_all_datasets_of_a_unit_are_told_of():
    unit = Unit()
    told = announce_all(FakeCatalogue(*demo_coverages()), unit.announcer)
    assert told == ["levitus-climatology", "navy-winds"]
    assert [one.record.identifier for one in unit.events.told] == told
    assert [one.visible_to for one in unit.events.told] == [None, ("navy",)]
    assert [one.record.access for one in unit.events.told] == ["public", "restricted"]
    assert {one.record.publisher for one in unit.events.told} == {PUBLISHER}
    (levitus, _) = unit.events.told
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
    unit = Unit(Policy(datasets=(DatasetRule(match=("navy-*",), **rule),)))
    unit.announcer.announce(navy_coverage(profiles=("navy",)))
    (told,) = unit.events.told
    assert (told.visible_to, told.record.access) == (visible_to, access)


def test_what_is_published_is_told_of():
    unit, kept = Unit(), FakeCatalogue()
    catalogue = AnnouncedCatalogue(kept, unit.announcer, unit.said.append)
    catalogue.publish(levitus_coverage())
    assert catalogue.entries() == kept.entries()
    assert catalogue.entry("levitus-climatology").dataset == "levitus-climatology"
    assert catalogue.describe("levitus-climatology", "r1") == levitus_coverage()
    assert [one.record.revision for one in unit.events.told] == ["r1"]
    assert unit.said == []


def test_a_catalogue_that_is_away_holds_up_nobody():
    unit, kept = Unit(), FakeCatalogue()
    unit.events.available = False
    AnnouncedCatalogue(kept, unit.announcer, unit.said.append).publish(levitus_coverage())
    assert [one.dataset for one in kept.entries()] == ["levitus-climatology"]
    (said,) = unit.said
    assert said.startswith("levitus-climatology is published; `atoll announce` tells of it")
    with pytest.raises(Unavailable):
        announce_all(kept, unit.announcer)
