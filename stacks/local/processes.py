"""Fargate on one machine: what the emulator asks of Docker, done with plain processes.

It offers the little of docker-py's interface that the emulator's ECS uses. A container is the
command of its image, run by this project's own interpreter from the same source folders.
"""

import json
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stacks.local.place import ROOT, Place, process_environment

FOLLOW_INTERVAL_S = 0.1
_API = re.compile(r"https://(?P<id>[a-z0-9]+)\.execute-api\.")
KILLED_BY_SIGNAL = 128


class Container:
    """One process, seen as a container."""

    attrs: Mapping[str, Mapping[str, object]] = {"NetworkSettings": {}}

    def __init__(self, process: subprocess.Popen[bytes], log: Path, name: str) -> None:
        self.id = uuid.uuid4().hex
        self.name = name
        self._process = process
        self._log = log

    @property
    def status(self) -> str:
        """Docker's word for it."""
        return "running" if self._process.poll() is None else "exited"

    def reload(self) -> None:
        """Nothing is cached."""

    def wait(self) -> dict[str, int]:
        """The exit code, as a container reports it: 128 + the signal that killed it."""
        code = self._process.wait()
        return {"StatusCode": code if code >= 0 else KILLED_BY_SIGNAL - code}

    def stop(self, timeout: float = 5) -> None:
        """End it, by force after `timeout` seconds."""
        self._process.terminate()
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def remove(self, **_how: object) -> None:
        """The log stays for a person to read."""
        self._process.poll()

    def logs(self, *, stream: bool = False, **_which: object) -> Iterator[bytes] | bytes:
        """Its output so far, or line by line until it ends."""
        return self._follow() if stream else self._log.read_bytes()

    def _follow(self) -> Iterator[bytes]:
        with self._log.open("rb") as log:
            kept = b""
            while True:
                ended = self._process.poll() is not None
                kept += log.read()
                *lines, kept = kept.split(b"\n")
                yield from (line for line in lines if line)
                if ended:
                    break
                time.sleep(FOLLOW_INTERVAL_S)
            yield kept


class Containers:
    """docker-py's `client.containers`."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._known: dict[str, Container] = {}
        self._lock = threading.Lock()

    def run(
        self,
        image: str,
        *,
        name: str,
        environment: Mapping[str, str],
        labels: Mapping[str, str],
        command: Sequence[str] | None = None,
        **_how: object,
    ) -> Container:
        """Start the image's command, or the one given.

        Raises:
            LookupError: no image of that name was deployed.
        """
        words = command or self._command_of(image)
        self._place.logs.mkdir(parents=True, exist_ok=True)
        log = self._place.logs / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable if word == "python" else word for word in words],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Last, as the emulator would send containers to a host that only Docker knows.
                env={
                    **process_environment(),
                    **environment,
                    **self._surroundings(labels),
                    **self._addresses(environment),
                },
                cwd=self._place.directory,
            )
        container = Container(process, log, name)
        with self._lock:
            self._known[container.id] = container
        return container

    def get(self, container_id: str) -> Container:
        """A container by its id.

        Raises:
            LookupError: there is none.
        """
        return self._known[container_id]

    def _command_of(self, image: str) -> list[str]:
        commands: dict[str, list[str]] = json.loads(self._place.images.read_text(encoding="utf-8"))
        return commands[image.rsplit(":", 1)[-1]]

    def _surroundings(self, labels: Mapping[str, str]) -> dict[str, str]:
        """What Fargate and the image would set: where the task runs and where its code lies."""
        region = labels["com.amazonaws.ecs.cluster"].split(":")[3]
        return {
            **self._place.credentials(),
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT / 'layers/core/python'}",
            "PYTHONUNBUFFERED": "1",
        }

    def _addresses(self, told: Mapping[str, str]) -> dict[str, str]:
        """Where a door really is, of which AWS's own host name was told; see `addresses`."""
        api = _API.match(told.get("API_URL", ""))
        return {"API_URL": f"{self._place.doors}{api['id']}/$default"} if api else {}

    def list(self, **_filters: object) -> list[Container]:
        """All that were started."""
        with self._lock:
            return [*self._known.values()]


class Images:
    """docker-py's `client.images`: everything is there already."""

    def pull(self, name: str, **_how: object) -> str:
        """Fetch nothing."""
        return name


class Engine:
    """docker-py's client."""

    def __init__(self, place: Place) -> None:
        self.containers = Containers(place)
        self.images = Images()

    def ping(self) -> bool:
        """Always there."""
        return True

    def close(self) -> None:
        """End every process that still runs."""
        for container in self.containers.list():
            if container.status == "running":
                container.stop()
