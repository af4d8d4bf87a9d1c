"""The committed records are the catalogue's: a change of one shows in review."""

from pathlib import Path

import pytest

from atoll.model.record import RENDERINGS
from tests.dialects.catalogue.builders import GOLDEN, RECORDS, text_of

FOLDER = Path(__file__).parents[2] / "golden" / "records"
HINT = "a record has changed; if meant: python -m tests.dialects.catalogue.test_record_golden"
TEXTS = {
    f"{name}.{form}.{'xml' if 'xml' in RENDERINGS[form] else 'json'}": text_of(RECORDS[name], form)
    for name in GOLDEN
    for form in RENDERINGS
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_committed_record_is_the_catalogues(name):
    assert (FOLDER / name).read_text() == TEXTS[name], HINT


def test_there_is_no_other():
    assert {path.name for path in FOLDER.iterdir()} == set(TEXTS)


if __name__ == "__main__":
    for name, text in TEXTS.items():
        (FOLDER / name).write_text(text)
