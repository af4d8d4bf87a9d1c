"""The ports RecordStore and RecordEvents: one suite for the fakes and for AWS."""

import json
from pathlib import Path

import pytest
from botocore.exceptions import ConnectTimeoutError

from atoll.aws.record_events import EventBridgeRecordEvents
from atoll.aws.record_store import S3RecordStore
from atoll.errors import Unavailable
from atoll.model.announcement import Announcement, KeptRecord
from atoll.ports.records import RecordEvents, RecordStore
from tests.contract.cloud import CATALOGUE_BUCKET, REGION, Cloud, Faults
from tests.dialects.catalogue.builders import RECORDS
from tests.fakes import FakeRecordEvents, FakeRecordStore

BUS = f"arn:aws:events:{REGION}:123456789012:event-bus/records"


def kept(name: str = "told", at: str = "2026-11-23T12:00:00Z", **changed) -> KeptRecord:
    record = RECORDS[name].model_copy(update=changed)
    return KeptRecord(announcement=Announcement(record=record), announced_at=at)


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
    assert store.records() == []
    assert store.keep(kept("told"))
    assert store.keep(kept("across"))
    found = [one.record for one in store.records()]
    assert found == [RECORDS["across"], RECORDS["told"]]


def test_what_was_told_later_counts_in_whichever_order_it_comes(store: RecordStore) -> None:
    assert store.keep(kept(at="2026-11-23T12:00:00Z", title="first"))
    assert store.keep(kept(at="2026-11-23T12:00:02Z", title="third"))
    assert not store.keep(kept(at="2026-11-23T12:00:01Z", title="second"))
    assert [one.record.title for one in store.records()] == ["third"]
    assert store.keep(kept(at="2026-11-23T12:00:02Z", title="the same again"))
    assert [one.record.title for one in store.records()] == ["the same again"]


def test_whom_it_is_for_is_kept(store: RecordStore) -> None:
    hidden = Announcement(record=RECORDS["told"], visible_to=("navy",))
    assert store.keep(KeptRecord(announcement=hidden, announced_at="2026"))
    assert store.records() == [hidden]


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
    for ask in (store.version, store.records, lambda: store.keep(kept())):
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
    events.announce(RECORDS["told"], None)
    events.announce(RECORDS["navy-winds"], ("navy",))


def test_what_is_told_is_the_agreed_event(aws: Cloud) -> None:
    aws.events.create_event_bus(Name="records")
    queue = aws.sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:123456789012:heard"
    pattern = {"source": ["atoll.unit"], "detail-type": ["record.published"]}
    aws.events.put_rule(Name="heard", EventBusName="records", EventPattern=json.dumps(pattern))
    aws.events.put_targets(
        Rule="heard", EventBusName="records", Targets=[{"Id": "queue", "Arn": arn}]
    )
    EventBridgeRecordEvents(aws.events, BUS).announce(RECORDS["told"], ("navy",))
    (message,) = aws.sqs.receive_message(QueueUrl=queue)["Messages"]
    event = json.loads(message["Body"])
    assert set(event["detail"]) == {"record", "visible_to"}
    assert Announcement.model_validate(event["detail"]).record == RECORDS["told"]


def test_a_bus_that_is_away(aws: Cloud, faults: Faults) -> None:
    events = EventBridgeRecordEvents(aws.events, BUS)
    faults.refuse("events", "PutEvents", "ThrottlingException")
    with pytest.raises(Unavailable, match="bus of records"):
        events.announce(RECORDS["told"], None)
