"""The launcher's small parts, without an emulator."""

import json
import signal
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from stacks.local.__main__ import main
from stacks.local.assets import command_of, resolve, zip_folder
from stacks.local.endpoints import Endpoints, User
from stacks.local.lifecycle import start
from stacks.local.patches import raised_class
from stacks.local.place import HOST, LocalError, Place
from stacks.local.processes import Container, Containers
from stacks.local.servers import emulator

LABELS = {"com.amazonaws.ecs.cluster": "arn:aws:ecs:eu-west-1:000000000000:cluster/any"}
TRACEBACK = """START
Traceback (most recent call last):
  File "a.py", line 1, in g
    raise Inner
atoll.errors.DataError: chunk c/0 does not decode

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "b.py", line 2, in f
    raise Unavailable
atoll.errors.Unavailable: first line
second line: of the message
"""


def place_in(directory: Path) -> Place:
    return Place(directory, 1)


@pytest.mark.parametrize(
    ("log", "name"),
    [
        (TRACEBACK, "Unavailable"),
        ("Traceback (most recent call last):\n  File\nKeyError: 'x'\nEND", "KeyError"),
        ("Traceback (most recent call last):\n  File\nOutOfMemory", "OutOfMemory"),
        ("Task timed out after 3.00 seconds", None),
        ("Traceback (most recent call last):", None),
        ("", None),
    ],
)
def test_an_error_is_named_by_the_last_traceback(log: str, name: str | None) -> None:
    assert raised_class(log) == name


def test_a_container_runs_its_images_command(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    command = [
        "python",
        "-c",
        "import os; print(os.environ['ATOLL_JOB_ID'], os.environ['AWS_REGION'])",
    ]
    place.images.write_text(json.dumps({"hash": command}), encoding="utf-8")
    containers = Containers(place)
    container = containers.run(
        "registry/name:hash", name="one", environment={"ATOLL_JOB_ID": "job"}, labels=LABELS
    )
    assert container.wait() == {"StatusCode": 0}
    assert container.status == "exited"
    assert container.logs() == b"job eu-west-1\n"
    assert containers.get(container.id) is container
    assert containers.list() == [container]


def test_an_unknown_image_does_not_run(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    place.images.write_text("{}", encoding="utf-8")
    with pytest.raises(LookupError, match="hash"):
        Containers(place).run("registry/name:hash", name="one", environment={}, labels=LABELS)


def container_of(code: str, log: Path) -> Container:
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=output)
    return Container(process, log, "one")


def test_a_killed_process_reports_its_signal_as_docker_does(tmp_path: Path) -> None:
    code = f"import os; os.kill(os.getpid(), {signal.SIGKILL.value})"
    assert container_of(code, tmp_path / "log").wait() == {"StatusCode": 137}


def test_a_container_can_be_stopped(tmp_path: Path) -> None:
    container = container_of("import time; time.sleep(60)", tmp_path / "log")
    assert container.status == "running"
    container.stop()
    assert container.wait() == {"StatusCode": 143}


def test_a_log_is_followed_to_its_last_line(tmp_path: Path) -> None:
    container = container_of(r"print('one\n\ntwo', end='')", tmp_path / "log")
    assert list(container.logs(stream=True, follow=True)) == [b"one", b"two"]


@pytest.mark.parametrize(
    ("dockerfile", "command"),
    [
        ('FROM x\nENTRYPOINT ["python", "-m", "w"]\n', ["python", "-m", "w"]),
        ('ENTRYPOINT ["a"]\nFROM y\nENTRYPOINT ["python"]\nCMD ["-m", "w"]', ["python", "-m", "w"]),
        ("FROM x\n", []),
    ],
)
def test_the_command_is_read_from_the_dockerfile(dockerfile: str, command: list[str]) -> None:
    assert command_of(dockerfile) == command


def test_equal_folders_give_equal_archives(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "sub" / "__pycache__").mkdir(parents=True)
        (tmp_path / name / "sub" / "a.py").write_text("x = 1", encoding="utf-8")
    (tmp_path / "two" / "sub" / "__pycache__" / "a.pyc").write_bytes(b"compiled")
    assert zip_folder(tmp_path / "one") == zip_folder(tmp_path / "two")


def test_pseudo_parameters_are_filled_in() -> None:
    name = "cdk-assets-${AWS::AccountId}-${AWS::Region}"
    assert resolve(name, "eu-west-1") == "cdk-assets-000000000000-eu-west-1"


@pytest.mark.slow
def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        place = Place(tmp_path, taken.getsockname()[1])
        with pytest.raises(LocalError, match="ATOLL_LOCAL_PORT"):
            start(emulator(place), place)


def test_secrets_are_made_once_and_kept_private(tmp_path: Path) -> None:
    place = place_in(tmp_path / "new")
    assert place.secret() == place.secret()
    assert (place.directory / "secret").stat().st_mode & 0o077 == 0


def test_endpoints_are_kept(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    user = User(username="ann", password="secret", profile="public")  # noqa: S106 (a test's)
    endpoints = Endpoints(central="c", units={"u": "x"}, issuer="i", client_id="id", users=[user])
    endpoints.write(place)
    assert Endpoints.read(place) == endpoints
    with pytest.raises(LocalError, match="no user 'eve'; there are ann"):
        endpoints.token("eve")


def free_url() -> str:
    """Where nobody listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return f"http://{HOST}:{probe.getsockname()[1]}"


def test_a_token_where_nothing_runs_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    user = User(username="ann", password="secret", profile="public")  # noqa: S106 (a test's)
    endpoints = Endpoints(central=free_url(), units={}, issuer="i", client_id="id", users=[user])
    endpoints.write(place_in(tmp_path))
    monkeypatch.setenv("ATOLL_LOCAL_DIR", str(tmp_path))
    assert main(["token", "ann"]) == 1
    told = f"atoll: nothing runs at {endpoints.central}; `make up` starts it\n"
    assert capsys.readouterr() == ("", told)


class Refusal(BaseHTTPRequestHandler):
    """An identity provider that knows nobody."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(400)
        self.end_headers()
        self.wfile.write(b'{"message": "Incorrect username or password."}')

    def log_message(self, *_what: object) -> None:
        """Say nothing."""


def test_a_sign_in_that_is_refused_is_a_sentence() -> None:
    user = User(username="ann", password="secret", profile="public")  # noqa: S106 (a test's)
    with HTTPServer((HOST, 0), Refusal) as server:
        Thread(target=server.handle_request).start()
        central = f"http://{HOST}:{server.server_port}"
        endpoints = Endpoints(central=central, units={}, issuer="i", client_id="id", users=[user])
        with pytest.raises(LocalError, match="refused: ann: Incorrect username or password"):
            endpoints.token("ann")


def test_nothing_is_known_of_a_place_that_never_ran(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="make up"):
        Endpoints.read(place_in(tmp_path))
