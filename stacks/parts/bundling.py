"""Dependency layers without Docker: uv installs wheels of Lambda's platform into a folder.

Byte code is kept and never checked against its source (`unchecked-hash`): /opt is read-only in
Lambda, so a layer without it is compiled again at every cold start.
"""

import compileall
import hashlib
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

import jsii
from aws_cdk import ILocalBundling

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
PYTHON = "3.13"
PLATFORM = "manylinux_2_28"  # Amazon Linux 2023, which the runtime stands on, has glibc 2.34
MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
# Never imported at run time. numpy/testing is imported by others; it is no `tests` folder.
PRUNED_FOLDERS = frozenset({"tests", "__pycache__", "bin", "share", "include"})
PRUNED_SUFFIXES = frozenset({".pyi", ".h", ".c", ".pyx", ".pxd", ".cpp", ".hpp", ".a"})
KEPT_METADATA = frozenset({"METADATA", "entry_points.txt"})


class BundlingError(Exception):
    """The layer could not be built; the message is the installer's own."""


def build_tree(requirements: Path, target: Path, architecture: str) -> None:
    """Install a layer's packages under `target`/python, pruned and compiled.

    Args:
        requirements: names of packages; their versions and hashes are those of the lock.
        target: of the layer; its content becomes /opt.
        architecture: `arm64` or `x86_64`.

    Raises:
        BundlingError: a package or a wheel of it is not to be had.
    """
    site = target / "python"
    run = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config"),
            *("--requirement", str(requirements), "--constraint", str(LOCK)),
            *("--python-platform", f"{MACHINES[architecture]}-{PLATFORM}"),
            *("--python-version", PYTHON, "--only-binary", ":all:"),
            *("--link-mode", "copy", "--target", str(site)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise BundlingError(f"{requirements}: {run.stderr.strip()}")
    prune(site)
    compile_tree(site)


def prune(site: Path) -> None:
    """Delete what no import ever needs, so that the layer fits its limit."""
    for path in sorted(site.rglob("*"), reverse=True):
        if path.is_dir():
            if path.name in PRUNED_FOLDERS:
                shutil.rmtree(path)
        elif path.suffix in PRUNED_SUFFIXES or _is_spare_metadata(path):
            path.unlink()


def compile_tree(site: Path) -> None:
    """Compile every module; as the path within the layer, so that tracebacks are true."""
    compileall.compile_dir(
        str(site),
        quiet=2,
        stripdir=str(site.parent),
        prependdir="/opt",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def tree_hash(requirements: Path, architecture: str) -> str:
    """Name a layer's content by what it is made from, so that it is made once."""
    made_from = (
        requirements.read_bytes(),
        LOCK.read_bytes(),
        Path(__file__).read_bytes(),
        f"{architecture} {PLATFORM} {PYTHON}".encode(),
    )
    return hashlib.sha256(b"\0".join(made_from)).hexdigest()


@jsii.implements(ILocalBundling)
class LayerBundling:
    """Builds a layer where the CDK runs."""

    def __init__(self, requirements: Path, architecture: str) -> None:
        self._requirements = requirements
        self._architecture = architecture

    def try_bundle(self, output_dir: str, *options: object, **named: object) -> bool:
        """Build the tree; never falls back to Docker, a failure is raised."""
        del options, named  # ours were given when this was made
        build_tree(self._requirements, Path(output_dir), self._architecture)
        return True


def _is_spare_metadata(path: Path) -> bool:
    return path.parent.name.endswith(".dist-info") and path.name not in KEPT_METADATA
