"""A note's digest: equal notes have equal ones, however they were written."""

import hashlib
import json

from atoll.model.delivery import DeliveryNote


def digest_of(note: DeliveryNote) -> str:
    """SHA-256, hexadecimal, of the note as canonical JSON: keys sorted, without space and null."""
    essence = note.model_dump(mode="json", exclude_none=True)
    text = json.dumps(essence, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
