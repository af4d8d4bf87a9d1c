import os

import pytest

# The construct library warns at length of a Node.js that serves it well.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is fast first."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)
