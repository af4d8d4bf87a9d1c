"""A dataset as the planner knows it: its description, one JSON document per revision."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from atoll.model.document import Document
from atoll.model.value import Value

type Attribute = str | int | float | bool | list[int] | list[float] | list[str]
type Attributes = dict[str, Attribute]
type Role = Literal["X", "Y", "Z", "T", "other"]
type VariableRole = Literal["data", "auxiliary", "bounds", "grid_mapping"]


class RegularValues(Value):
    """`start + i * step` for i in 0..count-1, equal to what is stored, bit for bit."""

    kind: Literal["regular"] = "regular"
    start: float
    step: float
    count: int


class ExplicitValues(Value):
    """Every value, as stored."""

    kind: Literal["explicit"] = "explicit"
    values: tuple[float, ...]


type Values = Annotated[RegularValues | ExplicitValues, Field(discriminator="kind")]


class Axis(Value):
    """A dimension with a 1-d coordinate variable, or an index axis of a 2-d grid.

    Attributes:
        name: of the dimension and of its coordinate variable.
        role: by CF (axis, standard_name, units, positive), never by position.
        dtype: of the coordinate variable, NumPy notation, e.g. `<f4`.
        values: in stored order, strictly monotonic, in `units`.
        units: CF; for T e.g. `hours since 1982-01-01`.
        positive: of Z; None elsewhere.
        calendar: CF name; of T.
        climatology: T of a climatology: its numbers are shown as they are.
        wraps: X is longitude in degrees and modulo 360 holds.
        attributes: CF attributes of the coordinate variable, units and calendar included.
        has_coordinate: False for an index axis (a 2-d grid's), whose values are 0, 1, 2...
    """

    name: str
    role: Role
    dtype: str
    values: Values
    units: str = ""
    positive: Literal["up", "down"] | None = None
    calendar: str | None = None
    climatology: bool = False
    wraps: bool = False
    attributes: Attributes = Field(default_factory=dict)
    has_coordinate: bool = True

    @property
    def size(self) -> int:
        """Number of nodes."""
        if isinstance(self.values, RegularValues):
            return self.values.count
        return len(self.values.values)


class ChunkGrid(Value):
    """How a layout stores one variable. The codecs are in the array's own Zarr metadata.

    Attributes:
        path: of the array in the layout's store, e.g. `geo/TEMP`.
        chunk_shape: what one GET or one decode gives: the inner chunk of a sharded array.
        shard_shape: None = not sharded.
        stored_bytes: of all chunks together, as measured at publication; 0 = not known.
        metadata: the array's Zarr metadata document (zarr.json, or .zarray with the
            zarr_format in it), so that a reader needs no request to learn the codecs.
    """

    path: str
    chunk_shape: tuple[int, ...]
    shard_shape: tuple[int, ...] | None = None
    stored_bytes: int = 0
    metadata: str


class Packed(Value):
    """CF packing: physical = stored * scale_factor + add_offset."""

    scale_factor: float = 1.0
    add_offset: float = 0.0
    dtype: str


class Variable(Value):
    """One array.

    Attributes:
        name: in the store and in the result.
        role: `data` is what a user asks for; the others come along where they belong.
        dtype: as stored, NumPy notation.
        dimensions: axis names, in stored order; a dimension that is not an axis (e.g. the
            two columns of bounds) is listed in `Coverage.other_dimensions`.
        fill_value: what a chunk that is not stored is full of, as Zarr's JSON writes it.
        packed: how stored numbers become physical ones; None = they are.
        attributes: CF attributes, `_FillValue`, `scale_factor` and `add_offset` included.
        companions: names of auxiliary coordinates, bounds and grid mappings it refers to.
        grids: layout name -> chunk grid.
    """

    name: str
    role: VariableRole = "data"
    dtype: str
    dimensions: tuple[str, ...]
    fill_value: int | float | str | bool | None = None
    packed: Packed | None = None
    attributes: Attributes = Field(default_factory=dict)
    companions: tuple[str, ...] = ()
    grids: dict[str, ChunkGrid]

    @property
    def standard_name(self) -> str | None:
        """CF standard name, where it has one."""
        name = self.attributes.get("standard_name")
        return name if isinstance(name, str) else None


class Tile(Value):
    """The extent of a tile of a 2-d grid; it may cross the dateline: then east > 180.

    Attributes:
        west, east: degrees; west in -180..180, east - west in 0..360.
        south, north: degrees.
    """

    west: float
    east: float
    south: float
    north: float


class CurvilinearGrid(Value):
    """Where the cells of a 2-d grid lie, coarsely: tiles of `tile_shape` cells.

    Attributes:
        dimensions: (row axis, column axis).
        longitude, latitude: names of the 2-d coordinate variables, shape (rows, columns).
        tile_shape: cells of one tile, (rows, columns); the last ones may be smaller.
        tiles: row by row; None = no cell of it has coordinates.
    """

    dimensions: tuple[str, str]
    longitude: str
    latitude: str
    tile_shape: tuple[int, int]
    tiles: tuple[Tile | None, ...]


class Store(Value):
    """Where a layout's chunks are.

    Attributes:
        kind: `icechunk` = the repository at `url`, read at the coverage's revision;
            `zarr` = plain Zarr v2 or v3 under `url`.
        url: `s3://bucket/prefix`, without a slash at its end.
    """

    kind: Literal["icechunk", "zarr"]
    url: str


class Coverage(Value):
    """The description of one revision of a dataset. Planning reads nothing else.

    Attributes:
        dataset: id, `[a-z0-9._-]`, lower-case.
        revision: Icechunk snapshot id, or the description's version for plain Zarr.
        title: one line for a person.
        product: the product it belongs to.
        licence: text or address.
        profiles: who may order; None = public, everyone who has signed in.
        axes: every axis of every variable.
        variables: data variables first, in the order of the source.
        other_dimensions: dimensions without coordinates -> size, e.g. `{"bnds": 2}`.
        layouts: layout name (`geo`, `time`) -> its store.
        curvilinear: of a 2-d grid; None = longitude and latitude are axes.
        attributes: global CF/ACDD attributes of the source.
        documents: that users should read.
        updated_at: of this revision, ISO 8601 UTC.
    """

    dataset: str
    revision: str
    title: str = ""
    product: str = ""
    licence: str = ""
    profiles: tuple[str, ...] | None = None
    axes: tuple[Axis, ...]
    variables: tuple[Variable, ...]
    other_dimensions: dict[str, int] = Field(default_factory=dict)
    layouts: dict[str, Store]
    curvilinear: CurvilinearGrid | None = None
    attributes: Attributes = Field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    updated_at: str

    @cached_property
    def axis_by_name(self) -> dict[str, Axis]:
        """Axes by name."""
        return {axis.name: axis for axis in self.axes}

    @cached_property
    def variable_by_name(self) -> dict[str, Variable]:
        """Variables by name."""
        return {variable.name: variable for variable in self.variables}

    def axis_of(self, role: Role) -> Axis | None:
        """The axis of that role; publication makes sure that there is one at most."""
        return next((axis for axis in self.axes if axis.role == role), None)


def description_key(dataset: str, revision: str) -> str:
    """Where a description lies in the data bucket; it never changes once written."""
    return f"descriptions/{dataset}/{revision}.json"
