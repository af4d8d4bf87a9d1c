"""The committed documents are the door's: a change of one shows in review."""

from pathlib import Path

import pytest

from tests.dialects.wcs.documents import documents

GOLDEN = Path(__file__).parents[2] / "golden" / "wcs"
HINT = "the door has changed; if that is meant: python -m tests.dialects.wcs.test_wcs_golden"
DOCUMENTS = documents()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_committed_document_is_the_doors(name):
    assert (GOLDEN / name).read_bytes() == DOCUMENTS[name], HINT


def test_there_is_no_other():
    assert {path.name for path in GOLDEN.iterdir()} == set(DOCUMENTS)


if __name__ == "__main__":
    for old in GOLDEN.iterdir():
        old.unlink()
    for name, content in DOCUMENTS.items():
        (GOLDEN / name).write_bytes(content)
