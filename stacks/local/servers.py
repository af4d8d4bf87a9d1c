"""The two servers of a place, as commands: the emulator, and the S3 server."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from stacks.local.place import ACCOUNT, HOST, ROOT, Place, process_environment


@dataclass(frozen=True, slots=True)
class Server:
    """One server process.

    Attributes:
        name: of its log and of the file that keeps its process id.
        health: answers 2xx once the server serves.
    """

    name: str
    port: int
    command: list[str]
    environment: dict[str, str]
    health: str


def emulator(place: Place) -> Server:
    """MiniStack with the patches of `patches.py`, in a process of its own."""
    return Server(
        name="emulator",
        port=place.port,
        command=[sys.executable, "-m", "stacks.local.emulator"],
        environment={
            **process_environment(),
            **place.credentials(),
            "ATOLL_LOCAL_DIR": str(place.directory),
            "ATOLL_LOCAL_PORT": str(place.port),
            "TMPDIR": str(place.scratch),
            "BIND_HOST": HOST,
            "MINISTACK_HOST": HOST,
            "GATEWAY_PORT": str(place.port),
            "PERSIST_STATE": "1",
            # Workflows retry sooner: faults of one machine pass sooner than those of AWS.
            "SFN_WAIT_SCALE": "0.25",
            "STATE_DIR": str(place.directory / "state"),
            "S3_DATA_DIR": str(place.directory / "assets"),
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            # Functions and tasks are processes here even where Docker runs.
            "DOCKER_HOST": "unix:///nonexistent/docker.sock",
            "PYTHONPATH": str(ROOT),
            "LOG_LEVEL": "INFO",
        },
        health=f"{place.endpoint}/_ministack/health",
    )


def object_server(place: Place) -> Server:
    """SeaweedFS: unlike the emulator's own S3 it checks signatures, so presigned URLs are real."""
    ports = {"s3.port.grpc": 1, "master.port": 2, "master.port.grpc": 3, "volume.port": 4}
    ports |= {"volume.port.grpc": 5, "filer.port": 6, "filer.port.grpc": 7, "admin.port": 8}
    return Server(
        name="objects",
        port=place.s3_port,
        command=[
            str(Path(sys.executable).parent / "weed"),
            "mini",
            f"-dir={place.directory / 'objects'}",
            f"-ip={HOST}",
            f"-ip.bind={HOST}",
            f"-s3.config={_identities(place)}",
            f"-s3.port={place.s3_port}",
            *(f"-{option}={place.s3_port + offset}" for option, offset in ports.items()),
            *("-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false"),
            # A bucket takes seven volumes, and a disk holds as many as fit by their full size.
            "-master.volumeSizeLimitMB=128",
            *("-webdav=false", "-admin.ui=false", "-master.telemetry=false"),
        ],
        environment=process_environment(),
        health=f"{place.s3_endpoint}/status",
    )


def _identities(place: Place) -> Path:
    return place.directory / "identities.json"


def write_identities(place: Place) -> None:
    """The S3 server's only user."""
    credentials = [{"accessKey": ACCOUNT, "secretKey": place.secret()}]
    actions = ["Admin", "Read", "List", "Tagging", "Write"]
    identity = {"name": "atoll", "credentials": credentials, "actions": actions}
    path = _identities(place)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"identities": [identity]}), encoding="ascii")
