"""A batch of what units tell: kept, indexed once, and what cannot be is named."""

import json

import pytest
from aws_lambda_powertools import Logger

from atoll.bootstrap.index_records import Indexer, IndexSettings, Message
from atoll.model.announcement import Announcement
from tests.dialects.catalogue.builders import RECORDS
from tests.fakes import FakeRecordStore

UNITS = {"levitus": "111111111111", "navy": "222222222222"}


def event(name: str = "told", **changed) -> str:
    """An event as EventBridge puts it into a queue."""
    detail = Announcement(record=RECORDS[name], visible_to=("navy",)).model_dump(mode="json")
    envelope = {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "record.published",
        "source": "atoll.unit",
        "account": "111111111111",
        "time": "2026-11-23T12:00:00Z",
        "region": "eu-west-1",
        "resources": [],
        "detail": detail,
    }
    return json.dumps(envelope | changed)


@pytest.fixture
def store() -> FakeRecordStore:
    return FakeRecordStore()


@pytest.fixture
def indexer(store, tmp_path) -> Indexer:
    return Indexer(store, UNITS, tmp_path, Logger("index_records"))


def messages(*bodies: str) -> list[Message]:
    return [Message(str(number), body) for number, body in enumerate(bodies)]


def test_a_batch_is_one_catalogue(indexer, store, tmp_path):
    assert indexer.take(messages(event("told"), event("across"))) == []
    assert set(store.kept) == {"levitus.levitus-climatology", "levitus.across"}
    assert len(store.files) == 1
    assert store.files[store.present].startswith(b"SQLite format 3")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        "[]",
        event(detail={}),
        event(detail={"record": {}, "visible_to": None}),
        event(account="222222222222"),
        event(account="333333333333"),
        event(**{"detail-type": "record.withdrawn"}),
    ],
)
def test_what_cannot_be_kept_comes_again_and_holds_nobody_up(indexer, store, body):
    assert indexer.take(messages(body, event("across"))) == ["0"]
    assert set(store.kept) == {"levitus.across"}


def test_of_nothing_kept_nothing_is_made(indexer, store):
    assert indexer.take(messages("no JSON")) == ["0"]
    assert store.files == {}


def test_all_come_again_where_no_catalogue_could_be_made(indexer, store, monkeypatch):
    monkeypatch.setattr(store, "replace", lambda *_: False)
    assert indexer.take(messages("no JSON", event())) == ["0", "1"]


def test_a_store_that_is_away_takes_nothing(indexer, store):
    store.available = False
    assert indexer.take(messages(event(), event("across"))) == ["0", "1"]


def test_units_and_their_accounts_are_a_setting():
    read = IndexSettings(catalogue_bucket="b", units="levitus=111111111111,navy=222222222222")
    assert read.accounts() == UNITS
