"""Responses, byte for byte; which form a note's file name means."""

from datetime import UTC, datetime

import pytest

from atoll.dialects.delivery import Documents, digest_of, render_receipt
from atoll.errors import InvalidParameter
from atoll.model.delivery import Finding, Receipt
from tests.dialects.delivery.builders import DELIVERY_ID, GOLDEN, T0, dnt, note, text

FINDINGS = (
    Finding(
        check="values",
        file="2026/001.nc",
        variable="u",
        attribute="valid_max",
        problem="1 of 64800 values lies beyond: 1e20",
        accepted="-90.5 to 90.5",
    ),
    Finding(check="acdd", severity="advice", file="2026/001.nc", problem="no creator_name"),
)
REJECTED = Receipt(
    note=note(),
    digest=digest_of(note()),
    status="rejected",
    received_at=T0,
    checked_at=datetime(2026, 11, 23, 11, 0, 5, 250_000, tzinfo=UTC),
    ended_at=datetime(2026, 11, 23, 11, 0, 5, 500_000, tzinfo=UTC),
    target=datetime(2026, 11, 23, 12, tzinfo=UTC),
    findings=FINDINGS,
)
PUBLISHED = REJECTED.model_copy(update={"status": "published", "revision": "R1", "findings": ()})
REFUSAL = (
    Finding(
        check="note",
        file="delivery.json",
        attribute="operations.3.path",
        problem="operations.3.path: '../a.nc' is not accepted; a path below the folder is",
        accepted="a path below the folder is",
    ),
)
RESPONSES = {
    "rejected.json": Documents().response(REJECTED),
    "published.json": Documents().response(PUBLISHED),
    "refused.json": Documents().refusal(DELIVERY_ID, T0, REFUSAL),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_responses_are_the_committed_ones(name):
    hint = "if that is meant: python -m tests.dialects.delivery.test_delivery_response"
    assert RESPONSES[name] == (GOLDEN / name).read_bytes(), hint


def test_a_receipt_as_plain_values():
    said = render_receipt(PUBLISHED)
    assert (said["schema"], said["status"], said["revision"]) == ("dr/1", "published", "R1")
    assert said["received_at"] == "2026-11-23T11:00:00Z"
    assert said["findings"] == []


def test_a_note_is_read_as_its_file_is_named():
    documents = Documents()
    assert documents.read("delivery.json", text(), "ignored-id") == note()
    assert documents.read("delivery.xml", dnt(), DELIVERY_ID).delivery_id == DELIVERY_ID
    with pytest.raises(InvalidParameter, match=r"delivery\.json or delivery\.xml"):
        documents.read("note.json", text(), DELIVERY_ID)


if __name__ == "__main__":
    for file_name, content in RESPONSES.items():
        (GOLDEN / file_name).write_bytes(content)
