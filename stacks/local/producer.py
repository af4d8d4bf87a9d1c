"""A delivery over HTTP, from its offer to its end: what any producer's program would do."""

import hashlib
import http.client
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stacks.local.door import ANSWER_LIMIT_S
from stacks.local.orders import POLL_INTERVAL_S, Customer

ENDED = frozenset({"published", "rejected", "failed"})

type Document = dict[str, Any]


class DeliveryError(Exception):
    """A delivery was not taken; the message is the door's own, or the store's."""


@dataclass(frozen=True, slots=True)
class Producer(Customer):
    """An account that may deliver."""

    def deliver(self, note: Document, folder: Path) -> None:
        """Offer a delivery, put its files where the door says, and then the note.

        Args:
            note: see `note_of`.
            folder: that the paths of its files begin from.

        Raises:
            DeliveryError: the door or the store refused.
        """
        answer = self.ask("POST", "/deliveries", note)
        offered = answer.json()
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise DeliveryError(offered.get("detail") or str(offered))
        for upload in offered["uploads"]:
            _demand_put(upload, (folder / upload["path"]).read_bytes())
        if offered["note"]:
            _demand_put(offered["note"], json.dumps(note).encode())

    def outcome(self, delivery_id: str, limit_s: float = 300) -> Document:
        """Ask until a delivery has ended; how it did.

        Raises:
            DeliveryError: it has not ended after `limit_s` seconds; in the last answer's words.
        """
        deadline = time.monotonic() + limit_s
        while True:
            answer = self.ask("GET", f"/deliveries/{delivery_id}")
            # Unknown as long as the note is on its way.
            if answer.status == HTTPStatus.OK and answer.json()["status"] in ENDED:
                ended: Document = answer.json()
                return ended
            if time.monotonic() > deadline:
                raise DeliveryError(f"{delivery_id} has not ended: {answer.body!r}")
            time.sleep(POLL_INTERVAL_S)


def note_of(delivery_id: str, of: Mapping[str, str], operations: Sequence[Document]) -> Document:
    """A note.

    Args:
        delivery_id: chosen by the producer.
        of: `producer`, `product` and `dataset`.
        operations: in their order.
    """
    return {"schema": "dn/1", "delivery_id": delivery_id, **of, "operations": list(operations)}


def with_file(op: str, path: Path) -> Document:
    """An operation with a file, which lies in the delivery's folder by its own name."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"op": op, "path": path.name, "bytes": path.stat().st_size, "sha256": digest}


def put(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Put something to a presigned address; the status that the store answers."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=ANSWER_LIMIT_S)
    try:
        connection.request("PUT", f"{address.path}?{address.query}", body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def _demand_put(upload: Document, body: bytes) -> None:
    status = put(upload["url"], body, upload["headers"])
    if status != HTTPStatus.OK:
        raise DeliveryError(f"{upload['path']}: the store answers {status}")
