"""Layers without Docker: uv installs wheels of Lambda's platform into a folder.

Byte code is kept and never checked against its source (`unchecked-hash`): /opt is read-only in
Lambda, so a layer without it is compiled again at every cold start.
"""

import compileall
import hashlib
import py_compile
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import jsii
from aws_cdk import ILocalBundling

LOCK = Path(__file__).parents[2] / "requirements.lock"
PYTHON = "3.13"
PLATFORM = "manylinux_2_28"  # the runtime stands on Amazon Linux 2023, whose glibc is 2.34
MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
# Never imported at run time.
SPARE_FOLDERS = frozenset({"tests", "__pycache__", "bin", "share", "include"})
SPARE_SUFFIXES = frozenset({".pyi", ".h", ".c", ".pyx", ".pxd", ".cpp", ".hpp", ".a"})
KEPT_METADATA = frozenset({"METADATA", "entry_points.txt"})


class BundlingError(Exception):
    """The layer could not be built; the message is the installer's own."""


def build_layer(folder: Path, target: Path, architecture: str) -> None:
    """Make a layer's tree, whose content becomes /opt: packages under python/, compiled.

    Args:
        folder: holds either `requirements.txt`, names of packages whose versions and hashes are
            those of the lock, or our own code under `python`. Beside the former may be
            `sources.txt`: packages that are pure Python without what they would compile.
        target: is created or added to.
        architecture: `arm64` or `x86_64`.

    Raises:
        BundlingError: a package, or a wheel of it for that platform, is not to be had.
    """
    site = target / "python"
    requirements = folder / "requirements.txt"
    if requirements.exists():
        _install(requirements, site, architecture)
        _build(folder / "sources.txt", site)
        prune(site)
    else:
        shutil.copytree(folder / "python", site, ignore=shutil.ignore_patterns("__pycache__"))
    compile_tree(site)


def prune(site: Path) -> None:
    """Delete what no import ever needs, so that the layer fits its limit."""
    for path in sorted(site.rglob("*"), reverse=True):
        if path.is_dir():
            if path.name in SPARE_FOLDERS:
                shutil.rmtree(path)
        elif path.suffix in SPARE_SUFFIXES or _is_spare_metadata(path):
            path.unlink()


def compile_tree(site: Path) -> None:
    """Compile every module under the name it will have in Lambda, so that tracebacks are true."""
    compileall.compile_dir(
        str(site),
        quiet=2,
        stripdir=str(site.parent),
        prependdir="/opt",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def layer_hash(folder: Path, architecture: str) -> str:
    """Name a layer's content by all that it is made from, so that it is made once."""
    made_from = hashlib.sha256(f"{architecture} {PLATFORM} {PYTHON}".encode())
    sources = sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".txt"})
    named = {path.relative_to(folder).as_posix(): path for path in sources}
    for name, path in {"lock": LOCK, "recipe": Path(__file__), **named}.items():
        made_from.update(f"\0{name}\0".encode() + path.read_bytes())
    return made_from.hexdigest()


@jsii.implements(ILocalBundling)
class LayerBundling:
    """Builds a layer where the CDK runs."""

    def __init__(self, folder: Path, architecture: str) -> None:
        self._folder = folder
        self._architecture = architecture

    def try_bundle(self, output_dir: str, *options: object, **named: object) -> bool:
        """Build the tree; never falls back to Docker, a failure is raised."""
        del options, named  # what is built was said when this was made
        build_layer(self._folder, Path(output_dir), self._architecture)
        return True


def _install(requirements: Path, site: Path, architecture: str) -> None:
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


def _build(sources: Path, site: Path) -> None:
    """Install packages of which there are no wheels; what this machine compiles is left out."""
    if not sources.exists():
        return
    with tempfile.TemporaryDirectory() as made:
        command = [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config", "--no-deps"),
            *("--requirement", str(sources), "--constraint", str(LOCK)),
            *("--python-version", PYTHON, "--link-mode", "copy", "--target", made),
        ]
        run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - as above
        if run.returncode:
            raise BundlingError(f"{sources}: {run.stderr.strip()}")
        shutil.copytree(made, site, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.so"))


def _is_spare_metadata(path: Path) -> bool:
    return path.parent.name.endswith(".dist-info") and path.name not in KEPT_METADATA
