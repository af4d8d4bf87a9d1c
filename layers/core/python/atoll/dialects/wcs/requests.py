"""What a request says, before any coverage has given it a meaning: the same from KVP and XML."""

from dataclasses import dataclass
from typing import Literal

VERSIONS = ("2.0.1", "2.0.0")  # newest first; the second is the first with its errors
type ScaleKind = Literal["scaleFactor", "scaleAxes", "scaleSize", "scaleExtent"]


@dataclass(frozen=True, slots=True)
class GetCapabilities:
    """What a client wants to know of the service.

    Attributes:
        sections: in lower case; none = all.
        update_sequence: of the document that the client has; empty = it has none.
        formats: of the answer, the best first.
        version: of the answer.
    """

    sections: frozenset[str] = frozenset()
    update_sequence: str = ""
    formats: tuple[str, ...] = ()
    version: str = VERSIONS[0]


@dataclass(frozen=True, slots=True)
class DescribeCoverage:
    """Which coverages are to be described."""

    coverage_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A trim, or a slice, along one axis; texts as they were sent, without their quotes.

    Attributes:
        axis: label.
        low, high: None = open. Of a slice they are equal.
        crs: of the bounds; empty = as `subsettingCrs` says.
        is_slice: at a point.
    """

    axis: str
    low: str | None
    high: str | None
    crs: str = ""
    is_slice: bool = False


@dataclass(frozen=True, slots=True)
class Scaling:
    """A change of the number of nodes; texts as they were sent.

    Attributes:
        kind: parameter that says it.
        values: axis label -> factor, size, or `low:high`; of `scaleFactor` the label is `*`.
    """

    kind: ScaleKind
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GetCoverage:
    """A part of a coverage, and how it is wanted; texts as they were sent, empty = not said.

    Attributes:
        range_subset: names of fields, or pairs of the first and last of several.
        scaling: None = every node.
        interpolations: methods.
    """

    coverage_id: str
    cuts: tuple[Cut, ...] = ()
    range_subset: tuple[tuple[str, str], ...] = ()
    scaling: Scaling | None = None
    interpolations: tuple[str, ...] = ()
    format: str = ""
    media_type: str = ""
    subsetting_crs: str = ""
    output_crs: str = ""


type WcsRequest = GetCapabilities | DescribeCoverage | GetCoverage
