"""The ledger's export: a day is a file that PyArrow finds by unit and day."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.dataset
import pyarrow.parquet
import pytest
from botocore.exceptions import ConnectTimeoutError

from atoll.aws.archive import S3Archive
from atoll.aws.entries import entry_item
from atoll.aws.journal import DynamoJournal
from atoll.bootstrap.export import Export, day_of
from atoll.errors import InvalidParameter, Unavailable
from atoll.model.entry import Entry
from tests.contract.builders import T0, delivery, job
from tests.contract.cloud import DATA_BUCKET, Cloud, Faults, cloud, new_clients

NIGHT = T0 + timedelta(days=2)
KEY = "ledger/unit=levitus/day=2026-11-01/entries.parquet"


@pytest.fixture(scope="module")
def clients():
    return new_clients()


@pytest.fixture
def aws(clients):
    with cloud(clients) as account:
        yield account


def lines() -> list[Entry]:
    """Two of the first of November, and one of the next day."""
    ended = job().model_copy(
        update={"status": "successful", "deliveries": (delivery(),),
                "started_at": T0 + timedelta(seconds=3), "profiles": ("navy",)}
    )  # fmt: skip
    return [
        Entry.of(job(), "reserved", T0),
        Entry.of(ended, "settled", T0 + timedelta(seconds=10)),
        Entry.of(job("job-2"), "reserved", T0 + timedelta(days=1)),
    ]


def export_of(aws: Cloud) -> Export:
    for line in lines():
        aws.dynamodb.put_item(TableName="Ledger", Item=entry_item(line))
    archive = S3Archive(aws.s3, DATA_BUCKET, "levitus")
    return Export(DynamoJournal(aws.dynamodb, "Ledger"), archive, lambda: NIGHT)


def stored(aws: Cloud, key: str) -> bytes:
    content: bytes = aws.s3.get_object(Bucket=DATA_BUCKET, Key=key)["Body"].read()
    return content


def test_a_day_is_exported_as_its_journal_says(aws):
    exported = export_of(aws)({"day": "2026-11-01"})

    content = stored(aws, KEY)
    assert exported == {
        "day": "2026-11-01", "key": KEY, "entries": 2, "file_bytes": len(content),
    }  # fmt: skip
    rows = pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()
    assert [row["kind"] for row in rows] == ["reserved", "settled"]
    assert rows[1] | {"waited_s": 3, "ran_s": 7, "settled_bytes": 800} == rows[1]


def test_what_a_replay_needs_is_in_it(aws):
    export_of(aws)({"day": "2026-11-01"})
    table = pyarrow.parquet.read_table(io.BytesIO(stored(aws, KEY)))
    needed = ["created_at", "account_id", "profiles", "tier", "ran_s", "waited_s"]
    assert table.select(needed).to_pylist()[1] == {
        "created_at": T0,
        "account_id": "ann-id",
        "profiles": ["navy"],
        "tier": "small",
        "ran_s": 7,
        "waited_s": 3,
    }


def test_the_same_day_again_gives_the_same_object(aws):
    export = export_of(aws)
    first = export({"day": "2026-11-01"}), stored(aws, KEY)
    assert (export({"time": "2026-11-02T01:30:00Z"}), stored(aws, KEY)) == first


def test_readers_of_divided_data_sets_know_unit_and_day(aws, tmp_path: Path):
    export = export_of(aws)
    for day in ("2026-11-01", "2026-11-02"):
        key = export({"day": day})["key"]
        (tmp_path / key).parent.mkdir(parents=True)
        (tmp_path / key).write_bytes(stored(aws, key))

    ledger = pyarrow.dataset.dataset(tmp_path / "ledger", partitioning="hive")
    second = ledger.to_table(filter=pyarrow.dataset.field("day") == "2026-11-02").to_pylist()
    assert [(row["unit"], row["day"], row["job_id"]) for row in second] == [
        ("levitus", "2026-11-02", "job-2")
    ]
    assert ledger.count_rows() == 3


def test_a_day_without_lines_has_a_file_too(aws):
    exported = export_of(aws)({"day": "2026-10-31"})
    assert exported["entries"] == 0
    assert pyarrow.parquet.read_table(io.BytesIO(stored(aws, exported["key"]))).num_rows == 0


@pytest.mark.parametrize(
    ("event", "day"),
    [
        ({"day": "2026-11-02"}, date(2026, 11, 2)),
        ({"time": "2026-11-03T01:30:00Z"}, date(2026, 11, 2)),
        ({"time": "2026-11-03T01:30:00+02:00"}, date(2026, 11, 1)),
        ({"time": "2026-01-01T00:00:00Z"}, date(2025, 12, 31)),
    ],
)
def test_a_schedule_means_the_day_before(event, day):
    assert day_of(event, NIGHT) == day


@pytest.mark.parametrize(
    ("event", "parameter"),
    [
        ({}, "time"),
        ({"day": "yesterday"}, "day"),
        ({"day": None}, "day"),
        ({"time": "1"}, "time"),
        ({"day": "2026-11-03"}, "day"),
        ({"day": "2027-01-01"}, "day"),
        ({"time": "2026-11-04T01:30:00Z"}, "time"),
    ],
)
def test_a_day_that_is_none_or_not_over_is_refused(event, parameter):
    with pytest.raises(InvalidParameter) as refused:
        day_of(event, datetime(2026, 11, 3, 23, 59, tzinfo=UTC))
    assert refused.value.facts["parameter"] == parameter


def test_a_store_that_is_down_is_unavailable(aws, clients):
    export, faults = export_of(aws), Faults(clients)
    faults.break_off("s3", "PutObject", ConnectTimeoutError(endpoint_url="x"))
    try:
        with pytest.raises(Unavailable):
            export({"day": "2026-11-01"})
    finally:
        faults.end()
