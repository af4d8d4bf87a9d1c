"""The REST door's documents, as clients see them. OGC's own members keep OGC's names."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.config import JsonDict

from atoll.dialects.rest.subscriber import SubscriberMembers
from atoll.errors import Fact
from atoll.model.extent import Extent
from atoll.model.job import JobStatus
from atoll.model.offer import LONGEST_TOKEN
from atoll.model.policy import Allowance, PerTier
from atoll.model.request import Format, Packing, Selection
from atoll.ports import Balance

type Number = Annotated[float, Field(allow_inf_nan=False)]
type Bounds = Annotated[list[Number | None], Field(min_length=2, max_length=2)]


def _never_null(schema: JsonDict) -> None:
    """Let a schema say what a member is where it is there; null it never is."""
    either = schema.pop("anyOf")
    schema.pop("default")
    assert isinstance(either, list)  # noqa: S101  of a type, and null
    assert isinstance(either[0], dict)  # noqa: S101
    schema.update(either[0])


def _left_out(description: str) -> Any:  # noqa: ANN401  as pydantic's own
    """A member that is left out where there is nothing to say."""
    return Field(
        default=None,
        description=description,
        exclude_if=lambda value: value is None,
        json_schema_extra=_never_null,
    )


EXAMPLE_INPUTS: dict[str, JsonValue] = {
    "dataset": "levitus-climatology",
    "variables": ["sea_water_temperature", "sea_water_salinity"],
    "bbox": [-40, 30, 30, 60],
    "depth": [0, 500],
    "format": "netcdf4",
}


class SubsetInputs(BaseModel):
    """A box of a dataset. Everything but `dataset` may be left out: then all of it is meant."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dataset: str = Field(description="Id of the dataset.", max_length=200)
    variables: list[str] = Field(
        default=[], description="Names or CF standard names.", max_length=1000
    )
    bbox: Annotated[list[Number], Field(min_length=4, max_length=4)] | None = Field(
        default=None,
        description="west, south, east, north in degrees; west may exceed east.",
    )
    depth: Bounds | None = Field(
        default=None, description="Metres, positive down; null = open at that end."
    )
    datetime: str | None = Field(
        default=None, description="Instant, date or interval as in OGC API; `..` = open."
    )
    axes: dict[str, Bounds] = Field(
        default={}, description="Bounds on other axes by name, in their own units."
    )
    selection: Selection = Field(
        default="inside", description="How bounds between two nodes are met."
    )
    stride: dict[str, int] = Field(
        default={}, description="Axis name, or longitude, latitude, depth, time: every n-th node."
    )
    packing: Packing = Field(
        default="keep", description="As stored, with scale_factor and add_offset; or decoded."
    )
    format: Format = Field(
        default="netcdf4", description="Of the file. What a format cannot hold is refused."
    )
    revision: str = Field(
        default="main", max_length=200, description="`main`, or one that an earlier reply named."
    )


class Execute(BaseModel):
    """OGC API - Processes, Part 1, execute request."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [{"inputs": EXAMPLE_INPUTS}],
            "anyOf": [{"required": ["inputs"]}, {"required": ["quote"]}],
        },
    )

    inputs: SubsetInputs | None = Field(
        default=None,
        description="What is wanted; may be left out beside `quote`.",
        json_schema_extra=_never_null,
    )
    quote: str | None = Field(
        default=None,
        max_length=LONGEST_TOKEN,
        json_schema_extra=_never_null,
        description="Token of a quote that is taken up: the same plan, revision and price. With "
        "`inputs`, they must be those of the quote. A quote itself takes none.",
    )
    subscriber: SubscriberMembers | None = Field(
        default=None, description="Whom to tell of the job; a quote has nothing to tell."
    )


class Problem(BaseModel):
    """RFC 9457 problem details; further members are facts about this problem."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:atoll:error:invalid-parameter",
                    "title": "Invalid parameter",
                    "status": 400,
                    "detail": "bbox[1]: 91.0 is not accepted; latitudes lie in -90..90",
                    "parameter": "bbox[1]",
                    "value": "91.0",
                    "accepted": "latitudes lie in -90..90",
                }
            ]
        },
    )

    __pydantic_extra__: dict[str, Fact]

    type: str
    title: str
    status: int
    detail: str
    correlation_id: str | None = None


