"""An order over HTTP, from its placing to the file: what any user's program would do."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from urllib.request import urlopen

from stacks.local.door import ANSWER_LIMIT_S, Answer, call

POLL_INTERVAL_S = 0.2
BLOCK_BYTES = 1 << 20
AWAY = 503
UNDER_WAY = frozenset({"accepted", "running"})

type Document = dict[str, Any]


class OrderError(Exception):
    """The order did not end as it should; the message is the door's own."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A user at one dissemination unit's door.

    Attributes:
        unit: base URL of its API.
        token: the user's.
    """

    unit: str
    token: str

    def ask(self, method: str, path: str, document: object = None, **headers: str) -> Answer:
        """One request; header names have `_` for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return call(method, f"{self.unit}{path}", document, token=self.token, headers=sent)

    def order(self, inputs: Mapping[str, object], **headers: str) -> Answer:
        """Place an order, or be refused."""
        return self.ask("POST", "/processes/subset/execution", {"inputs": inputs}, **headers)

    def status(self, job_id: str) -> Document:
        """How a job does.

        Raises:
            OrderError: the door does not say.
        """
        return _said(self.ask("GET", f"/jobs/{job_id}"))

    def wait(self, job_id: str, limit_s: float = 300) -> Document:
        """Ask until the job has ended; its last status.

        Where the door says that a part of the unit is away (503) it is asked again, as it wants:
        the job goes on meanwhile.

        Raises:
            OrderError: it has not ended after `limit_s` seconds, or the door does not say; in the
                words of the last answer.
        """
        deadline = time.monotonic() + limit_s
        while True:
            answer = self.ask("GET", f"/jobs/{job_id}")
            status = _said(answer) if answer.status != AWAY else None
            if status is not None and status["status"] not in UNDER_WAY:
                return status
            if time.monotonic() > deadline:
                raise OrderError(f"job {job_id} has not ended after {limit_s} s: {answer.body!r}")
            time.sleep(POLL_INTERVAL_S)

    def download(self, job_id: str, target: Path) -> Document:
        """Fetch a job's result and check it.

        Returns:
            What the door says of the file: href, size_bytes, sha256, file_name ...

        Raises:
            OrderError: there is no result, or the file is not the one that was promised.
        """
        result: Document = _said(self.ask("GET", f"/jobs/{job_id}/results"))["subset"]
        digest, size_bytes = _save(result["href"], target)
        if (digest, size_bytes) != (result["sha256"], result["size_bytes"]):
            raise OrderError(f"{target}: {size_bytes} bytes, SHA-256 {digest}, is not the result")
        return result


def job_url(ordered: Answer, unit: str) -> str:
    """The absolute address of the job that an order's answer points to."""
    return urljoin(f"{unit}/processes/subset/execution", str(ordered.headers["Location"]))


def _said(answer: Answer) -> Document:
    document: Document = answer.json()
    if answer.status >= 400:  # noqa: PLR2004 (HTTP's own)
        raise OrderError(document.get("detail") or str(document))
    return document


def _save(url: str, target: Path) -> tuple[str, int]:
    """Store what a URL answers. Returns: its SHA-256 and its size in bytes."""
    digest, size_bytes = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with urlopen(url, timeout=ANSWER_LIMIT_S) as reply, target.open("wb") as file:  # noqa: S310 (the unit's word)
        while block := reply.read(BLOCK_BYTES):
            digest.update(block)
            size_bytes += len(block)
            file.write(block)
    return digest.hexdigest(), size_bytes
