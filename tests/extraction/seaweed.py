"""A real S3 server on ports of its own, for as long as a block runs."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

HOST = "127.0.0.1"
START_LIMIT_S = 60
ACCESS_KEY, SECRET_KEY = "atoll-tests", "not-a-secret"
PORTS = (
    "s3.port",
    "s3.port.grpc",
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "admin.port",
)


@dataclass(frozen=True)
class S3Server:
    endpoint_url: str
    bucket: str
    region: str = "eu-west-1"

    @property
    def environment(self) -> dict[str, str]:
        """What AWS puts into a function's environment."""
        return {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": self.region,
        }

    def client(self) -> "S3Client":
        made: S3Client = boto3.client(
            "s3",
            region_name=self.region,
            endpoint_url=self.endpoint_url,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(request_checksum_calculation="when_required"),
        )
        return made


@contextmanager
def seaweed(folder: Path, bucket: str = "data", *, public: bool = False) -> Iterator[S3Server]:
    """Start the server, wait until it serves, and end it afterwards.

    Anyone may read from a public one, as from an open archive.
    """
    folder.mkdir(parents=True, exist_ok=True)
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
        "actions": ["Admin", "Read", "List", "Tagging", "Write"],
    }
    anyone = [{"name": "anonymous", "actions": ["Read"]}] if public else []
    (folder / "identities.json").write_text(json.dumps({"identities": [identity, *anyone]}))
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    command = [
        str(Path(sys.executable).parent / "weed"),
        "mini",
        f"-dir={folder}",
        f"-ip={HOST}",
        f"-ip.bind={HOST}",
        f"-s3.config={folder / 'identities.json'}",
        *(f"-{name}={port}" for name, port in ports.items()),
        *("-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false"),
        *("-webdav=false", "-admin.ui=false", "-master.telemetry=false"),
    ]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, cwd=folder, env=dict(os.environ)
        )
    try:
        endpoint = f"http://{HOST}:{ports['s3.port']}"
        _await(f"{endpoint}/status", process)
        server = S3Server(endpoint, bucket)
        client = server.client()
        with suppress(client.exceptions.BucketAlreadyOwnedByYou):  # kept from an earlier run
            client.create_bucket(Bucket=bucket)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now; SeaweedFS adds 10,000 to some for its own use."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=2):  # noqa: S310 -- our own loopback address
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError("the S3 server did not start")
