"""Digests of values: equal ones have equal digests, however they were written."""

import hashlib
import json

from atoll.model.delivery import DeliveryNote
from atoll.model.product import Product


def digest_of(note: DeliveryNote) -> str:
    """Of a note: SHA-256, hexadecimal, by which another of the same id is told from it."""
    return _sha256(note.model_dump(mode="json", exclude_none=True))


def tag_of(product: Product) -> str:
    """Of a dataset's settings: what a change says that it is based on."""
    return _sha256(product.model_dump(mode="json"))[:32]


def _sha256(essence: dict[str, object]) -> str:
    """Of canonical JSON: keys sorted, without space."""
    text = json.dumps(essence, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
