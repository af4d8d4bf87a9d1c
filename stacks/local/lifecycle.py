"""Servers begin, answer, and end; each leaves its process id in a file of its place."""

import contextlib
import os
import shutil
import signal
import socket
import time
from pathlib import Path
from urllib.request import urlopen

from stacks.local.place import HOST, LocalError, Place
from stacks.local.process_table import processes
from stacks.local.servers import Server, emulator, object_server, write_identities

START_LIMIT_S = 60
STOP_LIMIT_S = 20
RELEASE_LIMIT_S = 2


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
    write_identities(place)
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
    alive = {process.pid for process in processes() if server.command[1] in process.command}
    return pid if pid in alive else None


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
