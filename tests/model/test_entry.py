"""A line of the ledger: all that MOTU logs, under our names."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from atoll.model.entry import Entry
from atoll.model.extent import AxisExtent, Extent
from atoll.model.job import Job, Origin
from tests.contract.builders import REASON, T0, delivery, job

# A field of MOTU's queue log -> ours.
MOTU = {
    "OK | ERR": "status",
    "errCode": "code",
    "errMsg": "detail",
    "errDate": "at",
    "queueId": "tier",
    "queueDesc": "tier",
    "requestId": "job_id",
    "elapsedWaitQueueTime": "waited_s",
    "elapsedRunTime": "ran_s",
    "elapsedTotalTime": "total_s",
    "inQueueTime": "created_at",
    "startTime": "started_at",
    "endTime": "at",
    "amountDataSize": "settled_bytes",
    "downloadUrlPath": "result_keys",
    "extractLocationData": "result_keys",
    "scriptVersion": "origin.agent",
    "serviceName": "dataset",
    "productId": "dataset",
    "userId": "account_id",
    "userHost": "origin.host",
    "anonymousUser": "anonymous",
    "temporalCoverageInDays": "extent.axes.days",
    "locationData": "revision",
    "listVar": "variables",
    "listTemporalCoverage": "extent.axes.first_text",
    "listLatLonCoverage": "extent.axes.first",
    "listDepthCoverage": "extent.axes.last",
}
# Our workers do these at the same time, chunk by chunk: there are no times to tell apart.
AT_ONCE = {"totalIOTime", "preparingTime", "readingTime", "writingTime", "copyingTime",
           "compressingTime"}  # fmt: skip

# Attributes and lists of `motuQueueServerLog` and its children.
LOGGED = """
queueId queueDesc requestId elapsedWaitQueueTime elapsedRunTime elapsedTotalTime totalIOTime
preparingTime readingTime writingTime copyingTime compressingTime inQueueTime startTime endTime
amountDataSize downloadUrlPath extractLocationData scriptVersion serviceName productId userId
userHost anonymousUser temporalCoverageInDays locationData listVar listTemporalCoverage
listLatLonCoverage listDepthCoverage errCode errMsg errDate
"""

TIME = AxisExtent(
    name="time",
    role="T",
    units="days since 2026-01-01",
    count=2,
    first=0,
    last=1,
    first_text="2026-01-01T00:00:00Z",
    last_text="2026-01-02T00:00:00Z",
    days=2,
)
EXTENT = Extent(axes=(TIME,), native_rectangle=False)
ORIGIN = Origin(door="rest", host="192.0.2.1", agent="curl/8.5")


def ended(**changed: object) -> Job:
    """A job that was ordered at T0 and began a minute later."""
    began = {"started_at": T0 + timedelta(minutes=1), "extent": EXTENT, "origin": ORIGIN}
    return job().model_copy(update={**began, **changed})


def line(**changed: object) -> Entry:
    """What its end says, three minutes after the order."""
    return Entry.of(ended(**changed), "settled", T0 + timedelta(minutes=3))


@pytest.mark.parametrize("motus", MOTU)
def test_what_motu_logs_has_a_counterpart(motus: str) -> None:
    failed = line(status="failed", reason=REASON)
    found: object = failed if motus.startswith("err") else line(deliveries=(delivery(),))
    for name in MOTU[motus].split("."):
        found = getattr(found[0] if isinstance(found, tuple) else found, name)
    assert found is not None
    assert found not in ((), "")


def test_of_all_that_motu_logs_its_times_of_input_and_output_alone_are_left_out() -> None:
    assert set(LOGGED.split()) - MOTU.keys() == AT_ONCE


def test_a_delivery_is_told_with_its_bytes_times_and_files() -> None:
    files = (delivery(output_bytes=800), delivery(output_bytes=50, file_name="second.nc"))
    said = line(status="successful", deliveries=files)

    assert (said.settled_bytes, said.reserved_bytes) == (850, 1000)
    assert said.result_keys == ("results/job-1/subset.nc", "results/job-1/subset.nc")
    assert (said.waited_s, said.ran_s, said.total_s) == (60, 120, 180)
    assert (said.read_bytes, said.chunks, said.variables) == (4096, 4, ("TEMP",))
    assert (said.code, said.extent, said.anonymous) == (None, EXTENT, False)


def test_a_failure_is_told_with_its_reason() -> None:
    said = Entry.of(ended(status="failed", reason=REASON), "released", T0)
    assert (said.code, said.detail) == ("data-error", "a chunk does not decode")
    assert (said.settled_bytes, said.result_keys) == (0, ())


def test_what_another_job_extracted_was_not_read_again() -> None:
    said = line(status="successful", deliveries=(delivery(),), leader="job-0", started_at=None)
    assert (said.read_bytes, said.chunks, said.settled_bytes) == (0, 0, 800)
    assert (said.waited_s, said.ran_s, said.leader) == (180, 0, "job-0")


def test_clocks_that_disagree_make_no_time_negative() -> None:
    said = Entry.of(ended(started_at=T0 - timedelta(seconds=1)), "released", T0)
    assert (said.waited_s, said.ran_s, said.total_s) == (0, 1, 0)


def test_bytes_count_in_the_month_of_the_order_and_the_line_in_its_own_day() -> None:
    east = timezone(timedelta(hours=9))
    ordered = datetime(2026, 12, 1, 8, 59, tzinfo=east)  # 30 November in UTC
    said = Entry.of(job(created_at=ordered), "settled", datetime(2026, 12, 2, tzinfo=UTC))
    assert (said.month, said.day) == ("2026-11", "2026-12-02")
    assert said.entry_id == "2026-11#job-1#settled"


def test_nobody_in_particular_is_anonymous() -> None:
    assert Entry.of(job(account_id=""), "reserved", T0).anonymous


def test_a_line_is_the_same_after_json() -> None:
    said = line(status="successful", deliveries=(delivery(),), label="mine", profiles=("navy",))
    assert Entry.model_validate_json(said.model_dump_json()) == said
