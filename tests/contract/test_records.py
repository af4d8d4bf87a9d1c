"""The ports RecordStore and RecordEvents: one suite for the fakes and for AWS."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from atoll.aws.record_events import EventBridgeRecordEvents
from atoll.aws.record_store import S3RecordStore
from atoll.dialects.record_events import parse_event
from atoll.errors import Unavailable
from atoll.model.announcement import Announcement, Telling
from atoll.ports.records import RecordEvents, RecordStore
from tests.contract.cloud import CATALOGUE_BUCKET, REGION, Cloud, Faults
from tests.dialects.catalogue.builders import RECORDS
from tests.fakes import FakeRecordEvents, FakeRecordStore

BUS = f"arn:aws:events:{REGION}:123456789012:event-bus/records"


AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def told(
    name: str = "told",
    policy: int = 1,
    after_us: int = 0,
    visible_to: tuple[str, ...] | None = None,
    **changed,
) -> Telling:
    record = RECORDS[name].model_copy(update=changed)
    return Telling(
        announcement=Announcement(record=record, visible_to=visible_to),
        policy_version=policy,
        told_at=AT + timedelta(microseconds=after_us),
    )


@pytest.fixture(params=["fake", "aws"])
def store(request: pytest.FixtureRequest) -> RecordStore:
    if request.param == "fake":
        return FakeRecordStore()
    return S3RecordStore(request.getfixturevalue("aws").s3, CATALOGUE_BUCKET)


def made(folder: Path, text: str) -> Path:
    path = folder / text
    path.write_text(text)
    return path


def test_records_are_kept_by_unit_and_dataset(store: RecordStore) -> None:
    assert store.records().readable == []
    assert store.keep(told("told"))
    assert store.keep(told("across"))
    found = [one.record for one in store.records().readable]
    assert found == [RECORDS["across"], RECORDS["told"]]


DAY, NEXT_DAY = "2026-11-23T00:00:00Z", "2026-11-24T00:00:00+00:00"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        # Whatever it is told as of, a later revision counts; then a later policy; then the clock.
        ({"updated_at": DAY, "policy": 2, "after_us": 1}, {"updated_at": NEXT_DAY}),
        ({"policy": 9, "after_us": 1}, {"policy": 10}),
        ({}, {"after_us": 1}),
    ],
)
def test_what_was_read_later_counts_in_whichever_order_it_comes(
    store: RecordStore, older: dict[str, Any], newer: dict[str, Any]
) -> None:
    assert store.keep(told(**older, title="older"))
    assert store.keep(told(**newer, title="newer"))
    assert not store.keep(told(**older, title="older"))
    assert [one.record.title for one in store.records().readable] == ["newer"]
    assert store.keep(told(**newer, title="the same again"))
    assert [one.record.title for one in store.records().readable] == ["the same again"]


def test_whom_it_is_for_is_kept(store: RecordStore) -> None:
    hidden = told(visible_to=("navy",))
    assert store.keep(hidden)
    assert store.records().readable == [hidden.announcement]


@pytest.fixture
def spoil(store: RecordStore, request: pytest.FixtureRequest) -> Callable[[bytes], str]:
    """Puts something unreadable in the place of `told`; returns what it is called."""
    record = RECORDS["told"]

    def put(content: bytes) -> str:
        if isinstance(store, FakeRecordStore):
            store.kept[record.catalogue_id] = None
            return record.catalogue_id
        key = f"records/{record.publisher.name}/{record.identifier}.json"
        aws: Cloud = request.getfixturevalue("aws")
        aws.s3.put_object(Bucket=CATALOGUE_BUCKET, Key=key, Body=content)
        return key

    return put


@pytest.mark.parametrize(
    "content", [b"", b"\xff", told().model_dump_json().replace("{", '{"later":1,', 1).encode()]
)
def test_what_cannot_be_read_is_named_holds_up_nobody_and_is_replaced(
    store: RecordStore, spoil: Callable[[bytes], str], content: bytes
) -> None:
    assert store.keep(told("told"))
    assert store.keep(told("across"))
    spoilt = spoil(content)
    assert [one.record for one in store.records().readable] == [RECORDS["across"]]
    assert store.records().unreadable == [spoilt]
    assert store.keep(told("told"))
    assert store.records().unreadable == []


def test_a_file_becomes_the_catalogue_in_one_step(store: RecordStore, tmp_path: Path) -> None:
    assert store.version() is None
    for before, version in ((None, "a"), ("a", "b"), ("b", "c")):
        assert store.replace(before, version, made(tmp_path, version))
        assert store.version() == version
        store.fetch(version, tmp_path / "fetched")
        assert (tmp_path / "fetched").read_text() == version


def test_nobody_takes_the_place_of_a_version_he_has_not_seen(
    store: RecordStore, tmp_path: Path
) -> None:
    assert store.replace(None, "a", made(tmp_path, "a"))
    for before in (None, "other"):
        assert not store.replace(before, "b", made(tmp_path, "b"))
    assert store.version() == "a"


def test_a_version_that_there_is_not_is_no_file(store: RecordStore, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        store.fetch("a", tmp_path / "fetched")


def test_who_swaps_at_the_same_time_leaves_no_file(aws: Cloud, tmp_path: Path) -> None:
    class Slow(S3RecordStore):
        def _find(self, key):
            there = super()._find(key)
            if key.endswith("current.json"):
                S3RecordStore(aws.s3, CATALOGUE_BUCKET).replace(
                    None, "quicker", made(tmp_path, "quicker")
                )
            return there

    assert not Slow(aws.s3, CATALOGUE_BUCKET).replace(None, "slow", made(tmp_path, "slow"))
    listed = aws.s3.list_objects_v2(Bucket=CATALOGUE_BUCKET, Prefix="catalogue/")["Contents"]
    assert [one["Key"] for one in listed] == ["catalogue/current.json", "catalogue/quicker.sqlite"]


@pytest.mark.parametrize("overtaken", [False, True])
def test_a_swap_whose_answer_was_lost_has_swapped(
    aws: Cloud, tmp_path: Path, *, overtaken: bool
) -> None:
    class Unheard(S3RecordStore):
        def _swap(self, key, value, there):
            assert super()._swap(key, value, there)
            if overtaken:
                quicker = S3RecordStore(aws.s3, CATALOGUE_BUCKET)
                assert quicker.replace("b", "c", made(tmp_path, "c"))
            return super()._swap(key, value, there)  # the client tries again, and is told 412

    store = S3RecordStore(aws.s3, CATALOGUE_BUCKET)
    assert store.replace(None, "a", made(tmp_path, "a"))
    assert Unheard(aws.s3, CATALOGUE_BUCKET).replace("a", "b", made(tmp_path, "b"))
    present = "c" if overtaken else "b"
    assert store.version() == present
    for version in ("b", present):
        store.fetch(version, tmp_path / "fetched")
        assert (tmp_path / "fetched").read_text() == version


def test_the_file_before_is_kept_and_the_one_before_that_is_not(aws: Cloud, tmp_path: Path) -> None:
    store = S3RecordStore(aws.s3, CATALOGUE_BUCKET)
    for before, version in ((None, "a"), ("a", "b"), ("b", "c")):
        store.replace(before, version, made(tmp_path, version))
    listed = aws.s3.list_objects_v2(Bucket=CATALOGUE_BUCKET, Prefix="catalogue/")["Contents"]
    names = {"catalogue/b.sqlite", "catalogue/c.sqlite", "catalogue/current.json"}
    assert {one["Key"] for one in listed} == names


def test_a_store_that_is_away(aws: Cloud, faults: Faults) -> None:
    store = S3RecordStore(aws.s3, CATALOGUE_BUCKET)
    for operation in ("GetObject", "ListObjectsV2"):
        faults.break_off("s3", operation, ConnectTimeoutError(endpoint_url="s3"))
    for ask in (store.version, store.records, lambda: store.keep(told())):
        with pytest.raises(Unavailable):
            ask()


@pytest.fixture(params=["fake", "aws"])
def events(request: pytest.FixtureRequest) -> RecordEvents:
    if request.param == "fake":
        return FakeRecordEvents()
    aws: Cloud = request.getfixturevalue("aws")
    aws.events.create_event_bus(Name="records")
    return EventBridgeRecordEvents(aws.events, BUS)


def test_records_are_told_of(events: RecordEvents) -> None:
    events.announce(told("told"))
    events.announce(told("navy-winds", visible_to=("navy",)))


def test_what_is_told_is_the_agreed_event(aws: Cloud) -> None:
    aws.events.create_event_bus(Name="records")
    queue = aws.sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:123456789012:heard"
    pattern = {"source": [{"prefix": "atoll.unit."}], "detail-type": ["record.published"]}
    aws.events.put_rule(Name="heard", EventBusName="records", EventPattern=json.dumps(pattern))
    aws.events.put_targets(
        Rule="heard", EventBusName="records", Targets=[{"Id": "queue", "Arn": arn}]
    )
    telling = told(visible_to=("navy",), after_us=7)
    EventBridgeRecordEvents(aws.events, BUS).announce(telling)
    (message,) = aws.sqs.receive_message(QueueUrl=queue)["Messages"]
    event = json.loads(message["Body"])
    assert event["source"] == f"atoll.unit.{RECORDS['told'].publisher.name}"
    assert set(event["detail"]) == {"announcement", "policy_version", "told_at"}
    assert Telling.model_validate(event["detail"]) == telling
    heard = json.dumps(event | {"account": "123456789012"})  # which moto leaves out
    unit = telling.announcement.record.publisher.name
    assert parse_event(heard, {unit: "123456789012"}) == telling


def test_a_bus_that_is_away(aws: Cloud, faults: Faults) -> None:
    events = EventBridgeRecordEvents(aws.events, BUS)
    faults.refuse("events", "PutEvents", "ThrottlingException")
    with pytest.raises(Unavailable, match="bus of records"):
        events.announce(told())
