"""The house keeps its own rules."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONGEST_MODULE = 300
AT_THE_ROOT = {
    "app.py", "cdk.json", "stacks", "functions", "layers", "tests", "README.md", "LICENSE",
    "pyproject.toml", "requirements.lock", "package.json", "package-lock.json", "Makefile",
}  # fmt: skip
HOSTS = re.compile(r"https?://(?!127\.0\.0\.1|localhost)")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [Path(name) for name in listed.stdout.split("\0") if name]


def test_modules_are_short():
    lengths = {path: len((ROOT / path).read_text().splitlines()) for path in tracked()
               if path.suffix == ".py"}  # fmt: skip
    assert {path: n for path, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_every_function_obeys_the_rules_of_rooms():
    folders = {path.parts[1] for path in tracked() if path.parts[0] == "functions"}
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert folders <= set(rules["root_packages"])
    lists = [rule["modules"] for rule in rules["contracts"] if rule["type"] == "independence"]
    assert folders <= set(lists[0])


def test_nothing_else_lies_at_the_root():
    names = {path.parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} <= AT_THE_ROOT


def test_locks_name_packages_and_no_hosts():
    for name in ("requirements.lock", "package-lock.json", ".npmrc"):
        assert HOSTS.search((ROOT / name).read_text()) is None, name


def test_every_locked_package_has_its_hashes():
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "requirements.lock").read_text().strip())
    assert len(blocks) > 100
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
