"""The process that looks: an order on standard input, what it finds on standard output."""

import json
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from atoll.model.delivery import Finding
from atoll.model.product import Product
from atoll.publication.gate.events import Event, Limits
from atoll.publication.gate.inspection import inspect

_MOST_TOLD = 5_000  # who mends these finds the others


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
        for event in _bounded(inspect(files, product, limits)):
            output.write(f"{json.dumps(_document(event))}\n")
            output.flush()
        output.write('{"done": true}\n')


def _bounded(events: Iterator[Event]) -> Iterator[Event]:
    findings = 0
    for event in events:
        findings += isinstance(event, Finding)
        if findings > _MOST_TOLD:
            return
        yield event


def _document(event: Event) -> dict[str, object]:
    if isinstance(event, Finding):
        return {"finding": event.model_dump(mode="json")}
    return {"layer": event.layer, "file": event.file}


if __name__ == "__main__":
    main()
