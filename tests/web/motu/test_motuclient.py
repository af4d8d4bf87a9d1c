"""The unmodified motuclient 3.0.0 at the Motu and the CAS door."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from stacks.local.motuclient import Ended, Motuclient, signing_in
from tests.web.motu.front import CONTENT, PASSWORD, USER, Front, served_front

pytestmark = pytest.mark.slow

LEVITUS = ("Levitus-TDS", "levitus-climatology")
BOX = ("-x", 350, "-X", 10, "-y", -10, "-Y", 10, "-z", 0, "-Z", "Surface", "-v", "TEMP")
SIGNED_IN, GUEST = ("/motu-web/Motu", USER, PASSWORD), ("/motu-open/Motu", "", "")
# To the login page, two tickets, and back with the second.
DANCE = 5


@pytest.fixture
def front() -> Iterator[Front]:
    with served_front() as opened:
        yield opened


def run(front: Front, home: Path, who: tuple[str, str, str], *words: object) -> Ended:
    path, user, password = who
    client = Motuclient(f"{front.url}{path}", home)
    if user:
        client = Motuclient(f"{front.url}{path}", home, signing_in(user, password))
    return client.run(*LEVITUS, *words, "-f", "out.nc")


@pytest.mark.parametrize(("who", "requests"), [(GUEST, 3), (SIGNED_IN, 2 * DANCE + 1)])
def test_a_small_file_is_there_at_the_first_poll(front, tmp_path, who, requests):
    ended = run(front, tmp_path, who, *BOX)
    assert (ended.code, len(front.asked)) == (0, requests), ended.said
    assert (tmp_path / "out.nc").read_bytes() == CONTENT
    (job,) = front.motu.world.ledger.rows.values()
    assert job.account_id == ("bob-id" if who == SIGNED_IN else "anonymous")


@pytest.mark.parametrize("who", [GUEST, SIGNED_IN])
@pytest.mark.parametrize("job_s", [5, 175])
def test_in_sync_mode_it_is_waited_for_as_long_as_urllib_follows(front, tmp_path, who, job_s):
    front.job_s = job_s
    ended = run(front, tmp_path, who, *BOX, "--sync-mode")
    assert ended.code == 0, ended.said
    assert (tmp_path / "out.nc").read_bytes() == CONTENT
    assert sum("waitfor" in asked for asked in front.asked) == (0 if job_s == 5 else 8)
    assert sum("/cas/v1/tickets " in f"{asked} " for asked in front.asked) == (who == SIGNED_IN)


def test_what_takes_longer_ends_the_client(front, tmp_path):
    front.job_s = 10_000
    ended = run(front, tmp_path, GUEST, *BOX, "--sync-mode")
    assert (ended.code, "503" in ended.said) == (1, True), ended.said


@pytest.mark.parametrize("who", [GUEST, SIGNED_IN])
@pytest.mark.parametrize(
    ("words", "root"), [(("--size", *BOX), "requestSize"), (("-D",), "productMetadataInfo")]
)
def test_documents_are_saved_as_they_are(front, tmp_path, who, words, root):
    ended = run(front, tmp_path, who, *words)
    assert ended.code == 0, ended.said
    assert etree.parse(tmp_path / "out.xml").getroot().tag == root


@pytest.mark.parametrize("who", [GUEST, SIGNED_IN])
def test_a_refusal_is_told_in_words(front, tmp_path, who):
    ended = run(front, tmp_path, who, "-v", "sugar")
    assert "010-13 : variable: levitus-climatology has no 'sugar'" in ended.said
    assert not (tmp_path / "out.nc").exists()


def test_a_wrong_password_ends_the_client(front, tmp_path):
    ended = run(front, tmp_path, ("/motu-web/Motu", USER, "wrong"), *BOX)
    assert ended.code == 1, ended.said
    assert front.motu.world.untouched()
