"""Coverages for tests: as much of a description as a test cares about, the rest filled in.

`coverage(axes, variables)` is the general one; `levitus_coverage()` and `navy_coverage()`
resemble real files. Grids with 2-d coordinates: `tests.planning.tiles`.
"""

import json
from collections.abc import Sequence
from typing import Any

from atoll.model.coverage import (
    Attributes,
    Axis,
    ChunkGrid,
    Coverage,
    ExplicitValues,
    Packed,
    RegularValues,
    Role,
    Store,
    Values,
    Variable,
)

LEVITUS_DEPTHS_M = (
    0, 10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1000, 1200, 1500, 2000, 3000, 4000,
    5000,
)  # fmt: skip

type Chunks = dict[str, tuple[int, ...]]


def regular(start: float, step: float, count: int) -> RegularValues:
    """`count` values from `start`."""
    return RegularValues(start=start, step=step, count=count)


def explicit(values: Sequence[float]) -> ExplicitValues:
    """These values."""
    return ExplicitValues(values=tuple(float(value) for value in values))


def evenly(values: Sequence[float]) -> Values:
    """Values as publication would keep them: regular where that is the same, bit for bit."""
    numbers = [float(value) for value in values]
    step = numbers[1] - numbers[0] if len(numbers) > 1 else 1.0
    if numbers and all(numbers[0] + i * step == number for i, number in enumerate(numbers)):
        return regular(numbers[0], step, len(numbers))
    return explicit(numbers)


def values_of(axis: Axis) -> list[float]:
    """All values of an axis, in stored order."""
    if isinstance(axis.values, RegularValues):
        v = axis.values
        return [v.start + i * v.step for i in range(v.count)]
    return list(axis.values.values)


def axis(name: str, values: Sequence[float] | Values, role: Role = "other", **fields: Any) -> Axis:
    """An axis with the CF attributes that its role and units ask for."""
    kept = values if isinstance(values, RegularValues | ExplicitValues) else evenly(values)
    attributes: Attributes = {"axis": role} if role != "other" else {}
    attributes |= {k: fields[k] for k in ("units", "calendar", "positive") if fields.get(k)}
    attributes |= fields.pop("attributes", {})
    return Axis(
        name=name, role=role, values=kept, attributes=attributes, **({"dtype": "<f8"} | fields)
    )


def longitude_axis(
    values: Sequence[float] | Values, name: str = "longitude", **fields: Any
) -> Axis:
    """Degrees east, modulo 360."""
    attributes = {"standard_name": "longitude"} | fields.pop("attributes", {})
    known = {"units": "degrees_east", "wraps": True, "attributes": attributes}
    return axis(name, values, "X", **(known | fields))


def latitude_axis(values: Sequence[float] | Values, name: str = "latitude", **fields: Any) -> Axis:
    """Degrees north."""
    attributes = {"standard_name": "latitude"} | fields.pop("attributes", {})
    return axis(
        name, values, "Y", **({"units": "degrees_north", "attributes": attributes} | fields)
    )


def depth_axis(values: Sequence[float] | Values, name: str = "depth", **fields: Any) -> Axis:
    """Metres, positive down unless said otherwise."""
    attributes = {"standard_name": "depth"} | fields.pop("attributes", {})
    known = {"units": "m", "positive": "down", "attributes": attributes}
    return axis(name, values, "Z", **(known | fields))


def time_axis(
    values: Sequence[float] | Values,
    units: str = "hours since 1982-01-01",
    calendar: str = "standard",
    name: str = "time",
    **fields: Any,
) -> Axis:
    """Numbers since a reference time, in a calendar."""
    attributes = {"standard_name": "time"} | fields.pop("attributes", {})
    known = {"units": units, "calendar": calendar, "attributes": attributes}
    return axis(name, values, "T", **(known | fields))


def index_axis(name: str, count: int, role: Role = "other", **fields: Any) -> Axis:
    """A dimension of a 2-d grid, without a coordinate variable."""
    return axis(
        name, regular(0, 1, count), role, **({"dtype": "<i8", "has_coordinate": False} | fields)
    )


def variable(
    name: str, dimensions: Sequence[str], chunks: Chunks | None = None, **fields: Any
) -> Variable:
    """A variable; `chunks` is layout -> chunk shape, None = one chunk in every layout."""
    grids = {
        layout: ChunkGrid(path=f"{layout}/{name}", chunk_shape=shape, metadata="{}")
        for layout, shape in (chunks or {}).items()
    }
    attributes: Attributes = {}
    if "standard_name" in fields:
        attributes["standard_name"] = fields.pop("standard_name")
    attributes |= fields.pop("attributes", {})
    known = {"dtype": "<f4", "fill_value": "NaN"} | fields
    return Variable(
        name=name, dimensions=tuple(dimensions), grids=grids, attributes=attributes, **known
    )


