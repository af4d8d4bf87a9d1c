"""How a letter is known to be from us."""

import hashlib
import hmac

from atoll.model.keys import derive_key
from atoll.model.notice import Channel, Event, Notice, signature, webhook_secret

MASTER = b"m" * 64


def test_a_receiver_can_tell_that_a_letter_is_from_us():
    """As the README says it, in the words of a receiver: `openssl dgst -sha256 -hmac SECRET`."""
    secret = webhook_secret(derive_key(MASTER, "webhook", "ann-id"))
    moment, digest = signature(secret, 1_793_534_400, b'{"a": 1}').split(",")
    assert moment == "t=1793534400"
    expected = hmac.new(secret.encode(), b'1793534400.{"a": 1}', hashlib.sha256).hexdigest()
    assert digest == f"v1={expected}"


def test_every_part_of_a_signature_counts():
    secret, other = (webhook_secret(derive_key(MASTER, "webhook", a)) for a in ("ann", "bob"))
    signed = {
        signature(secret, 1, b"a"),
        signature(other, 1, b"a"),
        signature(secret, 2, b"a"),
        signature(secret, 1, b"b"),
    }
    assert len({each.partition("v1=")[2] for each in signed}) == 4


def test_a_key_is_one_masters_one_purposes_and_one_subjects():
    keys = {
        derive_key(MASTER, "webhook", "ann"),
        derive_key(MASTER, "webhook", "bob"),
        derive_key(MASTER, "quote", "ann"),
        derive_key(b"n" * 64, "webhook", "ann"),
    }
    assert len(keys) == 4
    assert all(len(key) == 32 for key in keys)
    assert derive_key(MASTER, "quote", "ann") in keys


def test_a_delivery_has_one_name_by_whatever_way_it_goes():
    def named(job_id: str, event: Event, channel: Channel) -> str:
        return Notice(job_id=job_id, event=event, channel=channel, correlation_id="c").delivery_id

    first = named("job-1", "job.successful", "webhook")
    assert named("job-1", "job.successful", "topic") == first
    others = {
        named("job-1", "job.failed", "webhook"),
        named("job-2", "job.successful", "webhook"),
    }
    assert len({first, *others}) == 3
