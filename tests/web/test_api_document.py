"""The committed OpenAPI document is the door's: a change of the door shows in review."""

import json
from pathlib import Path

import pytest

from tests.web.builders import DoorUnderTest, token_of_groups

GOLDEN = Path(__file__).parents[1] / "golden" / "openapi.json"
HINT = "the door has changed; if that is meant: python -m tests.web.test_api_document"


def current() -> str:
    document = DoorUnderTest().client(None).get("/api").json()
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def test_the_committed_document_is_the_doors():
    assert GOLDEN.read_text() == current(), HINT


LOOKS = [
    (path, methods["get"]["responses"])
    for path, methods in json.loads(GOLDEN.read_text())["paths"].items()
    if "get" in methods
]


@pytest.mark.parametrize(("path", "responses"), LOOKS)
def test_what_a_look_finds_when_all_is_away_is_in_the_document(path, responses):
    door = DoorUnderTest()
    world = door.world
    parts = (world.catalogue, world.ledger, world.policies, world.journal, world.secrets)
    for part in (*parts, world.products, world.deliveries):
        part.available = False
    answer = door.client(token_of_groups("operators")).get(path)
    assert str(answer.status_code) in responses


if __name__ == "__main__":
    GOLDEN.write_text(current())
