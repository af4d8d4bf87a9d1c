"""A local place of the tests' own, and what a test wants to know of it."""

import contextlib
import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stacks.local import seed, stack
from stacks.local.cloud import DeployedStack
from stacks.local.door import Answer
from stacks.local.endpoints import Endpoints
from stacks.local.lifecycle import stop_servers
from stacks.local.orders import Customer
from stacks.local.place import HOST, Place
from stacks.local.process_table import Process, processes

ROW = 10
PATIENCE_S = 60
BOX = {
    "dataset": "levitus-climatology",
    "variables": ["sea_water_temperature", "sea_water_salinity"],
    "bbox": [-40, 30, 30, 60],
    "depth": [0, 500],
}
WHOLE = {"dataset": "levitus-climatology"}
WINDS = {"dataset": "navy-winds", "bbox": [-10, 40, 10, 50]}


@dataclass(frozen=True, slots=True)
class Local:
    """A running place.

    Attributes:
        stacks: `central` and each unit's name -> its stack.
    """

    place: Place
    stacks: dict[str, DeployedStack]

    def customer(self, username: str, unit: str = "levitus") -> Customer:
        """A user who has signed in, at a unit's door, and wants everything made anew."""
        endpoints = Endpoints.read(self.place)
        return Anew(endpoints.units[unit], endpoints.token(username))

    @contextlib.contextmanager
    def credentials(self) -> Iterator[None]:
        """Those that are good here, in this process, while the block lasts."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.place.credentials().items():
                patch.setenv(name, value)
            yield

    def client(self, service: str, unit: str = "levitus") -> Any:
        """A client of a service, in a unit's region."""
        return self.stacks[unit].cloud.client(service)

    def reserved_bytes(self) -> int:
        """Of all accounts of the unit levitus together."""
        rows = self.rows("AccountsTable")
        return sum(int(row.get("reserved_bytes", {"N": "0"})["N"]) for row in rows)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All items of one of the unit levitus's tables, e.g. `SlotsTable`."""
        name = self.stacks["levitus"].outputs[table]
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=name)
        return [row for page in pages for row in page["Items"]]

    def held_slots(self) -> list[str]:
        """Of the unit levitus."""
        return [row["slot"]["S"] for row in self.rows("SlotsTable")]

    def counted_jobs(self) -> int:
        """Jobs that wait and run, as the unit levitus's accounts count them."""
        return sum(
            int(number["N"])
            for row in self.rows("AccountsTable")
            for name, number in row.items()
            if name.startswith(("waiting_", "running_"))
        )

    def result_bytes(self, jobs: set[str]) -> dict[str, int]:
        """Job id -> bytes of its result in the bucket."""
        bucket = self.stacks["levitus"].outputs["ResultsBucket"]
        pages = self.client("s3").get_paginator("list_objects_v2")
        found = Counter[str]()
        for page in pages.paginate(Bucket=bucket, Prefix="results/"):
            for each in page.get("Contents", []):
                found[each["Key"].split("/")[1]] += each["Size"]
        return {job_id: found[job_id] for job_id in jobs if job_id in found}

    def executions(self, jobs: set[str]) -> Counter[str]:
        """How often each job was executed."""
        machine = self.stacks["levitus"].outputs["StateMachineArn"]
        pages = self.client("stepfunctions").get_paginator("list_executions")
        names = [
            each["name"]
            for page in pages.paginate(stateMachineArn=machine)
            for each in page["executions"]
        ]
        return Counter(name for name in names if name in jobs)

    def function(self, folder: str, unit: str = "levitus") -> str:
        """Physical name of the function made of a folder."""
        deployed = self.stacks[unit]
        (found,) = [
            deployed.physical[logical]
            for logical in deployed.of_type("AWS::Lambda::Function")
            if deployed.properties[logical]["Handler"] == f"{folder}.handler.handler"
        ]
        return found

    def log(self, group_contains: str) -> list[str]:
        """Every line of the unit's log groups whose name contains the text."""
        logs = self.client("logs")
        pages = logs.get_paginator("describe_log_groups").paginate()
        groups = [group["logGroupName"] for page in pages for group in page["logGroups"]]
        return [
            event["message"]
            for group in groups
            if "levitus" in group and group_contains in group
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group)
            for event in page["events"]
        ]

    def worker_pids(self, folder: str = "extract_big") -> list[int]:
        """Processes that run as Fargate tasks of this place."""
        return [each.pid for each in self._children() if each.command[-2:] == ("-m", folder)]

    def function_pids(self, *folders: str) -> list[int]:
        """Processes in which the functions made of these folders are called."""
        names = [f"ministack-lambda-{self.function(folder)}-" for folder in folders]
        return [
            each.pid for each in self._children() if any(name in each.command[-1] for name in names)
        ]

    def uploads(self) -> list[str]:
        """Keys of the unit levitus's uploads under way."""
        bucket = self.stacks["levitus"].outputs["ResultsBucket"]
        found = self.client("s3").list_multipart_uploads(Bucket=bucket)
        return [each["Key"] for each in found.get("Uploads", [])]

    def parts(self, job_id: str) -> dict[str, object]:
        """What the job's workers have left for each other: name -> when it was written."""
        bucket, prefix = self.stacks["levitus"].outputs["ResultsBucket"], f"parts/{job_id}/"
        found = self.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)
        return {
            each["Key"].removeprefix(prefix): each["LastModified"]
            for each in found.get("Contents", [])
        }

    def _children(self) -> list[Process]:
        """Processes that the emulator has started."""
        emulator = int((self.place.directory / "emulator.pid").read_text(encoding="ascii"))
        return [process for process in processes() if process.parent == emulator]

    def stopped_worker(self) -> int:
        """The process of the next Fargate task, halted by SIGSTOP as soon as it is there."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for pid in self.worker_pids():
                os.kill(pid, signal.SIGSTOP)
                return pid
        raise AssertionError("no worker process came up")


class Anew(Customer):
    """A user whose orders are not served from what others have ordered."""

    def order(self, inputs: Mapping[str, object], **headers: str) -> Answer:
        return Customer.order(self, inputs, **{"Cache_Control": "no-cache", **headers})


def kill(pid: int) -> None:
    """End a process without a word; it may have ended by itself."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until it holds, but not for ever."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.1)


def running_place(directory: Path) -> Iterator[Local]:
    """Bring a place up with its datasets, and stop it at the end."""
    place = Place(directory, free_row())
    try:
        stacks = stack.up(place)
        for demo in seed.DATASETS:
            seed.publish(stacks[demo.unit], demo)
        yield Local(place, stacks)
    finally:
        stop_servers(place)


def free_row() -> int:
    """The first of ten free ports; one process also takes a port ten thousand above."""
    # Another run at the same time begins elsewhere.
    begin = 20_000 + ROW * (os.getpid() % 1_000)
    for first in range(begin, begin + 10_000, ROW):
        wanted = [*range(first, first + ROW), *range(first + 10_000, first + 10_000 + ROW)]
        if all(map(is_free, wanted)):
            return first
    raise AssertionError("no ten free ports")


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) != 0
