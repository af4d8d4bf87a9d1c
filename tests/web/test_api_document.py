"""The committed OpenAPI document is the door's: a change of the door shows in review."""

import json
from pathlib import Path

from tests.web.builders import DoorUnderTest

GOLDEN = Path(__file__).parents[1] / "golden" / "openapi.json"
HINT = "the door has changed; if that is meant: python -m tests.web.test_api_document"


def current() -> str:
    document = DoorUnderTest().client(None).get("/api").json()
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def test_the_committed_document_is_the_doors():
    assert GOLDEN.read_text() == current(), HINT


if __name__ == "__main__":
    GOLDEN.write_text(current())
