"""Handles on jobs."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

import pytest

from atoll.dialects.motu.handle import Handle, read_handle, write_handle
from atoll.errors import UnknownJob
from atoll.model.keys import derive_key

HANDLE = Handle("job-1", "ann-id", 2_000)
NOW = datetime.fromtimestamp(1_999, UTC)


def key_of(account_id: str) -> bytes:
    return derive_key(b"master", "waiting", account_id)


TEXT = write_handle(HANDLE, key_of("ann-id"))


def test_a_handle_is_read_as_it_was_written_and_fits_into_an_address():
    assert read_handle(TEXT, key_of, NOW) == HANDLE
    assert TEXT.replace("-", "").replace("_", "").isalnum()


def test_it_expires():
    with pytest.raises(UnknownJob, match="expired"):
        read_handle(TEXT, key_of, datetime.fromtimestamp(2_001, UTC))


@pytest.mark.parametrize("place", range(0, len(TEXT), 7))
def test_an_altered_one_is_none(place):
    other = "A" if TEXT[place] != "A" else "B"
    with pytest.raises(UnknownJob, match="not as it was given out"):
        read_handle(TEXT[:place] + other + TEXT[place + 1 :], key_of, NOW)


def resealed(held: bytes, content: object) -> str:
    return urlsafe_b64encode(held[:32] + json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "content", [["job-2", "ann-id", 2_000], ["job-1", "nav-id", 2_000], [], {}, "x", None, [1] * 9]
)
def test_what_it_holds_cannot_be_changed(content):
    held = urlsafe_b64decode(TEXT + "=" * (-len(TEXT) % 4))
    with pytest.raises(UnknownJob, match="not as it was given out"):
        read_handle(resealed(held, content), key_of, NOW)


@pytest.mark.parametrize(
    "packed",
    [
        b'["job-1", "ann-id", 1e999]',
        b'["job-1", "ann-id", NaN]',
        b'["job-1", "ann-id", ' + b"9" * 600 + b"]",
        b'["job-1", "\\ud800", 2000]',
        b'{"a": 1, "b": 2, "c": 3}',
        b"\xff",
    ],
)
def test_what_nobody_would_write_is_none(packed):
    text = urlsafe_b64encode(bytes(32) + packed).decode().rstrip("=")
    with pytest.raises(UnknownJob, match="not as it was given out"):
        read_handle(text, key_of, NOW)


@pytest.mark.parametrize(
    "text", ["", "A", "é", "!!", TEXT + "A", TEXT + "=", "A" * 100_000, "[" * 900]
)
def test_anything_else_is_none_either(text):
    with pytest.raises(UnknownJob, match="not as it was given out"):
        read_handle(text, key_of, NOW)


def test_keys_of_other_purposes_do_not_sign_it():
    with pytest.raises(UnknownJob):
        read_handle(TEXT, lambda account_id: derive_key(b"master", "quote", account_id), NOW)
