import os

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# The construct library warns at length of a Node.js that serves it well.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")

JOURNEYS = "tests/journeys"
# How contracts call what runs behind the adapters in their tests, beside `fake`.
EMULATED = {"aws", "cognito", "dynamodb", "s3", "secretsmanager", "sns", "sqs", "stepfunctions"}


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Gives each file to one process, and all journeys to one: two emulators on two cores are slow.

    That they are in one group is not told by marks: pytest 9.2 loses what xdist 3.8 makes of them.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return JOURNEYS if path.startswith(f"{JOURNEYS}/") else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Hand out files in the order that they are collected in."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is fast first; journeys take as long as all else, in a process beside it."""
    for item in items:
        folder = item.path.parent.name
        if folder == "interoperability" or (folder == "contract" and _asks_emulator(item)):
            item.add_marker("slow")
    items.sort(key=_when)


def _when(item: pytest.Item) -> int:
    if item.nodeid.startswith(f"{JOURNEYS}/"):
        return 0
    return 1 if item.get_closest_marker("slow") is None else 2


def _asks_emulator(item: pytest.Item) -> bool:
    """Whether a test of a contract is of the adapter; the same on the fake is quick."""
    chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
    asked = any(isinstance(one, str) and one in EMULATED for one in chosen)
    return asked or "aws" in getattr(item, "fixturenames", ())
