"""motuclient as its users have it: 3.0.0 from PyPI, unmodified, in an environment of its own.

It imports `pkg_resources`, which setuptools 81 dropped, and speaks https up to Python 3.11; the
local place is plain http, which it speaks with any.
"""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from stacks.local.place import ROOT, LocalError, process_environment

PACKAGES = ("motuclient==3.0.0", "setuptools<80")
ENVIRONMENT = ROOT / ".venv-motuclient"
PYTHON = "3.11"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of it has ended.

    Attributes:
        code: its exit code: 0 also where the server refuses, as its users know.
        said: both its outputs.
    """

    code: int
    said: str


@dataclass(frozen=True, slots=True)
class Motuclient:
    """The command, as one user in one place runs it.

    Attributes:
        motu: the door's URL.
        home: where files are put; also its home, where it finds no settings.
        sign_in: words that say who asks.
    """

    motu: str
    home: Path
    sign_in: tuple[str, ...] = field(default=("--auth-mode", "none"), repr=False)

    def words(self, service: str, product: str, *others: object) -> list[str]:
        """Its command line."""
        return [
            str(program()),
            *("--motu", self.motu, *self.sign_in),
            *("--service-id", service, "--product-id", product),
            *("--out-dir", str(self.home), *map(str, others)),
        ]

    def run(self, service: str, product: str, *others: object) -> Ended:
        """Run it to its end."""
        done = subprocess.run(
            self.words(service, product, *others),
            env={**process_environment(), "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout)


def signing_in(username: str, password: str) -> tuple[str, ...]:
    """The words of a user of the federation, who signs in through CAS.

    The password is one word with its option: it may begin with a dash.
    """
    return ("--auth-mode", "cas", "--user", username, f"--pwd={password}")


def program() -> Path:
    """The command; installed once.

    Raises:
        LocalError: it cannot be installed; the message is the installer's.
    """
    command = ENVIRONMENT / "bin" / "motuclient"
    if not command.exists():
        _uv("venv", "--quiet", "--allow-existing", "--python", _python(), str(ENVIRONMENT))
        python = str(ENVIRONMENT / "bin" / "python")
        _uv("pip", "install", "--quiet", "--python", python, *PACKAGES)
    return command


def _python() -> str:
    """The one that its users have, or where there is none this one."""
    found = _run_uv("python", "find", "--no-python-downloads", PYTHON)
    return PYTHON if found.returncode == 0 else sys.executable


def _uv(*words: str) -> None:
    done = _run_uv(*words)
    if done.returncode:
        raise LocalError(f"motuclient cannot be installed: {done.stderr.strip()}")


def _run_uv(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "uv", *words], capture_output=True, text=True, check=False
    )
