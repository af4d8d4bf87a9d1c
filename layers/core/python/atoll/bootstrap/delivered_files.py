"""A delivery's files, brought to this machine as the note says they are, or findings of why not."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from atoll.bootstrap.patience import patiently
from atoll.errors import DataError
from atoll.model.delivery import DeliveryNote, Finding, Operation
from atoll.ports.deliveries import Incoming

SPARE_BYTES = 2**28  # of the disk: what libraries keep beside the files


@dataclass(frozen=True, slots=True)
class DeliveredFiles:
    """Brings files; each lies below `folder` where it lay below the delivery's own."""

    incoming: Incoming
    folder: Path

    def bring(self, note: DeliveryNote) -> list[Finding]:
        """Bring all files of a delivery.

        Returns:
            What is wrong with them; one that is wrong is no longer here.

        Raises:
            Unavailable: the store did not answer.
        """
        found = (self._brought(note, one) for one in note.operations if one.path is not None)
        return [finding for finding in found if finding is not None]

    def path(self, operation: Operation) -> Path | None:
        """Where the file of an operation is; None = it has none."""
        return None if operation.path is None else self.folder / operation.path

    def _brought(self, note: DeliveryNote, operation: Operation) -> Finding | None:
        path = self.folder / str(operation.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        room_bytes = shutil.disk_usage(self.folder).free - SPARE_BYTES
        limit_bytes = min(room_bytes, operation.size_bytes or room_bytes)
        key = f"{note.folder}{operation.path}"
        try:
            size_bytes = patiently(lambda: self.incoming.fetch(key, path, limit_bytes))
        except DataError as fault:
            return _finding(operation, fault.detail, "the file that the note tells of")
        wrong = _wrong(operation, size_bytes, path)
        if wrong is not None:
            path.unlink()
        return wrong


def _wrong(operation: Operation, size_bytes: int, path: Path) -> Finding | None:
    if operation.size_bytes not in {None, size_bytes}:
        return _finding(operation, f"It has {size_bytes} bytes.", f"{operation.size_bytes} bytes")
    for name, promised in (("sha256", operation.sha256), ("md5", operation.md5)):
        if promised is None:
            continue
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, name).hexdigest()
        if digest != promised:
            return _finding(operation, f"Its {name} is {digest}.", f"{promised}, as the note says")
    return None


def _finding(operation: Operation, problem: str, accepted: str) -> Finding:
    return Finding(check="file", file=str(operation.path), problem=problem, accepted=accepted)
