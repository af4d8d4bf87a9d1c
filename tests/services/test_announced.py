"""Whatever is published, hidden or shown the federation is told of at once; or nobody waits."""

import pytest

from atoll.errors import DataError, NotEntitled, Unavailable
from atoll.model.policy import DatasetRule
from atoll.services.announced import MOST_AT_ONCE, AnnouncedCatalogue, AnnouncedPolicies
from tests.fakes import FakeCatalogue
from tests.planning.builders import levitus_coverage
from tests.services.test_announcing import Unit, version

HIDDEN = DatasetRule(match=("levitus-*",), see=("staff",))


def catalogue_of(unit: Unit) -> AnnouncedCatalogue:
    return AnnouncedCatalogue(unit.catalogue, unit.announcer, unit.said.append)


def policies_of(unit: Unit) -> AnnouncedPolicies:
    return AnnouncedPolicies(unit.policies, unit.announcer, unit.said.append)


def test_what_is_published_is_told_of():
    unit = Unit(FakeCatalogue())
    catalogue = catalogue_of(unit)
    catalogue.publish(levitus_coverage())
    assert catalogue.entries() == unit.catalogue.entries()
    assert catalogue.entry("levitus-climatology").dataset == "levitus-climatology"
    assert catalogue.describe("levitus-climatology", "r1") == levitus_coverage()
    assert [one.record.revision for one in unit.told] == ["r1"]
    assert unit.said == []


FAULTS = [
    Unavailable("away"),
    DataError("the policy cannot be read"),
    NotEntitled("this role may not"),
    ValueError("a validation error"),
    KeyError("document"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_whatever_keeps_a_unit_from_telling_what_is_published_stays_published(fault):
    unit = Unit(FakeCatalogue())

    def fail():
        raise fault

    unit.policies.current = fail  # type: ignore[method-assign]
    catalogue_of(unit).publish(levitus_coverage())
    assert [one.dataset for one in unit.catalogue.entries()] == ["levitus-climatology"]
    (said,) = unit.said
    assert said.startswith("levitus-climatology is published; on schedule, or by `atoll announce`")
    assert type(fault).__name__ in said


def test_what_cannot_be_published_is_neither_told_nor_hidden():
    unit = Unit(FakeCatalogue())
    unit.catalogue.available = False
    with pytest.raises(Unavailable):
        catalogue_of(unit).publish(levitus_coverage())
    assert (unit.told, unit.said) == ([], [])


def test_a_policy_that_hides_a_dataset_is_told_at_once_and_of_that_dataset_alone():
    unit = Unit()
    policies = policies_of(unit)
    assert policies.put(version(1, HIDDEN))
    assert unit.seen == {"levitus-climatology": ("staff",)}
    assert [one.policy_version for one in unit.events.told] == [1]
    assert policies.put(version(2, HIDDEN, DatasetRule(match=("navy-*",), download=())))
    assert unit.seen == {"levitus-climatology": ("staff",)}
    assert policies.put(version(3))
    assert unit.seen == {"levitus-climatology": None}
    assert [one.policy_version for one in unit.events.told] == [1, 3]
    assert policies.current() == policies.versions(1)[0] == unit.policies.kept[3]
    assert unit.said == []


def test_who_may_no_longer_have_a_dataset_that_all_see_is_told():
    unit = Unit()
    rule = DatasetRule(match=("levitus-*",), see=("everybody",), download=("staff",))
    assert policies_of(unit).put(version(1, rule))
    assert [(one.visible_to, one.record.access) for one in unit.told] == [(None, "restricted")]


def test_a_policy_that_another_one_was_quicker_than_is_not_told():
    unit = Unit()
    unit.policies.put(version(1))
    assert not policies_of(unit).put(version(1, HIDDEN))
    assert unit.told == []


def test_a_policy_is_in_force_whether_or_not_it_could_be_told():
    unit = Unit()
    unit.events.available = False
    assert policies_of(unit).put(version(1, HIDDEN))
    assert unit.policies.current().number == 1
    (said,) = unit.said
    assert said.startswith("policy 1 is in force; on schedule, or by `atoll announce`")


def test_a_policy_of_many_datasets_hides_first_and_leaves_the_rest_to_the_schedule():
    shown = [levitus_coverage(dataset=f"a-{number:03}") for number in range(MOST_AT_ONCE)]
    unit = Unit(FakeCatalogue(*shown, levitus_coverage(dataset="z-hidden")))
    unit.policies.put(version(1, DatasetRule(match=("a-*",), see=("staff",))))
    assert policies_of(unit).put(version(2, DatasetRule(match=("z-*",), see=())))
    assert (unit.told[0].record.identifier, unit.told[0].visible_to) == ("z-hidden", ())
    assert len(unit.told) == MOST_AT_ONCE
    assert unit.said == ["1 datasets are told of on schedule"]
