"""The process that looks: an order on standard input, what it finds on standard output."""

import json
import os
import resource
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from atoll.model.delivery import Finding
from atoll.model.product import Product
from atoll.publication.gate.events import Event, Limits
from atoll.publication.gate.inspection import inspect

_MOST_TOLD = 5_000  # of errors, and of all else: who mends these finds the others


def main() -> None:
    """Look at the files of one order."""
    order = json.load(sys.stdin)
    limits = Limits.model_validate(order["limits"])
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_bytes, limits.memory_bytes))
    # Libraries print what they think of a file; that must not stand among the findings.
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as output:
        os.dup2(2, 1)
        files = {label: Path(path) for label, path in order["files"].items()}
        product = Product.model_validate(order["product"])
        for event in bounded(inspect(files, product, limits)):
            output.write(f"{json.dumps(_document(event))}\n")
            output.flush()
        output.write('{"done": true}\n')


def bounded(events: Iterable[Event], most_told: int = _MOST_TOLD) -> Iterator[Event]:
    """As many errors, and as much else, as anybody mends at once; much advice hides no error."""
    errors = others = 0
    for event in events:
        if isinstance(event, Finding):
            is_error = event.severity == "error"
            errors, others = errors + is_error, others + (not is_error)
            if errors > most_told:
                return
            if not is_error and others > most_told:
                continue
        yield event


def _document(event: Event) -> dict[str, object]:
    if isinstance(event, Finding):
        return {"finding": event.model_dump(mode="json")}
    return {"layer": event.layer, "file": event.file}


if __name__ == "__main__":
    main()