class Link(BaseModel):
    """A link; its address is relative to the document it stands in."""

    href: str
    rel: str
    type: str | None = None
    title: str | None = None


class Moments(BaseModel):
    """When something may happen (UTC); of similar jobs of the last days."""

    p50: str = Field(description="Half of them were as soon.")
    p95: str = Field(description="95 % of them.")


class ExpectedReply(BaseModel):
    """When a job may start and end. An estimate, no promise."""

    start: Moments | None = Field(description="null = it runs already.")
    end: Moments
    estimate: Literal[True] = True


class QuotaReply(BaseModel):
    """Bytes of this month (UTC)."""

    limit_bytes: int
    used_bytes: int = Field(description="Reserved and delivered.")
    left_after_bytes: int = Field(description="After this order; below 0 it is refused.")


class TokenReply(BaseModel):
    """A quote to be taken up, as member `quote` of an order."""

    token: str
    valid_until: str


class QuoteReply(BaseModel):
    """What an order would read, make and meet."""

    dataset: str
    revision: str
    fingerprint: str
    accepted: bool
    refusals: list[Problem]
    tier: str
    files: int = Field(description="Of the result; several follow each other along time.")
    output_bytes: int
    read_bytes: int
    chunks: int
    variables: list[str]
    extent: Extent
    cost_bytes: int = Field(description="That count against the quota until the job has ended.")
    quota: QuotaReply | None = Field(description="null = there is no limit.")
    expected: ExpectedReply | None = Field(description="null = too little is known.")
    quote: TokenReply | None = Field(
        description="null = an order would be refused, or names too much for a token."
    )


class MadeReply(BaseModel):
    """What is made, of all."""

    made: int
    total: int


class QueueReply(BaseModel):
    """Where a job stands that waits."""

    ahead: int = Field(description="Jobs that start before it, as things are now.")
    rule: str = Field(description="What holds it.")


class StatusInfo(BaseModel):
    """OGC API - Processes, Part 1, status info, and what else we know of a job."""

    processID: str  # noqa: N815  OGC's name
    type: Literal["process"] = "process"
    jobID: str  # noqa: N815
    status: JobStatus
    message: str
    created: str
    started: str | None = None
    finished: str | None = None
    expires: str
    dataset: str
    revision: str
    tier: str
    output_bytes: int
    reserved_bytes: int
    correlation_id: str
    label: str | None = None
    shared: bool = Field(
        default=False, description="Its result is, or will be, that of an equal order."
    )
    progress: Annotated[int, Field(ge=0, le=100)] | None = _left_out("Per cent.")
    parts: MadeReply | None = _left_out("Of a result that many make.")
    bytes: MadeReply | None = _left_out("Of the result, uncompressed, by the parts that are made.")
    queue: QueueReply | None = _left_out("While it waits.")
    expected: ExpectedReply | None = _left_out("Where enough is known, until it has ended.")
    extent: Extent | None = None
    problem: Problem | None = None
    links: list[Link]


class JobChange(BaseModel):
    """What may be changed of a job."""

    model_config = ConfigDict(extra="forbid", strict=True)

    label: str | None = Field(
        min_length=1, max_length=200, description="The caller's own word for it; null = none."
    )


class MeReply(BaseModel):
    """Who the caller is here, and what it may use."""

    account: str
    profiles: list[str]
    may_order: bool = Field(description="false = the token is for reading only.")
    month: str
    balance: Balance
    allowance: Allowance
    waiting: PerTier = Field(description="Jobs that wait now.")
    running: PerTier = Field(description="Jobs that run now.")


class JobList(BaseModel):
    """Jobs, newest first."""

    jobs: list[StatusInfo]
    links: list[Link]
