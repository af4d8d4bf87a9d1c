"""Asks another process to look at a delivery, and outlives it."""

import json
import os
import select
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from atoll.errors import Unavailable
from atoll.model.delivery import MOST_FINDINGS, Finding
from atoll.model.product import Product
from atoll.publication.gate.events import Limits, Step

LOOK = (sys.executable, "-m", "atoll.publication.gate")
_MOST_PROCESSES = 5  # a delivery that costs more is refused for what was found
_READ_BYTES = 1 << 16
_ORDER = {"error": 0, "warning": 1, "advice": 2}
_DEFAULT = Limits()


@dataclass(slots=True)
class _Run:
    """One process's word.

    Attributes:
        found: in the order of being told.
        step: that it was at last; None = it did not begin.
        done: it came to its end.
        cause: why it did not.
    """

    found: list[Finding] = field(default_factory=list)
    step: Step | None = None
    done: bool = False
    cause: str = ""


def check(
    files: Sequence[Path],
    product: Product,
    limits: Limits = _DEFAULT,
    command: Sequence[str] = LOOK,
) -> list[Finding]:
    """Look at all files of a delivery; never fails for what is in one.

    A file that the looking process does not come back from is told, and the others looked at
    without it.

    Args:
        files: as delivered.
        product: its settings.
        limits: what they may ask of this machine.
        command: of the process that looks.

    Returns:
        At most `MOST_FINDINGS`, errors first; with an error, the delivery must be refused.

    Raises:
        Unavailable: the process that looks did not start.
    """
    waiting = _labelled(files)
    found: list[Finding] = []
    for _ in range(_MOST_PROCESSES):
        run = _look(waiting, product, limits, command)
        if run.done:
            return _ordered([*found, *run.found])
        if run.step is None:
            raise Unavailable(f"the process that checks a delivery did not start: {run.cause}")
        lost = run.step.file
        found += [each for each in run.found if each.file == lost]
        found.append(_loss(run.step, run.cause))
        if waiting.pop(lost, None) is None or not waiting:
            return _ordered([*found, *run.found])
    return _ordered(found)


def _loss(step: Step, cause: str) -> Finding:
    return Finding(
        check=step.layer,
        file=step.file,
        problem=f"whoever reads it {cause}",
        accepted="a file that is whole, and no larger in memory than it says",
    )


def _labelled(files: Sequence[Path]) -> dict[str, Path]:
    """Every file by its name, or by as much of its path as tells it from the others."""
    counts = Counter(path.name for path in files)
    above = Path(os.path.commonpath(files)) if len(files) > 1 else Path()
    return {path.name if counts[path.name] == 1 else str(path.relative_to(above)): path
            for path in files}  # fmt: skip


def _ordered(found: Sequence[Finding]) -> list[Finding]:
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda each: _ORDER[each.severity])[:MOST_FINDINGS]


def _look(
    files: Mapping[str, Path], product: Product, limits: Limits, command: Sequence[str]
) -> _Run:
    order = {
        "files": {label: str(path) for label, path in files.items()},
        "product": product.model_dump(mode="json"),
        "limits": limits.model_dump(mode="json"),
    }
    run = _Run()
    with tempfile.TemporaryFile() as asked:
        asked.write(json.dumps(order).encode())
        asked.seek(0)
        with subprocess.Popen(  # noqa: S603 - our own words, no shell
            command, stdin=asked, stdout=subprocess.PIPE, env=_surroundings()
        ) as process:
            try:
                for line in _lines(process, limits.silence_s):
                    _take(run, json.loads(line))
            except TimeoutError:
                run.cause = f"says nothing for {limits.silence_s:.0f} s"
            finally:
                process.kill()
    run.cause = run.cause or f"ends with code {process.returncode}"
    return run


def _surroundings() -> dict[str, str]:
    """What a process needs to start, and no credentials: it reads what strangers wrote."""
    folder = tempfile.gettempdir()
    return {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "HOME": folder,
        "TMPDIR": folder,
    }


def _lines(process: subprocess.Popen[bytes], silence_s: float) -> Iterator[bytes]:
    """Whole lines of what it tells.

    Raises:
        TimeoutError: it told nothing for so long.
    """
    if process.stdout is None:
        raise Unavailable("the process that checks a delivery has no output")
    pipe, rest = process.stdout.fileno(), b""
    while True:
        readable, _, _ = select.select([pipe], [], [], silence_s)
        if not readable:
            raise TimeoutError
        read = os.read(pipe, _READ_BYTES)
        if not read:
            process.wait()
            return
        *lines, rest = (rest + read).split(b"\n")
        yield from lines


def _take(run: _Run, event: dict[str, object]) -> None:
    match event:
        case {"finding": told}:
            run.found.append(Finding.model_validate(told))
        case {"layer": layer, "file": str(file)}:
            run.step = Step(layer, file)  # type: ignore[arg-type]  # our own process wrote it
        case _:
            run.done = True
