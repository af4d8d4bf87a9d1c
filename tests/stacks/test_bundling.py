"""How a layer's tree is made, on trees of a few files."""

from importlib.machinery import SourcelessFileLoader
from pathlib import Path

import pytest

from stacks.parts.bundling import build_layer, layer_hash, prune


def written(root: Path, *names: str) -> Path:
    """Make files that hold their own name as a Python comment."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")
    return root


def names(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_what_no_import_needs_is_left_out(tmp_path: Path):
    kept = {"a/core.py", "a/lib.so", "a/testing/x.py", "a-1.dist-info/METADATA"}
    spare = {"a/tests/test.py", "a/a.pyi", "a/a.h", "a/__pycache__/core.pyc", "bin/tool"}
    written(tmp_path, *kept, *spare, "a-1.dist-info/RECORD")
    prune(tmp_path)
    assert names(tmp_path) == kept


def test_our_own_code_is_copied_and_compiled(tmp_path: Path):
    written(tmp_path / "core", "python/atoll/errors.py", "python/atoll/__pycache__/old.pyc")
    build_layer(tmp_path / "core", tmp_path / "layer", "arm64")
    assert names(tmp_path / "layer") == {
        "python/atoll/errors.py",
        "python/atoll/__pycache__/errors.cpython-313.pyc",
    }


def test_byte_code_is_not_checked_and_names_its_place_in_lambda(tmp_path: Path):
    written(tmp_path / "core", "python/atoll/errors.py")
    build_layer(tmp_path / "core", tmp_path / "layer", "arm64")
    (compiled,) = (tmp_path / "layer").rglob("*.pyc")
    code = SourcelessFileLoader("errors", str(compiled)).get_code("errors")
    assert code is not None
    assert code.co_filename == "/opt/python/atoll/errors.py"
    assert compiled.read_bytes()[4] == 0b01  # PEP 552: hash-based, source not checked


@pytest.mark.parametrize("change", ["requirements.txt", "python/atoll/errors.py", "python/new.py"])
def test_a_layer_is_made_again_when_its_sources_change(tmp_path: Path, change: str):
    written(tmp_path, "requirements.txt", "python/atoll/errors.py")
    before = layer_hash(tmp_path, "arm64")
    assert layer_hash(tmp_path, "arm64") == before
    assert layer_hash(tmp_path, "x86_64") != before
    with (tmp_path / change).open("a") as file:
        file.write("# more\n")
    assert layer_hash(tmp_path, "arm64") != before
