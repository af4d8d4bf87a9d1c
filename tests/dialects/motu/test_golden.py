"""The committed documents are the door's: a change of one shows in review."""

from pathlib import Path

import pytest

from tests.dialects.motu.documents import documents

GOLDEN = Path(__file__).parents[2] / "golden" / "motu"
HINT = "the door has changed; if that is meant: python -m tests.dialects.motu.test_golden"
DOCUMENTS = documents()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_committed_document_is_the_doors(name):
    assert (GOLDEN / name).read_text() == DOCUMENTS[name], HINT


def test_there_is_no_other():
    # Answers with an error are the whole door's: see tests/web/motu/test_motu_errors.py.
    committed = {path.name for path in GOLDEN.iterdir() if not path.match("error-*")}
    assert committed == set(DOCUMENTS)


if __name__ == "__main__":
    from tests.web.motu.errors import error_documents

    for old in GOLDEN.iterdir():
        old.unlink()
    for name, text in (DOCUMENTS | error_documents()).items():
        (GOLDEN / name).write_text(text)
