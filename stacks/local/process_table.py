"""What runs on this machine: from /proc where there is one, else from `ps`."""

import contextlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
ZOMBIE = "Z"


@dataclass(frozen=True, slots=True)
class Process:
    """One process that has not ended.

    Attributes:
        command: its words, never none.
    """

    pid: int
    parent: int
    command: tuple[str, ...]


def processes(proc: Path = PROC) -> list[Process]:
    """All processes with a command; one that only waits to be reaped has none any more."""
    found = _of_proc(proc) if (proc / "self").exists() else _of_ps()
    return [process for process in found if process.command]


def _of_proc(proc: Path) -> list[Process]:
    found = []
    for folder in proc.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended, or is nobody's business
            status = (folder / "stat").read_bytes()
            words = (folder / "cmdline").read_bytes().rstrip(b"\0").decode(errors="replace")
            # Its name stands in brackets and may hold anything, brackets too.
            parent = int(status.rpartition(b")")[2].split()[1])
            command = tuple(words.split("\0")) if words else ()
            found.append(Process(int(folder.name), parent, command))
    return found


def _of_ps() -> list[Process]:
    shown = subprocess.run(
        # Without `ww` some cut each line at the width of a screen that is not there.
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split() for line in shown.stdout.splitlines()]
    return [
        Process(int(pid), int(parent), tuple(command))
        for pid, parent, state, *command in rows
        if not state.startswith(ZOMBIE)
    ]
