"""The two server processes, the emulator and the S3 server: start, stop, wait until they answer."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from stacks.local.place import ACCOUNT, HOST, ROOT, Place, process_environment

START_LIMIT_S = 60
STOP_LIMIT_S = 20
RELEASE_LIMIT_S = 2


class LocalError(Exception):
    """The local stack cannot do it; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """One server process.

    Attributes:
        name: of its log and of the file that keeps its process id.
        health: answers 2xx once the server serves.
    """

    name: str
    port: int
    command: list[str]
    environment: dict[str, str]
    health: str


def emulator(place: Place) -> Server:
    """MiniStack with the patches of `patches.py`, in a process of its own."""
    return Server(
        name="emulator",
        port=place.port,
        command=[sys.executable, "-m", "stacks.local.emulator"],
        environment={
            **process_environment(),
            **place.credentials(),
            "ATOLL_LOCAL_DIR": str(place.directory),
            "ATOLL_LOCAL_PORT": str(place.port),
            "TMPDIR": str(place.scratch),
            "BIND_HOST": HOST,
            "MINISTACK_HOST": HOST,
            "GATEWAY_PORT": str(place.port),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(place.directory / "state"),
            "S3_DATA_DIR": str(place.directory / "assets"),
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            # Functions and tasks are processes here even where Docker runs.
            "DOCKER_HOST": "unix:///nonexistent/docker.sock",
            "PYTHONPATH": str(ROOT),
            "LOG_LEVEL": "INFO",
        },
        health=f"{place.endpoint}/_ministack/health",
    )


def object_server(place: Place) -> Server:
    """SeaweedFS: unlike the emulator's own S3 it checks signatures, so presigned URLs are real."""
    ports = {"s3.port.grpc": 1, "master.port": 2, "master.port.grpc": 3, "volume.port": 4}
    ports |= {"volume.port.grpc": 5, "filer.port": 6, "filer.port.grpc": 7, "admin.port": 8}
    return Server(
        name="objects",
        port=place.s3_port,
        command=[
            str(Path(sys.executable).parent / "weed"),
            "mini",
            f"-dir={place.directory / 'objects'}",
            f"-ip={HOST}",
            f"-ip.bind={HOST}",
            f"-s3.config={_identities(place)}",
            f"-s3.port={place.s3_port}",
            *(f"-{option}={place.s3_port + offset}" for option, offset in ports.items()),
            *("-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false"),
            # A bucket takes seven volumes, and a disk holds as many as fit by their full size.
            "-master.volumeSizeLimitMB=128",
            *("-webdav=false", "-admin.ui=false", "-master.telemetry=false"),
        ],
        environment=process_environment(),
        health=f"{place.s3_endpoint}/status",
    )


def start(server: Server, place: Place) -> None:
    """Start the server unless it runs already, and wait until it serves.

    Raises:
        LocalError: its port belongs to someone else, or it does not come up.
    """
    if running(server, place):
        return
    if not _comes_free(server.port):
        raise LocalError(
            f"port {server.port} is taken; set ATOLL_LOCAL_PORT to the first of ten free ports"
        )
    place.logs.mkdir(parents=True, exist_ok=True)
    pid = _spawn(server, place)
    _pid_file(server, place).write_text(str(pid), encoding="ascii")
    _await_health(server, place, pid)


def start_servers(place: Place) -> None:
    """Start what does not run; the state is as it was left.

    Raises:
        LocalError: as in `start`.
    """
    (place.directory / "objects").mkdir(parents=True, exist_ok=True)
    if not running(emulator(place), place):
        shutil.rmtree(place.scratch, ignore_errors=True)
        place.scratch.mkdir()
    _write_identities(place)
    for server in (object_server(place), emulator(place)):
        start(server, place)


def stop_servers(place: Place) -> None:
    """Ask both servers to end, wait for them, kill what does not; the state stays."""
    servers = (emulator(place), object_server(place))
    pids = [pid for server in servers if (pid := _pid(server, place)) is not None]
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    for pid in pids:
        if not _gone(pid, STOP_LIMIT_S):
            os.kill(pid, signal.SIGKILL)
    for server in servers:
        _pid_file(server, place).unlink(missing_ok=True)


def all_running(place: Place) -> bool:
    """Whether both servers run."""
    return all(running(server, place) for server in (emulator(place), object_server(place)))


def running(server: Server, place: Place) -> bool:
    """Whether our own process of that name is alive."""
    return _pid(server, place) is not None


def _spawn(server: Server, place: Place) -> int:
    """Start the process in a session of its own, so that it outlives this one."""
    with (
        (place.logs / f"{server.name}.log").open("ab") as log,
        Path(os.devnull).open("rb") as nothing,
    ):
        return os.posix_spawn(
            server.command[0],
            server.command,
            server.environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, nothing.fileno(), 0),
                (os.POSIX_SPAWN_DUP2, log.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, log.fileno(), 2),
            ],
            setsid=True,
        )


def _await_health(server: Server, place: Place, pid: int) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and not _gone(pid, 0):
        try:
            with urlopen(server.health, timeout=2):  # noqa: S310 (our own loopback address)
                return
        except OSError:
            time.sleep(0.05)
    log = place.logs / f"{server.name}.log"
    raise LocalError(f"the {server.name} server did not start; see {log}")


def _pid(server: Server, place: Place) -> int | None:
    """Its process id, if that process still is this server: ids are used again."""
    try:
        pid = int(_pid_file(server, place).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    shown = subprocess.run(
        ["ps", "-o", "stat=,args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    alive = server.command[1] in shown.stdout and not shown.stdout.startswith("Z")
    return pid if alive else None


def _comes_free(port: int) -> bool:
    """Whether nobody listens there; a process that was killed just now may, a moment longer."""
    deadline = time.monotonic() + RELEASE_LIMIT_S
    while True:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) != 0:
                return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)


def _gone(pid: int, limit_s: float) -> bool:
    """Whether the process ends within that time."""
    deadline = time.monotonic() + limit_s
    while True:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # reaps it where it is our own child
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)


def _pid_file(server: Server, place: Place) -> Path:
    return place.directory / f"{server.name}.pid"


def _identities(place: Place) -> Path:
    return place.directory / "identities.json"


def _write_identities(place: Place) -> None:
    """The S3 server's only user."""
    credentials = [{"accessKey": ACCOUNT, "secretKey": place.secret()}]
    actions = ["Admin", "Read", "List", "Tagging", "Write"]
    identity = {"name": "atoll", "credentials": credentials, "actions": actions}
    path = _identities(place)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"identities": [identity]}), encoding="ascii")
