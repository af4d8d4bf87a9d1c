"""What a user asks for, the same from every door."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from atoll.model.moment import Period
from atoll.model.value import Value

type Selection = Literal["inside", "nearest", "outside", "strict-inside"]
type Packing = Literal["keep", "decode"]
type Format = Literal["netcdf4", "netcdf3", "zarr", "csv", "parquet", "geotiff"]

MEDIA_TYPES: Mapping[Format, str] = {
    "netcdf4": "application/x-netcdf",
    "netcdf3": "application/x-netcdf",
    "zarr": "application/zip",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "geotiff": "image/tiff; application=geotiff",
}
EXTENSIONS: Mapping[Format, str] = {
    "netcdf4": ".nc",
    "netcdf3": ".nc",
    "zarr": ".zarr.zip",
    "csv": ".csv",
    "parquet": ".parquet",
    "geotiff": ".tif",
}
# Made in parts by many workers; the others are streamed by one, whatever their size.
IN_PARTS: frozenset[Format] = frozenset({"netcdf4", "netcdf3", "zarr"})


class Interval(Value):
    """Numbers from `lower` to `upper`, both included; None = open."""

    lower: float | None = None
    upper: float | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise ValueError("the lower bound exceeds the upper")
        return self


class LongitudeInterval(Value):
    """Degrees east, any real numbers, from `west` eastwards to `east`; west may exceed east."""

    west: float
    east: float


class SubsetRequest(Value):
    """A box of a dataset.

    Attributes:
        dataset: its id, lower-case.
        variables: names or CF standard names; empty = all.
        longitude: degrees east; None = all.
        latitude: degrees north; None = all.
        depth: metres, positive down; None = all.
        time: None = all.
        trims: other axes by their name, in the axis's own units.
        selection: how bounds that fall between nodes are met.
        stride: axis name or role word (`longitude`, `latitude`, `depth`, `time`) -> every n-th.
        packing: `keep` = as stored, with scale_factor and add_offset; `decode` = physical values.
        format: of the result.
        revision: `main` = the newest at the time of planning.
    """

    dataset: str
    variables: tuple[str, ...] = ()
    longitude: LongitudeInterval | None = None
    latitude: Interval | None = None
    depth: Interval | None = None
    time: Period | None = None
    trims: dict[str, Interval] = Field(default_factory=dict)
    selection: Selection = "inside"
    stride: dict[str, int] = Field(default_factory=dict)
    packing: Packing = "keep"
    format: Format = "netcdf4"
    revision: str = "main"
