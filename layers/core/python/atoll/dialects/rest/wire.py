"""The REST door's documents, as clients see them. OGC's own members keep OGC's names."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from atoll.dialects.rest.subscriber import SubscriberMembers
from atoll.errors import Fact
from atoll.model.coverage import Attributes
from atoll.model.extent import Extent
from atoll.model.request import Format, Packing, Selection

type Number = Annotated[float, Field(allow_inf_nan=False)]
type Bounds = Annotated[list[Number | None], Field(min_length=2, max_length=2)]

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
        extra="forbid", strict=True, json_schema_extra={"examples": [{"inputs": EXAMPLE_INPUTS}]}
    )

    inputs: SubsetInputs
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


class StatusInfo(BaseModel):
    """OGC API - Processes, Part 1, status info, and what else we know of a job."""

    processID: str  # noqa: N815  OGC's name
    type: Literal["process"] = "process"
    jobID: str  # noqa: N815
    status: str
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
    extent: Extent | None = None
    problem: Problem | None = None
    links: list[Link]


class JobList(BaseModel):
    """Jobs, newest first."""

    jobs: list[StatusInfo]
    links: list[Link]


class ResultFile(BaseModel):
    """A file behind an address that anyone may use for a short while."""

    href: str
    type: str
    file_name: str
    size_bytes: int
    sha256: str
    cells_with_data: int = Field(description="Of all data variables, cells that are not fill.")
    message: str = Field(description="The same in a sentence; it says when there are none.")
    expires_in_s: int


class ManifestFile(BaseModel):
    """Where in a Zarr result each key lies: a reference document, version 1, as fsspec reads it.

    With it the result is a Zarr store that is read key by key, by ranges of the one address.
    The document's template `u` stands for that address: readers put the `href` of `subset` in
    its place, e.g. `template_overrides={"u": href}` of fsspec's ReferenceFileSystem.
    """

    href: str
    type: str


# No `type`: what is said of a field would be lost in it.
Manifest = Annotated[
    ManifestFile | None,
    Field(
        description="Of format `zarr` only; left out otherwise.",
        exclude_if=lambda value: value is None,
    ),
]


class SetFile(ResultFile):
    """One file of a result that is a set of several."""

    manifest: Manifest = None


class ResultReply(BaseModel):
    """OGC API - Processes results document: `subset`, and `manifest` where it is a Zarr store."""

    subset: ResultFile = Field(description="The file; of several the first.")
    manifest: Manifest = None
    files: list[SetFile] = Field(
        default=[],
        description="Of a result larger than one file may be: all its files, one behind the other "
        "along time. Left out otherwise.",
        exclude_if=lambda value: not value,
    )


class AxisReply(BaseModel):
    """An axis in a person's words."""

    name: str
    role: str
    standard_name: str | None
    units: str
    size: int
    first: float
    last: float
    step: float | None
    values: list[float] | None
    positive: str | None
    calendar: str | None
    first_text: str | None
    last_text: str | None


class VariableReply(BaseModel):
    """A variable in a person's words."""

    name: str
    standard_name: str | None
    long_name: str | None
    units: str | None
    axes: list[str]
    dtype: str
    packed: bool
    uncompressed_bytes: int


class DatasetLine(BaseModel):
    """One dataset in the list."""

    id: str
    title: str
    access: Literal["public", "restricted"]
    revision: str
    updated: str
    links: list[Link]


class DatasetList(BaseModel):
    """The datasets that the caller may use."""

    datasets: list[DatasetLine]
    links: list[Link]


class DatasetReply(BaseModel):
    """A dataset: what there is to ask for."""

    id: str
    title: str
    product: str
    licence: str
    access: Literal["public", "restricted"]
    revision: str
    updated: str
    axes: list[AxisReply]
    variables: list[VariableReply]
    curvilinear: bool
    layouts: list[str]
    formats: list[str]
    uncompressed_bytes: int
    attributes: Attributes
    links: list[Link]
