"""`atoll report` against the real door behind a real socket."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from starlette.testclient import TestClient

from atoll.bootstrap.report import report_command
from atoll.client.report import parse, report_text, size_text
from atoll.errors import (
    DataError,
    InvalidParameter,
    InvalidRequest,
    NotAuthenticated,
    Refused,
    Unavailable,
)
from tests.services.test_reports import lines_of
from tests.web.builders import DoorUnderTest, token, token_of_groups

OPERATOR = token_of_groups("operators", sub="otto-id")
NOVEMBER = ["--from", "2026-11-01", "--to", "2026-11-30"]


@contextmanager
def served(answer) -> Iterator[str]:
    """A server of this machine that answers every GET as told: path, headers -> status, body."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = answer(self.path, self.headers)
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def door() -> Iterator[str]:
    made = DoorUnderTest()
    made.world.journal.entries += [
        *lines_of(1, settled_bytes=3 * 2**30),
        *lines_of(2, "failed"),
        *lines_of(3, "accepted", dataset="navy-winds"),
    ]
    client: TestClient = made.client(None)

    def answer(path, headers):
        told = client.get(path, headers={"authorization": headers["authorization"]})
        return told.status_code, told.content

    with served(answer) as url:
        yield url


def test_a_table_is_printed(door, capsys, monkeypatch):
    monkeypatch.setenv("ATOLL_TOKEN", OPERATOR)
    assert report_command(["--url", f"{door}/", "--by", "dataset,month", *NOVEMBER]) == 0
    (period, head, *rows) = capsys.readouterr().out.splitlines()
    assert period == "2026-11-01 to 2026-11-30"
    assert head.split()[:4] == ["dataset", "month", "jobs", "ok"]
    assert [row.split() for row in rows] == [
        ["levitus-climatology", "2026-11", "2", "1", "1", "0", "3.0", "GiB", "0", "B",
         "30.0", "s", "30.0", "s", "60.0", "s", "60.0", "s"],
        ["navy-winds", "2026-11", "1", "0", "0", "0", "0", "B", "1000", "B", "-", "-", "-", "-"],
    ]  # fmt: skip
    assert len({len(line) for line in (head, *rows)}) == 1


def test_the_token_may_be_in_a_file_and_the_document_is_the_doors(door, tmp_path):
    (tmp_path / "token").write_text(f"{OPERATOR}\n")
    words = ["--url", door, "--token-file", str(tmp_path / "token"), "--json", *NOVEMBER]
    document = json.loads(report_text(parse(words, "")))
    assert [row["jobs"] for row in document["rows"]] == [2, 1]


def test_of_one_dataset_and_account(door):
    words = ["--url", door, *NOVEMBER, "--dataset", "navy-winds", "--account", "nav-id"]
    assert report_text(parse(words, OPERATOR)) == "2026-11-01 to 2026-11-30\nno jobs\n"


@pytest.mark.parametrize(
    ("bearer", "words", "error", "said"),
    [
        (token(), [], Refused, "operators"),
        ("forged", [], Refused, "token"),
        (OPERATOR, ["--by", "colour"], InvalidRequest, "colour"),
        (OPERATOR, ["--from", "2026-11-31"], InvalidRequest, "2026-11-31"),
    ],
)
def test_what_the_door_refuses_is_told_in_its_words(door, bearer, words, error, said):
    with pytest.raises(error, match=said):
        report_text(parse(["--url", door, *words], bearer))


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"<html>", DataError),
        (200, b"[]", DataError),
        (200, b'{"by": []}', DataError),
        (404, b"<html>", DataError),
        (500, b"{}", DataError),
        (503, b'{"detail": "try again"}', Unavailable),
    ],
)
def test_what_is_no_door_is_told(status, body, error):
    with served(lambda *_: (status, body)) as url, pytest.raises(error):
        report_text(parse(["--url", url], "t"))


def test_who_speaks_no_http_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet():
            connected, _ = server.accept()
            with connected:
                connected.recv(4096)
                connected.sendall(b"220 mail.example.org ESMTP\r\n")

        thread = Thread(target=greet)
        thread.start()
        with pytest.raises(DataError, match="does not answer as the door"):
            report_text(parse(["--url", f"http://127.0.0.1:{server.getsockname()[1]}"], "t"))
        thread.join()


@pytest.mark.parametrize("token", ["a b", "a\nb", "\u00e9", "\u20ac"])
def test_a_token_that_cannot_be_sent_is_refused_and_not_shown(token):
    with pytest.raises(InvalidParameter, match="access token") as refused:
        parse(["--url", "https://levitus.example"], token)
    assert token not in str(refused.value)


def test_nobody_there_is_told():
    with served(lambda *_: (200, b"")) as url:
        pass
    with pytest.raises(Unavailable, match="does not answer"):
        report_text(parse(["--url", url], "t"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "levitus.example",
        "ftp://levitus.example",
        "file:///etc",
        "https://[::1",
        "https://levitus.example:door",
        "https://levitus.example/a b",
    ],
)
def test_an_address_that_is_none_is_named(url):
    with pytest.raises(InvalidParameter, match="--url"):
        parse(["--url", url], "t")


def test_without_a_token_nothing_is_asked(tmp_path):
    with pytest.raises(NotAuthenticated, match="ATOLL_TOKEN"):
        parse(["--url", "http://127.0.0.1"], "")
    with pytest.raises(InvalidParameter, match="--token-file"):
        parse(["--url", "http://127.0.0.1", "--token-file", str(tmp_path / "none")], "t")


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (3 * 2**29, "1.5 GiB"),
        (2**80, "1048576.0 EiB"),
    ],
)
def test_sizes_as_one_reads_them(size, text):
    assert size_text(size) == text
