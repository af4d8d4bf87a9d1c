"""Where a local stack lives: one directory and one row of ports, all on the loopback interface."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
ACCOUNT = "000000000000"
DEFAULT_PORT = 4600


class LocalError(Exception):
    """The local stack cannot do it; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A local stack's place; two places never meet.

    Attributes:
        directory: holds state, objects, logs, templates and `endpoints.json`.
        port: of the emulator; the S3 server has the next one and uses the eight after it.
    """

    directory: Path
    port: int

    @property
    def endpoint(self) -> str:
        """The emulator: everything but S3."""
        return f"http://{HOST}:{self.port}"

    @property
    def doors(self) -> str:
        """How the URLs of all HTTP APIs begin."""
        return f"{self.endpoint}/_aws/execute-api/"

    @property
    def s3_port(self) -> int:
        """The S3 server's."""
        return self.port + 1

    @property
    def s3_endpoint(self) -> str:
        """The S3 server."""
        return f"http://{HOST}:{self.s3_port}"

    @property
    def logs(self) -> Path:
        """What the processes say."""
        return self.directory / "logs"

    @property
    def scratch(self) -> Path:
        """Where functions and tasks unpack and spool; emptied at each start."""
        return self.directory / "tmp"

    @property
    def assembly(self) -> Path:
        """The synthesised templates and assets."""
        return self.directory / "cdk.out"

    @property
    def images(self) -> Path:
        """Container image tag -> the command it would run."""
        return self.directory / "images.json"

    @property
    def endpoints(self) -> Path:
        """What users need: URLs, client id, users with their passwords."""
        return self.directory / "endpoints.json"

    def secret(self) -> str:
        """The secret key that the S3 server knows; made once."""
        path = self.directory / "secret"
        if not path.exists():
            self.directory.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(20), encoding="ascii")
        return path.read_text(encoding="ascii")

    def credentials(self) -> dict[str, str]:
        """The environment that lets an AWS library reach this place, without a region."""
        return {
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": self.secret(),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_S3": self.s3_endpoint,
            # Plain bodies: S3 servers other than AWS's own do not all know checksum trailers.
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def chosen_place() -> Place:
    """The place that the environment names, by default `.local` and port 4600."""
    return Place(
        directory=Path(os.environ.get("ATOLL_LOCAL_DIR", ROOT / ".local")).absolute(),
        port=int(os.environ.get("ATOLL_LOCAL_PORT", DEFAULT_PORT)),
    )


def process_environment() -> dict[str, str]:
    """What a child process may inherit: no credentials, endpoints or settings of another AWS."""
    kept = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ}
