"""The federation as its operators write it: typed, complete, and refused with the key's name."""

from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ByteSize, ConfigDict, Field, ValidationError, model_validator

type Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,19}$")]
type AccountId = Annotated[str, Field(pattern=r"^\d{12}$")]
type Region = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
type Removal = Literal["retain", "destroy"]
type Url = Annotated[str, Field(pattern=r"^https?://\S+$")]
# Up to and including its `/cas`, where its paths begin.
type CasUrl = Annotated[str, Field(pattern=r"^https?://[^\s/?#]+(/[^\s?#]+)?/cas$")]
# With a slash after the host: `https://door.example` would also begin `https://door.example.org`.
type UrlPrefix = Annotated[str, Field(pattern=r"^https?://[^\s/?#,]+/[^\s?#,]*$")]
type Certificate = Annotated[
    str, Field(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+$")
]

DAY_S = 86_400
# Of the Lambda that makes small results. A file is spooled there before its upload, and a
# quarter is left: chunks at an array's edge are stored whole, and a file system needs room too.
SMALL_SCRATCH_MIB = 1024
MOST_SMALL_BYTES = SMALL_SCRATCH_MIB * 2**20 * 3 // 4
MOST_FILE_BYTES = ByteSize(4 * 2**40)


class ConfigError(Exception):
    """The federation file cannot be used; the message names each faulty key."""


class Config(BaseModel):
    """A frozen part of the configuration that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
            until it is uploaded: a larger one is refused. The image lies there too.
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


class Place(Config):
    """Where a stack is deployed.

    Attributes:
        account: twelve digits; absent = the account of whoever deploys.
        region: e.g. `eu-west-1`.
        removal: whether data survive the deletion of their stack.
        log_retention_days: how long logs are kept.
    """

    account: AccountId | None = None
    region: Region
    removal: Removal = "retain"
    log_retention_days: Literal[7, 14, 30, 90, 365] = 90


class Central(Place):
    """What the federation has once.

    Attributes:
        login_prefix: of the hosted login's host name; unique in its region of all AWS.
        callback_urls: where the portal is returned to after signing in.
        logout_urls: where it is returned to after signing out.
        issuer: the user pool's URL, known once central is deployed; the default of every
            unit's parameter `Issuer`. Absent = each deployment of a unit must name it.
        client_ids: of the user pool, likewise for `ClientIds`.
        cas_url: of central's CAS, likewise for `CasUrl`. Absent = units without CAS, where
            their deployment names none.
        cas_services: the default of central's `CasServices`: how the URLs begin that tickets
            may be given for, i.e. the units' doors.
    """

    login_prefix: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")]
    callback_urls: tuple[Url, ...] = Field(min_length=1)
    logout_urls: tuple[Url, ...] = Field(min_length=1)
    issuer: Url | None = None
    client_ids: tuple[str, ...] = ()
    cas_url: CasUrl | None = None
    cas_services: tuple[UrlPrefix, ...] = ()


class DisseminationUnit(Place):
    """One provider's unit.

    Attributes:
        name: part of the stack's name, unique in the federation.
        title: for a person's eye.
        jwt_authorizer: the gateway itself refuses bad tokens on the routes that need identity,
            so that they start no function; its answer is the gateway's, not problem+json.
        zones: letters of the availability zones the containers run in.
        architecture: of functions and containers.
        origins: web origins that may call the API and fetch results; `*` = any.
        ledger_hosts: whether the ledger has the address that an order came from: personal data.
        notifications: whether there is an SNS topic that is told the end of every job.
    """

    name: Name
    title: str = Field(min_length=1)
    jwt_authorizer: bool = False
    zones: tuple[str, str] = ("a", "b")
    architecture: Literal["arm64", "x86_64"] = "arm64"
    origins: tuple[str, ...] = Field(default=("*",), min_length=1)
    ledger_hosts: bool = False
    notifications: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    limits: Limits = Limits()
    worker: Worker = Worker()
    workflow: Workflow = Workflow()
    motu: Motu = Motu()

    @model_validator(mode="after")
    def _certificate_beside_the_balancer(self) -> Self:
        balancer = self.motu.load_balancer
        if balancer and f":acm:{self.region}:" not in balancer.certificate_arn:
            raise ValueError(
                f"motu.load_balancer.certificate_arn {balancer.certificate_arn} "
                f"is not of region {self.region}"
            )
        return self


class Federation(Config):
    """One central and its dissemination units.

    Attributes:
        name: prefix of every stack, so that two federations can share an account.
        profiles: groups of the user pool; a dataset names those that may use it.
    """

    name: Name
    profiles: tuple[Name, ...] = Field(min_length=1)
    central: Central
    units: tuple[DisseminationUnit, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique_names(self) -> Self:
        for key, names in (("profiles", self.profiles), ("units", [u.name for u in self.units])):
            twice = sorted({name for name in names if list(names).count(name) > 1})
            if twice:
                raise ValueError(f"{key}: {', '.join(twice)} is named twice")
        return self


def parse_federation(text: str, origin: str = "federation") -> Federation:
    """Read a federation.

    Raises:
        ConfigError: naming `origin`, each faulty key, its value and what would be accepted.
    """
    try:
        return Federation.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ConfigError(f"{origin}: not YAML: {error}") from error
    except ValidationError as error:
        raise ConfigError("\n".join(_lines(origin, error))) from error


def load_federation(path: Path) -> Federation:
    """Read the federation in a file.

    Raises:
        ConfigError: the file is missing, or as in `parse_federation`.
    """
    try:
        return parse_federation(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error


def _lines(origin: str, error: ValidationError) -> list[str]:
    """Say each fault as `file: units.0.limits.small_bytes: message (here: value)`."""
    faults = error.errors(include_url=False)
    keys = [fault["loc"] for fault in faults]
    return [
        f"{origin}: {'.'.join(map(str, key)) or 'federation'}: "
        f"{fault['msg'].removeprefix('Value error, ')} (here: {fault['input']!r:.80})"
        for key, fault in zip(keys, faults, strict=True)
        # A list whose only item is at fault is said to be empty too, which it is not.
        if not any(other[: len(key)] == key and other != key for other in keys)
    ]
