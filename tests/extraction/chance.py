"""Datasets and boxes by chance, the same for the same seed; and what NumPy makes of them."""

import random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from zarr.codecs import BloscCodec, BytesCodec, GzipCodec, ZstdCodec

from atoll.model.coverage import Attributes, Packed
from atoll.model.plan import Piece, SubsetPlan
from tests.extraction.builders import Field, axis_of, taken_values
from tests.extraction.datasets import Dataset, publish
from tests.extraction.stores import Shelf

LENGTHS = {"run": 5, "depth": 2, "latitude": 9, "longitude": 24}
DTYPES = ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "?")
PACKED = Packed(scale_factor=-0.5, add_offset=20.0, dtype="<f8")
FILL = 3


def a_dataset(rng: random.Random, shelf: Shelf) -> Dataset:
    """Two variables of one grid, one of some of its dimensions, a scalar, bounds, a 2-d grid."""
    lengths = {name: rng.choice([1, length]) for name, length in LENGTHS.items()}
    grid = rng.choice([tuple(LENGTHS), ("run", "latitude", "longitude")])
    some = tuple(name for name in grid if rng.random() < 0.6)
    fields = {f"v{n}": a_field(rng, one, lengths) for n, one in enumerate([grid, grid, some, ()])}
    east = 15.0 * np.arange(lengths["longitude"])
    edges = np.stack([east, east + 15], 1).astype(rng.choice(["f4", ">f8", "i2"]))
    stored = a_storage(rng, edges.shape)
    fields["lon_bnds"] = Field(("longitude", "bnds"), edges, role="bounds", stored=stored)
    place = a_field(rng, ("latitude", "longitude"), lengths)
    fields["place"] = Field(place.dimensions, place.values, role="auxiliary", stored=place.stored)
    axes = [
        axis_of(name, np.arange(lengths[name]) * (15.0 if name == "longitude" else 2.0))
        for name in LENGTHS
    ]
    axes[-1] = axes[-1].model_copy(update={"attributes": {"bounds": "lon_bnds"}})
    return publish(shelf, fields, axes)


def a_field(rng: random.Random, dimensions: tuple[str, ...], lengths: dict[str, int]) -> Field:
    """Small numbers and large ones of any type, stored in any way; some are fill."""
    shape, dtype = tuple(lengths[name] for name in dimensions), np.dtype(rng.choice(DTYPES))
    numbers = np.random.default_rng(rng.randrange(2**32))
    values = np.asarray(numbers.integers(0, 6, shape))
    values = np.where(values == 0, numbers.integers(-30_000, 30_000, shape), values).astype(dtype)
    said: Attributes = {"units": "1"}
    if dtype.kind == "f":
        values[np.asarray(values == 1)] = np.nan
    if dtype.kind != "b" and rng.random() < 0.7:
        said["_FillValue"] = FILL
    if dtype.kind in "iu" and rng.random() < 0.5:
        said |= {"scale_factor": PACKED.scale_factor, "add_offset": PACKED.add_offset}
    if dtype.kind == "i" and "scale_factor" in said and rng.random() < 0.5:
        said["_Unsigned"] = "true"
    return Field(
        dimensions,
        values,
        said,
        packed=PACKED if "scale_factor" in said else None,
        stored=a_storage(rng, shape),
    )


def a_storage(rng: random.Random, shape: tuple[int, ...]) -> dict[str, Any]:
    """Options of zarr's create_array."""
    chunks = tuple(rng.randint(1, length) for length in shape)
    found: dict[str, Any] = {
        "chunks": chunks,
        "compressors": rng.choice([None, ZstdCodec(), GzipCodec(), BloscCodec(typesize=2)]),
        "serializer": BytesCodec(endian=rng.choice(["little", "big"])),
        "fill_value": FILL,
    }
    if shape and rng.random() < 0.3:
        found["shards"] = tuple(rng.randint(1, 3) * chunk for chunk in chunks)
    return found


def a_box(rng: random.Random, dataset: Dataset) -> dict[str, tuple[Piece, ...]]:
    """Nodes of every axis: one at least, forwards or backwards; longitudes across the seam."""
    found: dict[str, tuple[Piece, ...]]
    found = {axis.name: (a_piece(rng, range(axis.size)),) for axis in dataset.coverage.axes}
    size = dataset.coverage.axis_by_name["longitude"].size
    if size > 1 and rng.random() < 0.7:
        seam = rng.randrange(1, size)
        west = a_piece(rng, range(seam, size)).model_copy(update={"shift": -360.0})
        found["longitude"] = (west, a_piece(rng, range(seam)))
    return found


def a_piece(rng: random.Random, nodes: range) -> Piece:
    """Some of these nodes."""
    first = rng.randrange(len(nodes))
    taken = nodes[first : rng.randint(first + 1, len(nodes)) : rng.choice([1, 1, 2, 3])]
    taken = taken[:: rng.choice([1, 1, -1])]
    return Piece(start=taken.start, stop=taken.stop, step=taken.step)


def expected(
    dataset: Dataset, plan: SubsetPlan, name: str
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """A variable's values as a file of arrays holds them, and which cells are empty."""
    variable = dataset.coverage.variable_by_name[name]
    found: NDArray[Any] = taken_values(dataset.coverage, plan, name, dataset.values[name])
    empty = np.isnan(found) if found.dtype.kind == "f" else np.zeros(found.shape, np.bool_)
    if "_FillValue" in variable.attributes:
        empty = empty | (found == FILL)
    if name == "lon_bnds":
        shifts = [piece.shift for piece in plan.axes[-1].pieces for _ in piece.indices]
        found = found + np.array(shifts)[:, None]
    if plan.packing == "decode" and variable.packed is not None:
        return np.where(empty, np.nan, physical(dataset, name, found)), empty
    return found, empty


def physical(dataset: Dataset, name: str, found: NDArray[Any]) -> NDArray[np.float64]:
    """Stored values in the units of the variable."""
    attributes = dataset.coverage.variable_by_name[name].attributes
    if "_Unsigned" in attributes:
        found = found.view(f"u{found.dtype.itemsize}")
    packed = dataset.coverage.variable_by_name[name].packed
    scale, offset = (packed.scale_factor, packed.add_offset) if packed else (1.0, 0.0)
    return found.astype(np.float64) * scale + offset
