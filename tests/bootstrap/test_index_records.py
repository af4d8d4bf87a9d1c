"""A batch of what units tell: kept, indexed once, and what cannot be is named."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest
from aws_lambda_powertools import Logger

from atoll.bootstrap.index_records import Indexer, IndexSettings, Message
from atoll.dialects.iso19139.render import render_metadata
from atoll.model.announcement import Announcement, Telling
from atoll.model.record import Record
from tests.dialects.catalogue.builders import RECORDS
from tests.fakes import FakeRecordStore

# Units may share an account.
UNITS = {"levitus": "111111111111", "navy": "222222222222", "coast": "111111111111"}


def event(name: str = "told", **changed) -> str:
    """An event as EventBridge puts it into a queue."""
    told = Telling(
        announcement=Announcement(record=RECORDS[name], visible_to=("navy",)),
        policy_version=3,
        told_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
    )
    detail = told.model_dump(mode="json")
    envelope = {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "record.published",
        "source": "atoll.unit.levitus",
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
def left_out() -> list[int]:
    """How many records each catalogue was made without."""
    return []


@pytest.fixture
def indexer(store, tmp_path, left_out) -> Indexer:
    return Indexer(store, UNITS, tmp_path, Logger("index_records"), left_out.append)


@pytest.fixture
def spoil(monkeypatch) -> Callable[[str], None]:
    """Lets no more be rendered what is a dataset's."""

    def apply(dataset: str) -> None:
        def render(record: Record) -> bytes:
            if record.identifier == dataset:
                raise KeyError("what nobody thought of")
            return render_metadata(record)

        monkeypatch.setattr("atoll.bootstrap.record_index.render_metadata", render)

    return apply


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
        event(source="atoll.unit.coast"),
        event(source="atoll.unit"),
        event(**{"detail-type": "record.withdrawn"}),
    ],
)
def test_what_cannot_be_kept_comes_again_and_holds_nobody_up(indexer, store, body):
    assert indexer.take(messages(body, event("across"))) == ["0"]
    assert set(store.kept) == {"levitus.across"}


def test_what_cannot_be_rendered_takes_the_place_of_nothing(indexer, store, spoil):
    assert indexer.take(messages(event())) == []
    before = dict(store.kept)
    spoil("levitus-climatology")
    assert indexer.take(messages(event())) == ["0"]
    assert store.kept == before


def test_what_is_kept_and_cannot_be_used_is_left_out_and_counted(indexer, store, left_out, spoil):
    assert indexer.take(messages(event("told"))) == []
    store.kept["levitus.spoilt"] = None
    spoil("levitus-climatology")
    assert indexer.take(messages(event("across"))) == []
    assert left_out == [0, 2]
    assert ids(store) == ["levitus.across"]


def ids(store: FakeRecordStore) -> list[str]:
    """Of the records in the catalogue."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(store.files[store.present or ""])
        return [row[0] for row in database.execute("SELECT identifier FROM records")]


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
    read = IndexSettings(
        catalogue_bucket="b", units="levitus=111111111111,navy=222222222222,coast=111111111111"
    )
    assert read.accounts() == UNITS
