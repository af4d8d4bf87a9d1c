"""Processes of this machine, in both ways to learn of them."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stacks.local.process_table import PROC, Process, processes

NO_PROC = Path("/nonexistent")
# A slim machine has no `ps`, another system no /proc.
WAYS = [way for way, there in ((PROC, PROC.exists()), (NO_PROC, shutil.which("ps"))) if there]
CODE = "import sys; sys.stdin.read()"


def found(way: Path, pid: int) -> list[Process]:
    return [process for process in processes(way) if process.pid == pid]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_child_is_found_with_its_parent_and_words_until_it_ends(way: Path) -> None:
    words = [sys.executable, "-c", CODE, "two words"]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as child:
        deadline = time.monotonic() + 30
        while not (begun := found(way, child.pid)):  # at first it has no words yet
            assert time.monotonic() < deadline
        (process,) = begun
        assert process.parent == os.getpid()
        assert process.command[1] == "-c"
        assert process.command[-1].endswith("words")
        assert child.stdin is not None
        child.stdin.close()
        while found(way, child.pid):  # at the end a zombie, not yet reaped: no process of ours
            assert time.monotonic() < deadline


def test_there_is_a_way() -> None:
    assert WAYS
