"""A generated dataset like Copernicus Marine's, kept in `.bench/` between runs.

`thetao` int16 packed and `uo` float32, 30 x 12 x 681 x 1440, a quarter of it land, in both
layouts, once as an Icechunk repository and once as plain Zarr v3 with consolidated metadata.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import icechunk
import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import BloscCodec

from atoll.extraction.sources import S3Options, open_bucket
from atoll.model.coverage import (
    Attributes,
    Axis,
    ChunkGrid,
    Coverage,
    Packed,
    RegularValues,
    Store,
    Variable,
)
from tests.extraction.builders import UPDATED_AT, axis_of
from tests.extraction.seaweed import S3Server

DIMENSIONS = ("time", "depth", "latitude", "longitude")
SHAPE = (30, 12, 681, 1440)
LAYOUTS = {"geo": (1, 1, 681, 1440), "time": (30, 12, 32, 32)}
FILL = -32767
PACKED = Packed(scale_factor=0.001, add_offset=20.0, dtype="<f4")
CODEC = BloscCodec(cname="lz4", clevel=5, shuffle="shuffle")
ATTRIBUTES: dict[str, Attributes] = {
    "thetao": {
        "standard_name": "sea_water_potential_temperature",
        "units": "degree_Celsius",
        "_FillValue": FILL,
        "scale_factor": 0.001,
        "add_offset": 20.0,
    },
    "uo": {"standard_name": "eastward_sea_water_velocity", "units": "m s-1", "_FillValue": "NaN"},
}
DTYPES = {"thetao": "<i2", "uo": "<f4"}
type Options = Mapping[str, Any]


@dataclass(frozen=True)
class Benchmarked:
    """The dataset, described as Icechunk and as plain Zarr."""

    icechunk: Coverage
    zarr: Coverage


def axes(times: int = SHAPE[0]) -> list[Axis]:
    def regular(name: str, start: float, step: float, count: int) -> Axis:
        values = RegularValues(start=start, step=step, count=count)
        return axis_of(name, ()).model_copy(update={"values": values})

    return [
        regular("time", 0, 1, times),
        axis_of("depth", np.geomspace(0.5, 1000, SHAPE[1])),
        regular("latitude", -80, 0.25, SHAPE[2]),
        regular("longitude", -180, 0.25, SHAPE[3]),
    ]


def fields(times: int = SHAPE[0]) -> dict[str, NDArray[Any]]:
    """Both variables, in memory: smooth, with noise in the last digits and rounded."""
    shape = (times, *SHAPE[1:])
    rng = np.random.default_rng(0)
    north = np.radians(np.linspace(-80, 90, SHAPE[2], dtype="f4"))[:, None]
    east = np.radians(np.linspace(0, 360, SHAPE[3], dtype="f4"))[None]
    mean = 15 * np.cos(north) + 5 * np.sin(3 * east + 2 * north)
    land = (np.sin(2 * east) + np.cos(3 * north)) > 0.45
    thetao = np.empty(shape, DTYPES["thetao"])
    uo = np.empty(shape, DTYPES["uo"])
    for step, level in product(range(times), range(SHAPE[1])):
        noise = rng.standard_normal(mean.shape, "f4") * np.float32(0.003)
        values = mean * np.float32(1 - 0.05 * level) + np.float32(0.02 * step) + noise
        thetao[step, level] = np.round((values - 20) / np.float32(0.001))
        thetao[step, level][land] = FILL
        # Rounded to 10 bits of mantissa, as published float data are.
        uo[step, level] = ((values / 15).view("u4") & np.uint32(0xFFFFE000)).view("f4")
        uo[step, level][land] = np.nan
    return {"thetao": thetao, "uo": uo}


def write(store: Any, values: dict[str, NDArray[Any]]) -> None:
    """Both layouts, with coordinate variables and CF attributes as xarray expects them."""
    for layout, chunks in LAYOUTS.items():
        group = zarr.open_group(store, path=layout, mode="w")
        for axis, stored in zip(axes(), _coordinates(), strict=True):
            array = group.create_array(
                axis.name, shape=stored.shape, dtype="<f8", dimension_names=(axis.name,)
            )
            array[:] = stored
            array.attrs.update(axis.attributes)
        for name, data in values.items():
            array = create(group, name, data, {"chunks": chunks, "compressors": CODEC})
            for slab in _slabs(chunks):
                array[slab] = data[slab]


def create(group: Any, name: str, data: NDArray[Any], stored: Options) -> Any:
    """An array for a variable, with its CF attributes and without its values."""
    array = group.create_array(
        name,
        shape=data.shape,
        dtype=data.dtype,
        fill_value=FILL if name == "thetao" else np.nan,
        dimension_names=DIMENSIONS,
        **stored,
    )
    array.attrs.update({key: value for key, value in ATTRIBUTES[name].items() if value != "NaN"})
    return array


def _coordinates() -> Iterator[NDArray[Any]]:
    for axis in axes():
        if isinstance(axis.values, RegularValues):
            yield axis.values.start + axis.values.step * np.arange(axis.values.count)
        else:
            yield np.array(axis.values.values)


def _slabs(chunks: tuple[int, ...]) -> Iterator[tuple[slice, ...]]:
    """Whole chunks, a few hundred MB at most."""
    along = 0 if chunks[0] == 1 else 2
    for start in range(0, SHAPE[along], chunks[along]):
        slab = [slice(None)] * len(SHAPE)
        slab[along] = slice(start, start + chunks[along])
        yield tuple(slab)


def open_dataset(server: S3Server, folder: Path) -> Benchmarked:
    """The dataset; generated and published where `folder` does not remember it."""
    kept = folder / "dataset.json"
    if kept.exists():
        found = json.loads(kept.read_text())
        return Benchmarked(*(Coverage.model_validate(found[kind]) for kind in ("icechunk", "zarr")))
    values = fields()
    made = Benchmarked(_as_icechunk(server, values), _as_zarr(server, values))
    documents = {"icechunk": made.icechunk.model_dump(), "zarr": made.zarr.model_dump()}
    kept.write_text(json.dumps(documents))
    return made


def _as_zarr(server: S3Server, values: dict[str, NDArray[Any]]) -> Coverage:
    bucket = open_bucket(server.bucket, S3Options(server.endpoint_url, server.region), "plain")
    store = zarr.storage.ObjectStore(bucket)
    write(store, values)
    for layout in LAYOUTS:
        zarr.consolidate_metadata(store, path=layout)
    return describe(store, Store(kind="zarr", url=f"s3://{server.bucket}/plain"), "r1")


def _as_icechunk(server: S3Server, values: dict[str, NDArray[Any]]) -> Coverage:
    storage = icechunk.s3_storage(
        bucket=server.bucket,
        prefix="repository",
        region=server.region,
        endpoint_url=server.endpoint_url,
        allow_http=True,
        force_path_style=True,
        from_env=True,
    )
    repository = icechunk.Repository.create(storage)
    session = repository.writable_session("main")
    write(session.store, values)
    snapshot = session.commit("generated")
    store = Store(kind="icechunk", url=f"s3://{server.bucket}/repository")
    return describe(repository.readonly_session(snapshot_id=snapshot).store, store, snapshot)


def describe(
    store: Any, place: Store, revision: str, layouts: Iterable[str] = tuple(LAYOUTS)
) -> Coverage:
    """The description of what lies in a store."""
    arrays = {
        (layout, name): zarr.open_array(store, path=f"{layout}/{name}", mode="r")
        for layout in layouts
        for name in ATTRIBUTES
    }
    variables = [
        Variable(
            name=name,
            dtype=DTYPES[name],
            dimensions=DIMENSIONS,
            fill_value=attributes["_FillValue"],
            packed=PACKED if name == "thetao" else None,
            attributes=attributes,
            grids={layout: _grid(f"{layout}/{name}", arrays[layout, name]) for layout in layouts},
        )
        for name, attributes in ATTRIBUTES.items()
    ]
    return Coverage(
        dataset="benchmark",
        revision=revision,
        axes=tuple(axes(next(iter(arrays.values())).shape[0])),
        variables=tuple(variables),
        layouts=dict.fromkeys(layouts, place),
        updated_at=UPDATED_AT,
    )


def _grid(path: str, array: Any) -> ChunkGrid:
    document = array.metadata.to_buffer_dict(zarr.core.buffer.default_buffer_prototype())
    return ChunkGrid(
        path=path,
        chunk_shape=array.chunks,
        shard_shape=array.shards,
        metadata=document["zarr.json"].to_bytes().decode(),
    )
