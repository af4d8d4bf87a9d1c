"""A record is told to whom it may be told, by every protocol, and its number to nobody else."""

import sqlite3
from contextlib import closing

import pytest
from pycsw.core import repository

from atoll.catalogue import guard
from atoll.catalogue.guard import GuardedRepository, connect, seen_by
from tests.web.catalogue.probes import COUNTS, PROBES
from tests.web.catalogue.world import ELSEWHERE, TELLTALE, CatalogueUnderTest, shared

pytestmark = pytest.mark.slow

QUOTED = "%27levitus.navy-winds%27"
NOBODY = {
    "anonymous": lambda: shared().client(anonymous=True),
    "of another profile": lambda: shared().client(ELSEWHERE, "|", "|navy|"),
}


def echo_free(text: str) -> str:
    """Without what was asked: an answer may repeat that."""
    for asked in (
        "id=levitus.navy-winds",
        "ids=levitus.navy-winds",
        "'levitus.navy-winds'",
        QUOTED,
    ):
        text = text.replace(asked, "")
    return text.replace('identifier="levitus.navy-winds"', "").replace("/levitus.navy-winds", "")


@pytest.mark.parametrize("name", PROBES)
def test_a_hidden_record_is_told_to_whom_it_is_for_and_to_nobody_else(name):
    seen = PROBES[name].send(shared().client("navy"))
    assert seen.status_code == 200
    assert TELLTALE in echo_free(seen.text) or "Navy" in seen.text
    for who, client in NOBODY.items():
        answer = PROBES[name].send(client())
        assert TELLTALE not in echo_free(answer.text), who
        assert "Navy" not in answer.text, who
        assert answer.status_code in {200, 400, 404}, who


@pytest.mark.parametrize("name", COUNTS)
def test_a_hidden_record_is_counted_for_whom_it_is_for_and_for_nobody_else(name):
    probe, told = COUNTS[name]
    assert told.format(3) in probe.send(shared().client("navy")).text
    assert told.format(3) in probe.send(shared().client("public", "operators")).text
    for client in NOBODY.values():
        assert told.format(2) in probe.send(client()).text


def test_what_is_for_nobody_is_told_to_nobody():
    for name in ("csw2 list", "records items", "stac search", "oai list"):
        for groups in (("navy",), ("operators",), ()):
            assert "tripolar" not in PROBES[name].send(shared().client(*groups)).text


@pytest.mark.parametrize("name", ["records items", "csw2 list", "csw2 post or"])
def test_without_the_guard_the_probes_see_the_leak(name, monkeypatch):
    unguarded = GuardedRepository.__mro__[1]
    monkeypatch.setattr(repository, "Repository", unguarded)
    assert TELLTALE in PROBES[name].send(CatalogueUnderTest().client(anonymous=True)).text
    monkeypatch.undo()
    assert TELLTALE not in PROBES[name].send(CatalogueUnderTest().client(anonymous=True)).text


def test_nothing_is_opened_where_nobody_has_said_who_asks():
    with pytest.raises(LookupError):
        connect(str(shared().library.index().path))
    assert repository.Repository is GuardedRepository is guard.GuardedRepository


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT title FROM main.records",
        "SELECT count(*) FROM main.records",
        "SELECT title FROM records WHERE 0 UNION SELECT title FROM main.records",
        "SELECT title FROM records WHERE title IN (SELECT title FROM main.records)",
        "SELECT r.title FROM records AS r JOIN main.records AS m ON r.title = m.title",
        "WITH records AS (SELECT * FROM main.records) SELECT title FROM records",
        "SELECT title FROM (WITH records AS (SELECT * FROM main.records) SELECT * FROM records)",
        "WITH v AS (SELECT * FROM main.records) SELECT count(*) FROM v AS records",
        "SELECT sql FROM sqlite_temp_master",
        "SELECT sql FROM sqlite_temp_schema",
        "SELECT sql FROM temp.sqlite_master",
        "SELECT name FROM pragma_table_list",
        "SELECT update_xpath('{}', '<a/>', '1')",
        "DROP VIEW records",
        "CREATE TEMP VIEW records2 AS SELECT * FROM main.records",
        "ATTACH ':memory:' AS other",
        "DELETE FROM main.records",
        "PRAGMA writable_schema = 1",
    ],
)
def test_no_statement_reads_the_table_by_another_way(statement):
    path = str(shared().library.index().path)
    with seen_by(frozenset()), closing(connect(path)) as database:
        assert database.execute("SELECT count(*) FROM records").fetchone() == (2,)
        with pytest.raises(sqlite3.DatabaseError):
            database.execute(statement).fetchall()
