"""The container that publishes: its image installs what is imported in it, lazily too."""

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.functions.environment import run

pytestmark = pytest.mark.slow

LISTED = Path("functions/publish_delivery/requirements.txt")
# They come with boto3 and pydantic, at the versions that those want.
BROUGHT = {"botocore", "pydantic-core"}
LOADED = """
import json, pkgutil, sys
from importlib import import_module
import atoll.aws.session, atoll.bootstrap.deliver, atoll.publication
for found in pkgutil.walk_packages(atoll.publication.__path__, "atoll.publication."):
    if not found.name.endswith("__main__"):
        import_module(found.name)
ours = [m.__file__ for n, m in sys.modules.items() if n.split(".")[0] == "atoll"]
print(json.dumps(sorted(filter(None, ours))))
"""


def imported(path: Path) -> set[str]:
    """Names of what a module imports from others, anywhere in it, but for types."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


def test_its_image_installs_what_it_imports():
    files = run(LOADED, ATOLL_DELIVERY_ID="delivery-1")
    names = set().union(*(imported(Path(file)) for file in files))
    foreign = names - sys.stdlib_module_names - {"atoll"}
    of = packages_distributions()
    needed = {of[name][0].lower().replace("_", "-") for name in foreign}
    lines = [line.split("[")[0].strip() for line in LISTED.read_text().splitlines()]
    listed = {line.lower() for line in lines if line and line[0] != "#"}
    assert needed - BROUGHT == listed


def test_every_package_is_in_the_lock():
    lock = Path("requirements.lock").read_text()
    locked = {line.split("==")[0] for line in lock.splitlines() if "==" in line}
    lines = LISTED.read_text().splitlines()
    assert {line.lower() for line in lines if line and line[0] != "#"} <= locked
