"""What the operator of a unit decides: limits, workers, and doors."""

from typing import Annotated, Literal, Self

from pydantic import ByteSize, Field, model_validator

from stacks.config.values import ArchivePrefix, Config

type Certificate = Annotated[
    str, Field(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+$")
]

DAY_S = 86_400
# Of the Lambda that makes small results. A file is spooled there before its upload, and a
# quarter is left: chunks at an array's edge are stored whole, and a file system needs room too.
SMALL_SCRATCH_MIB = 1024
MOST_SMALL_BYTES = SMALL_SCRATCH_MIB * 2**20 * 3 // 4
MOST_FILE_BYTES = ByteSize(4 * 2**40)


class Limits(Config):
    """What one dissemination unit allows.

    Attributes:
        small_bytes: up to this many bytes of output one Lambda makes the file; no more than
            its disk holds.
        medium_bytes: up to this many several Lambdas make it, a part each; above it containers.
        part_bytes: of output in a part, uncompressed. A worker holds one part at a time.
        file_bytes: of output in a file, uncompressed: a larger result is a set of files that
            follow each other along time. No more than S3 and 9,000 parts allow.
        hard_limit_bytes: orders above are refused; absent = no order is too large.
        result_lifetime_s: seconds until a result is deleted; whole days, S3 counts nothing finer.
        url_lifetime_s: seconds for which a download URL is valid. It dies with the credentials
            that signed it, hence one hour at most.
        requests_per_s: sustained rate of the API, above it callers are told 429.
        burst_requests: requests at once above that rate.
    """

    small_bytes: ByteSize = Field(default=ByteSize(64 * 2**20), gt=0, le=MOST_SMALL_BYTES)
    medium_bytes: ByteSize = Field(default=ByteSize(8 * 2**30), gt=0)
    part_bytes: ByteSize = Field(default=ByteSize(64 * 2**20), ge=5 * 2**20, le=256 * 2**20)
    file_bytes: ByteSize = Field(default=MOST_FILE_BYTES, gt=0, le=MOST_FILE_BYTES)
    hard_limit_bytes: ByteSize | None = Field(default=None, gt=0)
    result_lifetime_s: int = Field(default=7 * DAY_S, ge=DAY_S, multiple_of=DAY_S)
    url_lifetime_s: int = Field(default=900, ge=60, le=3600)
    requests_per_s: int = Field(default=100, gt=0)
    burst_requests: int = Field(default=200, gt=0)

    @model_validator(mode="after")
    def _tiers_in_order(self) -> Self:
        if self.medium_bytes < self.small_bytes:
            raise ValueError(
                f"medium_bytes {self.medium_bytes:d} is below small_bytes {self.small_bytes:d}"
            )
        if self.file_bytes < max(self.small_bytes, self.part_bytes):
            raise ValueError(
                f"file_bytes {self.file_bytes:d} is below small_bytes {self.small_bytes:d} "
                f"or part_bytes {self.part_bytes:d}"
            )
        return self


class Workflow(Config):
    """How many work for one order at the same time.

    Attributes:
        parts_at_once: functions that make parts of a medium result.
        workers: containers that make parts of a big one; an inline Map starts 40 at most.
    """

    parts_at_once: int = Field(default=50, ge=1, le=1000)
    workers: int = Field(default=8, ge=1, le=40)


class Worker(Config):
    """The container that makes what is too large for Lambdas.

    Attributes:
        cpu_units: 1024 = one virtual processor.
        memory_mib: must be one that Fargate offers with `cpu_units`.
        disk_gib: a result of a format that is not made in parts waits there, compressed,
            until it is uploaded: a larger one is refused. The image lies there too. A delivery
            that it has no room for, decoded, is published more slowly.
    """

    cpu_units: Literal[512, 1024, 2048, 4096] = 1024
    memory_mib: int = Field(default=2048, ge=1024, le=30_720, multiple_of=1024)
    disk_gib: int = Field(default=100, ge=21, le=200)

    @model_validator(mode="after")
    def _offered_by_fargate(self) -> Self:
        lowest, highest = {512: (1, 4), 1024: (2, 8), 2048: (4, 16), 4096: (8, 30)}[self.cpu_units]
        if not lowest * 1024 <= self.memory_mib <= highest * 1024:
            raise ValueError(
                f"memory_mib {self.memory_mib} is not offered with cpu_units {self.cpu_units}; "
                f"{lowest * 1024} to {highest * 1024} is"
            )
        return self


class LoadBalancer(Config):
    """A front of the Motu door for clients that do not say which host they want.

    Attributes:
        certificate_arn: of ACM, in the unit's region.
        url: whose name the certificate is of, and which the operator points to the balancer;
            without a path.
        requests_per_5_minutes: of one address; above it is told 429 until it is fewer.
    """

    certificate_arn: Certificate
    url: Annotated[str, Field(pattern=r"^https://[^\s/?#:]+$")]
    requests_per_5_minutes: int = Field(default=2000, ge=10, le=2_000_000_000)


class Motu(Config):
    """The Motu door of a unit, which is always there.

    Attributes:
        guests: whether who has not signed in may order, all of them as one account.
        load_balancer: absent = there is none.
    """

    guests: bool = False
    load_balancer: LoadBalancer | None = None


class Publication(Config):
    """How deliveries of producers are taken up.

    Attributes:
        keep_days: what was uploaded is deleted so many days later, whatever became of it.
        worker: the container that checks and ingests; all files of a delivery are on its disk.
        archives: `s3://bucket/prefix/` of producers' own files that virtual datasets refer to:
            whoever reads datasets may read them. A bucket of another account must allow it, too.
    """

    keep_days: int = Field(default=14, ge=2, le=365)
    worker: Worker = Worker(cpu_units=2048, memory_mib=8192)
    archives: tuple[ArchivePrefix, ...] = ()
