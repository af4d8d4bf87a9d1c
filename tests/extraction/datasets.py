"""Two datasets that have all that CF data come with: packing, bounds, mappings, 2-d grids."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from obstore.store import MemoryStore, ObjectStore

from atoll.extraction.extract import Places, extract
from atoll.model.coverage import Axis, ChunkGrid, Coverage, Packed
from atoll.model.job import Outcome, Work
from tests.extraction.builders import Array, Field, axis_of, describe, write
from tests.extraction.stores import Shelf, Written

TIMES, DEPTHS, LATITUDES, LONGITUDES = 6, 3, 20, 36
GRID = ("time", "depth", "latitude", "longitude")
PACKED = Packed(scale_factor=0.001, add_offset=20.0, dtype="<f4")


@dataclass(frozen=True)
class Dataset:
    """A dataset that lies in a store, and what was written to it."""

    coverage: Coverage
    values: Mapping[str, Array]
    written: Written

    def places(self, results: ObjectStore | None = None, **bounds: Any) -> Places:
        return Places(results or MemoryStore(), self.written.sources, **bounds)

    def extract(self, work: Work, target: Path, **bounds: Any) -> Outcome:
        """Extract to a file on this machine."""
        results = MemoryStore()
        outcome = extract(work, self.coverage, self.places(results, **bounds))
        target.write_bytes(bytes(results.get(outcome.key).bytes()))
        return outcome


def publish(shelf: Shelf, fields: Mapping[str, Field], axes: list[Axis], **more: Any) -> Dataset:
    grids, written = _write(shelf, fields)
    coverage = describe(
        fields, grids, axes, written.store, **({"revision": written.revision} | more)
    )
    return Dataset(coverage, {name: one.values for name, one in fields.items()}, written)


# Zarr takes a third of a second to write what most tests of extraction begin with.
_KEPT: dict[bytes, tuple[dict[str, ChunkGrid], dict[Path, bytes]]] = {}


def _write(shelf: Shelf, fields: Mapping[str, Field]) -> tuple[dict[str, ChunkGrid], Written]:
    """Write the fields; what was written before in the same way is copied."""
    grids: dict[str, ChunkGrid] = {}

    def fill(store: Any) -> None:
        grids.update({name: write(store, f"geo/{name}", one) for name, one in fields.items()})

    if not shelf.holds_files:
        return grids, shelf.write(fill)
    key = sha256(pickle.dumps(fields)).digest()
    if key not in _KEPT:
        _KEPT[key] = grids, shelf.files(shelf.write(fill))
    grids, files = _KEPT[key]
    return grids, shelf.put(files)


def ocean_fields() -> dict[str, Field]:
    """Packed temperature, float salinity, bounds of longitude and time, a grid mapping."""
    rng = np.random.default_rng(3)
    shape = (TIMES, DEPTHS, LATITUDES, LONGITUDES)
    land = rng.random(shape) < 0.3
    temperature = rng.integers(-20000, 20000, shape).astype("<i2")
    salinity = rng.normal(35, 1, shape).astype("<f4")
    temperature[land], salinity[land] = -32767, np.nan
    return {
        "thetao": Field(
            GRID,
            temperature,
            {
                "standard_name": "sea_water_potential_temperature",
                "units": "degC",
                "_FillValue": -32767,
                "scale_factor": 0.001,
                "add_offset": 20.0,
                "valid_min": -20000,
                "valid_max": 20000,
                "grid_mapping": "crs",
                "cell_measures": "area: areacello",
            },
            packed=PACKED,
            companions=("crs",),
            stored={"chunks": (1, 1, 8, 10), "fill_value": -32767},
        ),
        "so": Field(
            GRID,
            salinity,
            {
                "standard_name": "sea_water_salinity",
                "units": "1",
                "_FillValue": "NaN",
                "grid_mapping": "crs",
            },
            companions=("crs",),
            stored={"chunks": (2, 3, 7, 36), "fill_value": np.nan},
        ),
        "longitude_bnds": Field(
            ("longitude", "bnds"),
            np.stack([longitudes() - 5, longitudes() + 5], axis=1),
            role="bounds",
        ),
        "time_bnds": Field(
            ("time", "bnds"),
            np.stack([np.arange(TIMES) - 0.5, np.arange(TIMES) + 0.5], axis=1),
            role="bounds",
        ),
        "crs": Field(
            (),
            np.array(7, "<i4"),
            {"grid_mapping_name": "latitude_longitude", "semi_major_axis": 6378137.0},
            role="grid_mapping",
        ),
    }


def longitudes() -> Array:
    return np.arange(LONGITUDES) * 10.0 + 5.0


def ocean_axes() -> list[Axis]:
    return [
        axis_of("time", range(TIMES), calendar="standard", attributes={"bounds": "time_bnds"}),
        axis_of("depth", (0, 10, 100), dtype="<f4"),
        axis_of("latitude", np.linspace(-47.5, 47.5, LATITUDES)),
        axis_of("longitude", longitudes(), attributes={"bounds": "longitude_bnds"}),
    ]


def ocean(shelf: Shelf, **more: Any) -> Dataset:
    known = {
        "dataset": "ocean",
        "title": "An ocean",
        "licence": "CC-BY-4.0",
        "attributes": {
            "Conventions": "CF-1.6",
            "history": "made by hand",
            "geospatial_lat_max": 90.0,
            "members": ["a", "bc"],
        },
    }
    return publish(shelf, ocean_fields(), ocean_axes(), **(known | more))


def curvilinear(shelf: Shelf) -> Dataset:
    """`tos` on a 2-d grid, with 2-d longitude and latitude."""
    rng = np.random.default_rng(4)
    rows, columns = 30, 40
    east = np.add.outer(np.arange(rows) * 0.5, np.arange(columns) * 2.0)
    north = np.add.outer(np.arange(rows) * 2.0 - 30, np.arange(columns) * 0.25)
    fields = {
        "tos": Field(
            ("time", "y", "x"),
            rng.normal(15, 5, (4, rows, columns)).astype(">f4"),
            {"units": "degC", "coordinates": "nav_lon nav_lat area"},
            companions=("nav_lon", "nav_lat"),
            stored={"chunks": (1, 16, 16), "shards": (2, 32, 32)},
        ),
        "nav_lon": Field(("y", "x"), east, {"units": "degrees_east"}, role="auxiliary"),
        "nav_lat": Field(("y", "x"), north, {"units": "degrees_north"}, role="auxiliary"),
    }
    axes = [
        axis_of("time", range(4), calendar="360_day"),
        *(
            axis_of(name, range(length), dtype="<i8", has_coordinate=False)
            for name, length in (("y", rows), ("x", columns))
        ),
    ]
    return publish(shelf, fields, axes, dataset="tripolar")
