"""The dependency layers as they are deployed: the real trees, measured and imported from."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stacks.central.cas import CAS_API
from stacks.central.catalogue import CATALOGUE_API, INDEX_RECORDS
from stacks.parts.bundling import LOCK, BundlingError, build_layer, layer_hash
from stacks.parts.function import FunctionSpec
from stacks.parts.layers import LAYERS, LayerName
from stacks.unit.accounting import EXPORT_LEDGER
from stacks.unit.api import REST_API
from stacks.unit.classic import MOTU_API, WCS_API
from stacks.unit.notification import NOTIFY_JOB
from stacks.unit.publication import CLOSE_DELIVERY, RECEIVE_DELIVERY, START_DELIVERY
from stacks.unit.queue import DISPATCH_JOBS, REAP_JOBS
from stacks.unit.records import ANNOUNCE_RECORDS
from stacks.unit.retention import RETAIN_REVISIONS
from stacks.unit.watch import WATCH_DELIVERIES
from stacks.unit.workflow import (
    ASSEMBLE_PARTS,
    BEGIN_PARTS,
    EXTRACT_PART,
    EXTRACT_SMALL,
    RELEASE_JOB,
    SETTLE_JOB,
)
from tests.stacks.synthesis import catalogue, central, unit

pytestmark = pytest.mark.slow

LIMIT_BYTES = 250 * 2**20  # of a function and all its layers, unpacked
DEPENDENCIES: tuple[LayerName, ...] = ("web", "science", "catalogue")
FUNCTION = "AWS::Lambda::Function"
FUNCTIONS = (
    REST_API,
    EXTRACT_SMALL,
    BEGIN_PARTS,
    EXTRACT_PART,
    ASSEMBLE_PARTS,
    SETTLE_JOB,
    RELEASE_JOB,
    NOTIFY_JOB,
    DISPATCH_JOBS,
    REAP_JOBS,
    EXPORT_LEDGER,
    RECEIVE_DELIVERY,
    START_DELIVERY,
    CLOSE_DELIVERY,
    WATCH_DELIVERIES,
    RETAIN_REVISIONS,
    ANNOUNCE_RECORDS,
    MOTU_API,
    WCS_API,
    CAS_API,
    CATALOGUE_API,
    INDEX_RECORDS,
)


def tree(name: LayerName, architecture: str, config: pytest.Config) -> Path:
    """Build a layer once; it is kept, by what it is made from, in pytest's cache."""
    assert config.cache is not None
    kept = config.cache.mkdir("layers") / layer_hash(LAYERS / name, architecture)
    if not kept.exists():
        unfinished = kept.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        build_layer(LAYERS / name, unfinished, architecture)
        unfinished.rename(kept)
    return kept


def size_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
@pytest.mark.parametrize("name", DEPENDENCIES)
def test_a_layer_is_small_enough_and_compiled(
    name: LayerName, architecture: str, pytestconfig: pytest.Config
):
    made = tree(name, architecture, pytestconfig)
    assert size_bytes(made) < LIMIT_BYTES
    modules = list((made / "python").rglob("*.py"))
    compiled = list((made / "python").rglob("*.cpython-313.pyc"))
    assert len(modules) - len(compiled) < 10  # templates and Python 2 leftovers do not compile
    assert {path.read_bytes()[4] for path in compiled} == {0b01}  # hash-based, never checked


@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.folder)
def test_a_function_and_its_layers_fit_together(spec: FunctionSpec, pytestconfig: pytest.Config):
    layers = [tree(name, "x86_64", pytestconfig) for name in spec.layers]
    assert sum(map(size_bytes, layers)) + size_bytes(Path("functions", spec.folder)) < LIMIT_BYTES


@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.folder)
def test_a_handler_imports_from_its_layers_alone(spec: FunctionSpec, pytestconfig: pytest.Config):
    layers = [tree(name, "x86_64", pytestconfig) / "python" for name in spec.layers]
    imported = isolated(f"import {spec.folder}.handler", [Path("functions"), *layers])
    assert imported.returncode == 0, imported.stderr


def test_the_worker_imports_from_what_its_image_installs(pytestconfig: pytest.Config):
    layers = [tree(name, "x86_64", pytestconfig) / "python" for name in ("core", "science")]
    imported = isolated("import atoll.bootstrap.worker", layers)
    assert imported.returncode == 0, imported.stderr


@pytest.mark.parametrize("name", ["xarray", "pandas", "dask", "s3fs", "fastapi"])
def test_the_science_layer_is_without(name: str, pytestconfig: pytest.Config):
    assert not (tree("science", "x86_64", pytestconfig) / "python" / name).exists()


def test_a_package_that_is_not_to_be_had_is_named(tmp_path: Path):
    (tmp_path / "requirements.txt").write_text("atoll-has-no-such-package==0\n")
    with pytest.raises(BundlingError, match="atoll-has-no-such-package"):
        build_layer(tmp_path, tmp_path / "layer", "x86_64")


def test_every_package_of_a_layer_is_in_the_lock():
    locked = {line.split("==")[0] for line in LOCK.read_text().splitlines() if "==" in line}
    for name in DEPENDENCIES:
        files = (LAYERS / name).glob("*.txt")
        lines = [line for file in files for line in file.read_text().splitlines()]
        assert {line.split("[")[0] for line in lines if line and line[0] != "#"} <= locked


def isolated(program: str, paths: list[Path]) -> subprocess.CompletedProcess[str]:
    """Run with the standard library and these folders only, in a function's environment."""
    whole = f"import sys; sys.path[:0] = {[str(path.resolve()) for path in paths]}; {program}"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", whole],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def environment() -> dict[str, str]:
    """What the template gives every function, and what Lambda adds."""
    told = (
        central().only(FUNCTION, "CasApi"),
        catalogue().only(FUNCTION, "CatalogueApi"),
        catalogue().only(FUNCTION, "IndexRecords"),
        unit().only(FUNCTION, "MotuApi"),
    )
    given = {
        key: value
        for _, function in told
        for key, value in function["Properties"]["Environment"]["Variables"].items()
    }
    known = {key: value for key, value in given.items() if isinstance(value, str)}
    return {
        **{key: f"some-{key.lower()}" for key in given},
        **known,
        "ISSUER": "https://issuer.example",
        "JWKS_URL": "",
        "STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:extraction",
        "API_URL": "https://door.example",
        "RECORDS_BUS": "arn:aws:events:eu-west-1:123456789012:event-bus/records",
        "CAS_URL": "https://central.example/cas",
        "CAS_SERVICES": "https://door.example/",
        "GUESTS": "true",
        "LEDGER_BUCKET": "some-exports",
        "AWS_REGION": "eu-west-1",
        "AWS_LAMBDA_FUNCTION_NAME": "some-function",
    }