def packed_variable(
    name: str, dimensions: Sequence[str], chunks: Chunks | None = None, **fields: Any
) -> Variable:
    """An int16 variable of step 0.001 and offset 20."""
    attributes = {"scale_factor": 0.001, "add_offset": 20.0, "_FillValue": -32767}
    known = {
        "dtype": "<i2",
        "fill_value": -32767,
        "packed": Packed(scale_factor=0.001, add_offset=20.0, dtype="<f4"),
        "attributes": attributes | fields.pop("attributes", {}),
    }
    return variable(name, dimensions, chunks, **(known | fields))


def zarr_metadata(variable: Variable, shape: Sequence[int], chunk_shape: Sequence[int]) -> str:
    """A Zarr v3 array document without compression."""
    document = {
        "zarr_format": 3,
        "node_type": "array",
        "shape": list(shape),
        "data_type": {"<f4": "float32", "<f8": "float64", "<i2": "int16"}.get(
            variable.dtype, "int32"
        ),
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(chunk_shape)}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": variable.fill_value,
        "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}],
        "attributes": {},
        "dimension_names": list(variable.dimensions),
    }
    return json.dumps(document)


def with_grids(variable: Variable, sizes: dict[str, int], layouts: Sequence[str]) -> Variable:
    """The variable with its chunk grids completed: one whole chunk where none was given."""
    shape = tuple(sizes[dimension] for dimension in variable.dimensions)
    grids = {}
    for layout in list(variable.grids) or layouts:
        given = variable.grids.get(layout)
        chunk_shape = given.chunk_shape if given else shape
        document = zarr_metadata(variable, shape, chunk_shape)
        grids[layout] = ChunkGrid(
            path=f"{layout}/{variable.name}", chunk_shape=chunk_shape, metadata=document
        )
    return variable.model_copy(update={"grids": grids})


def coverage(
    axes: Sequence[Axis],
    variables: Sequence[Variable],
    dataset: str = "test",
    layouts: Sequence[str] = ("geo",),
    **fields: Any,
) -> Coverage:
    """A description of these axes and variables, revision `r1`."""
    others: dict[str, int] = fields.get("other_dimensions", {})
    sizes = {one.name: one.size for one in axes} | others
    store = Store(kind="icechunk", url=f"s3://data/datasets/{dataset}")
    known = {"revision": "r1", "title": dataset, "updated_at": "2026-01-01T00:00:00Z"}
    return Coverage(
        dataset=dataset,
        axes=tuple(axes),
        variables=tuple(with_grids(one, sizes, layouts) for one in variables),
        layouts=dict.fromkeys(layouts, store),
        **(known | fields),
    )


def levitus_coverage(dataset: str = "levitus-climatology", **fields: Any) -> Coverage:
    """Annual ocean climatology: TEMP and SALT (depth 20, latitude 180, longitude 360)."""
    dimensions = ("depth", "latitude", "longitude")
    chunks: Chunks = {"geo": (1, 90, 180), "time": (20, 30, 30)}
    fill: Attributes = {"_FillValue": -1e10}
    temperature = {"standard_name": "sea_water_temperature", "units": "degree_Celsius"}
    salinity = {"standard_name": "sea_water_salinity", "units": "1e-3"}
    return coverage(
        [
            depth_axis(LEVITUS_DEPTHS_M),
            latitude_axis(regular(-89.5, 1, 180)),
            longitude_axis(regular(20.5, 1, 360)),
        ],
        [
            variable("TEMP", dimensions, chunks, fill_value=-1e10, attributes=fill | temperature),
            variable("SALT", dimensions, chunks, fill_value=-1e10, attributes=fill | salinity),
        ],
        dataset,
        layouts=("geo", "time"),
        **({"title": "Levitus ocean climatology", "licence": "public domain"} | fields),
    )


def navy_coverage(dataset: str = "navy-winds", **fields: Any) -> Coverage:
    """Monthly winds, restricted: UWND and VWND (time 132, latitude 73, longitude 144)."""
    dimensions = ("time", "latitude", "longitude")
    chunks: Chunks = {"geo": (1, 73, 144)}
    attributes: Attributes = {"_FillValue": -99.9, "units": "m s-1"}
    return coverage(
        [
            time_axis(regular(17598, 730.5, 132), "hours since 1980-01-14 14:00:00"),
            latitude_axis(regular(-90, 2.5, 73)),
            longitude_axis(regular(20, 2.5, 144)),
        ],
        [
            variable(
                name,
                dimensions,
                chunks,
                fill_value=-99.9,
                attributes=attributes | {"standard_name": wind},
            )
            for name, wind in (("UWND", "eastward_wind"), ("VWND", "northward_wind"))
        ],
        dataset,
        **({"title": "Monthly Navy winds", "profiles": ("navy",)} | fields),
    )
