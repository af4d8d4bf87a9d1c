"""Which settings tell a federation's catalogue, and the verb that tells it all again."""

import json
from collections.abc import Iterator

import pytest

from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.descriptions import Descriptions
from atoll.aws.policies import DynamoPolicies
from atoll.bootstrap.announce import announce_command, announce_unit
from atoll.bootstrap.announcing import (
    AnnouncingSettings,
    announced,
    announced_policies,
    make_announcer,
)
from atoll.bootstrap.settings import now
from atoll.errors import DataError, InvalidParameter, Unavailable
from atoll.model.policy import Policy, PolicyVersion
from atoll.services.announced import AnnouncedCatalogue, AnnouncedPolicies
from tests.contract.cloud import DATA_BUCKET, REGION, Cloud, cloud, new_clients
from tests.contract.tables import DATASETS, POLICIES
from tests.fakes import FakeCatalogue, FakePolicies
from tests.planning.builders import levitus_coverage

BUS = f"arn:aws:events:{REGION}:123456789012:event-bus/records"
SETTINGS = {
    "RECORDS_BUS": BUS,
    "ATOLL_UNIT": "levitus",
    "API_URL": "https://unit.example.org/",
    "DATA_BUCKET": DATA_BUCKET,
    "DATASETS_TABLE": DATASETS,
    "POLICIES_TABLE": POLICIES,
    "AWS_REGION": REGION,
}


def set_all(monkeypatch: pytest.MonkeyPatch, **changed: str) -> None:
    for name, value in (SETTINGS | changed).items():
        monkeypatch.setenv(name, value)


def test_without_a_bus_nobody_is_told(monkeypatch):
    monkeypatch.delenv("RECORDS_BUS", raising=False)
    kept, policies = FakeCatalogue(), FakePolicies()
    assert announced(kept, print) is kept
    assert announced_policies(policies, kept, print) is policies
    assert announce_unit() == []
    with pytest.raises(InvalidParameter, match="--records-bus"):
        announce_command([])


def test_with_one_what_is_published_is_told(monkeypatch):
    set_all(monkeypatch)
    told = announced(FakeCatalogue(), print)
    assert isinstance(told, AnnouncedCatalogue)
    assert told.announcer.publisher.url == "https://unit.example.org"
    policies = announced_policies(FakePolicies(), FakeCatalogue(), print)
    assert isinstance(policies, AnnouncedPolicies)


@pytest.mark.parametrize(
    ("name", "value"),
    [("API_URL", ""), ("ATOLL_UNIT", ""), ("POLICIES_TABLE", ""), ("RECORDS_BUS", "records")],
)
def test_a_setting_that_is_missing_or_malformed_is_named(monkeypatch, name, value):
    set_all(monkeypatch, **{name: value})
    with pytest.raises(InvalidParameter) as refused:
        make_announcer(AnnouncingSettings.read(), FakeCatalogue())
    assert refused.value.facts["parameter"] == name


@pytest.fixture
def aws() -> Iterator[Cloud]:
    with cloud(new_clients()) as account:
        yield account


@pytest.mark.slow
def test_the_verb_tells_of_all_datasets(monkeypatch, aws: Cloud, capsys):
    set_all(monkeypatch)
    aws.events.create_event_bus(Name="records")
    kept = DynamoCatalogue(aws.dynamodb, DATASETS, Descriptions(aws.s3, DATA_BUCKET))
    kept.publish(levitus_coverage())
    assert announce_command([]) == 0
    assert json.loads(capsys.readouterr().out) == {"announced": ["levitus-climatology"]}
    with pytest.raises(SystemExit):
        announce_command(["--bus"])
    with pytest.raises(Unavailable, match="Nothing"):
        announce_command(["--datasets-table", "Nothing"])


@pytest.mark.slow
def test_the_policy_that_counts_is_the_newest_or_none(monkeypatch, aws: Cloud):
    set_all(monkeypatch)
    announcer = make_announcer(AnnouncingSettings.read(), FakeCatalogue())
    policies = DynamoPolicies(aws.dynamodb, POLICIES, now)
    for number in range(3):
        assert announcer.policy().number == number
        version = PolicyVersion(number=number + 1, policy=Policy(), text="", author="ops")
        assert policies.put(version)
    spoilt = {"name": {"S": "policy"}, "version": {"S": "0000000004"}, "document": {"S": "{}"}}
    aws.dynamodb.put_item(TableName=POLICIES, Item=spoilt)
    with pytest.raises(DataError, match="cannot be read"):
        announcer.policy()
    monkeypatch.setenv("POLICIES_TABLE", "Nothing")
    without = make_announcer(AnnouncingSettings.read(), FakeCatalogue())
    with pytest.raises(Unavailable, match="Nothing"):
        without.policy()


@pytest.mark.slow
def test_a_policy_that_cannot_be_read_fails_no_publication(monkeypatch, aws: Cloud):
    set_all(monkeypatch, POLICIES_TABLE="Nothing")
    kept, said = FakeCatalogue(), list[str]()
    assert aws.dynamodb.list_tables()["TableNames"]
    announced(kept, said.append).publish(levitus_coverage())
    assert [one.dataset for one in kept.entries()] == ["levitus-climatology"]
    assert len(said) == 1
    assert "Nothing" in said[0]
