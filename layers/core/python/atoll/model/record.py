"""The catalogue's record of a dataset: what every standard's rendering of it is made from."""

from collections.abc import Mapping
from typing import Literal

from atoll.model.document import Document
from atoll.model.value import Value

type Rendering = Literal["records", "iso", "stac", "dcat"]
type DimensionKind = Literal["longitude", "latitude", "vertical", "time", "other"]

# Each rendering's media type; the first is given where nobody asks for another.
RENDERINGS: Mapping[Rendering, str] = {
    "records": "application/geo+json",
    "iso": "application/xml",
    "stac": "application/json",
    "dcat": "application/ld+json",
}


class Publisher(Value):
    """The dissemination unit that a record comes from.

    Attributes:
        name: of the unit.
        url: absolute address of its doors, without a slash at its end.
    """

    name: str
    url: str


class Box(Value):
    """A box on the earth; it crosses the dateline where west exceeds east.

    Attributes:
        west, east: degrees, -180..180.
        south, north: degrees, -90..90.
    """

    west: float
    south: float
    east: float
    north: float


class Depths(Value):
    """A vertical range.

    Attributes:
        shallowest_m, deepest_m: metres, positive down.
    """

    shallowest_m: float
    deepest_m: float


class Times(Value):
    """A range of times.

    Attributes:
        start, end: ISO 8601, UTC.
    """

    start: str
    end: str


class Resolution(Value):
    """How far nodes lie apart; None = irregular, or not known.

    Attributes:
        longitude_deg, latitude_deg: degrees.
        time: an ISO 8601 duration.
    """

    longitude_deg: float | None = None
    latitude_deg: float | None = None
    time: str | None = None


class Dimension(Value):
    """A dimension of the data.

    Attributes:
        size: number of nodes.
        lower, upper: of the nodes, in `units`; None = it has no nodes.
        step: in `units`; None = irregular.
        units: of a vertical dimension that is measured in length: metres, positive down.
    """

    name: str
    kind: DimensionKind
    size: int
    lower: float | None
    upper: float | None
    step: float | None
    units: str


class RecordVariable(Value):
    """A variable that can be ordered."""

    name: str
    standard_name: str | None
    long_name: str | None
    units: str | None
    dimensions: tuple[str, ...]


class Contact(Value):
    """Who answers for the data; what is not known is empty."""

    organisation: str
    person: str = ""
    email: str = ""
    url: str = ""


class AccessPoint(Value):
    """A door that the data can be had through.

    Attributes:
        door: its name.
        protocol: that it speaks.
        url: absolute.
        description: a line for a person.
    """

    door: str
    protocol: str
    url: str
    description: str


class Record(Value):
    """What a catalogue says of one revision of a dataset. What is not known is empty or None.

    Attributes:
        identifier: id of the dataset.
        publisher: the unit that has it.
        product: that it belongs to.
        keywords: the source's own.
        box: that all nodes lie in.
        times: None also where a calendar or climatology has no such instants.
        licence: text or address.
        lineage: where the data come from.
        updated_at: of the revision, ISO 8601 UTC.
        doi: as `10.prefix/suffix`.
        citation: how the data are to be cited or credited.
        documents: that users should read.
    """

    identifier: str
    publisher: Publisher
    title: str
    abstract: str
    product: str
    keywords: tuple[str, ...]
    box: Box | None
    depths: Depths | None
    times: Times | None
    resolution: Resolution
    dimensions: tuple[Dimension, ...]
    variables: tuple[RecordVariable, ...]
    contact: Contact
    licence: str
    access: Literal["public", "restricted"]
    lineage: str
    revision: str
    updated_at: str
    doi: str | None
    citation: str
    access_points: tuple[AccessPoint, ...]
    documents: tuple[Document, ...] = ()

    @property
    def catalogue_id(self) -> str:
        """Its identifier among the records of all units: no unit's name has a dot in it."""
        return f"{self.publisher.name}.{self.identifier}"

    @property
    def namespace(self) -> str:
        """In which the identifier is unique."""
        return f"{self.publisher.url}/datasets"

    @property
    def url(self) -> str:
        """Absolute address of the dataset, which is also its identifier in all the world."""
        return f"{self.namespace}/{self.identifier}"

    @property
    def standard_names(self) -> tuple[str, ...]:
        """CF standard names of its variables, each once."""
        named = (variable.standard_name for variable in self.variables)
        return tuple(dict.fromkeys(name for name in named if name))

    def rendered_at(self, rendering: Rendering) -> str:
        """Absolute address of a rendering of this record."""
        return f"{self.url}/record?f={rendering}"
