"""Which settings tell a federation's catalogue, and the verb that tells it all again."""

import json
from collections.abc import Iterator

import pytest

from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.descriptions import Descriptions
from atoll.bootstrap.announce import AnnouncingSettings, announce_command, announced, make_announcer
from atoll.errors import InvalidParameter, Unavailable
from atoll.services.announcing import AnnouncedCatalogue
from tests.contract.cloud import DATA_BUCKET, REGION, Cloud, cloud, new_clients
from tests.contract.tables import DATASETS, POLICIES
from tests.fakes import FakeCatalogue
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
    kept = FakeCatalogue()
    assert announced(kept, print) is kept


def test_with_one_what_is_published_is_told(monkeypatch):
    set_all(monkeypatch)
    told = announced(FakeCatalogue(), print)
    assert isinstance(told, AnnouncedCatalogue)
    assert told.announcer.publisher.url == "https://unit.example.org"


@pytest.mark.parametrize(
    ("name", "value"),
    [("API_URL", ""), ("ATOLL_UNIT", ""), ("RECORDS_BUS", "records")],
)
def test_a_setting_that_is_missing_or_malformed_is_named(monkeypatch, name, value):
    set_all(monkeypatch, **{name: value})
    with pytest.raises(InvalidParameter) as refused:
        make_announcer(AnnouncingSettings.read())
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
