import os

import pytest

# The construct library warns at length of a Node.js that serves it well.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")

# How contracts call what runs behind the adapters in their tests, beside `fake`.
EMULATED = {"aws", "cognito", "dynamodb", "s3", "secretsmanager", "sns", "sqs", "stepfunctions"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is fast first."""
    for item in items:
        folder = item.path.parent.name
        if folder == "interoperability" or (folder == "contract" and _asks_emulator(item)):
            item.add_marker("slow")
    items.sort(key=_when)


def _when(item: pytest.Item) -> int:
    """A file is one process's: the longest, which are journeys, come before the others."""
    if item.get_closest_marker("slow") is None:
        return 0
    return 1 if item.path.parent.name == "journeys" else 2


def _asks_emulator(item: pytest.Item) -> bool:
    """Whether a test of a contract is of the adapter; the same on the fake is quick."""
    chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
    asked = any(isinstance(one, str) and one in EMULATED for one in chosen)
    return asked or "aws" in getattr(item, "fixturenames", ())
