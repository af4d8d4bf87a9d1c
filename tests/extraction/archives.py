"""NetCDF-4 files in a bucket of their own, and repositories that refer to their chunks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import icechunk
import netCDF4
import numpy as np
import zarr.codecs.numcodecs as zn

from atoll.extraction.sources import Sources
from atoll.model.coverage import Attributes, Packed, Store
from tests.extraction.builders import Field, axis_of, describe, write
from tests.extraction.datasets import Dataset
from tests.extraction.seaweed import S3Server
from tests.extraction.stores import Shelf, Written

DIMENSIONS = ("time", "latitude", "longitude")
SHAPE, CHUNKS = (3, 50, 70), (1, 20, 30)
BUCKET, KEY = "archive", "year/a.nc"
FILL = -999
PACKING = {"scale_factor": 0.01, "add_offset": 3.0}


def write_file(path: Path) -> dict[str, Any]:
    """A file as its producer writes it, and its values. The last time of `u` is not written."""
    rng = np.random.default_rng(5)
    packed = rng.integers(-900, 900, SHAPE).astype("<i2")
    packed[0, :20] = FILL
    values = {"t": packed, "u": rng.normal(0, 1, SHAPE).astype("<f4")}
    options: Any = {"zlib": True, "shuffle": True, "chunksizes": CHUNKS, "fill_value": FILL}
    with netCDF4.Dataset(path, "w") as file:
        for name, length in zip(DIMENSIONS, SHAPE, strict=True):
            file.createDimension(name, length)
        for name, data in values.items():
            checked = name == "u"
            variable = file.createVariable(
                name, data.dtype, DIMENSIONS, fletcher32=checked, **options
            )
            written = slice(0, 2 if name == "u" else None)
            variable[written] = data[written]
    values["u"][2] = FILL
    return values


def references(path: Path, name: str, etag: str) -> list[icechunk.VirtualChunkSpec]:
    """Where the chunks of a variable lie in its file, as HDF5 says."""
    with h5py.File(path) as file:
        stored = file[name].id
        found = [stored.get_chunk_info(number) for number in range(stored.get_num_chunks())]
    return [
        icechunk.VirtualChunkSpec(
            [at // length for at, length in zip(chunk.chunk_offset, CHUNKS, strict=True)],
            f"s3://{BUCKET}/{KEY}",
            chunk.byte_offset,
            chunk.size,
            etag_checksum=etag,
        )
        for chunk in found
    ]


def field(data: Any) -> Field:
    """As a reader of the file describes a variable to Zarr; its chunks are not written."""
    packed = data.dtype.kind == "i"
    codecs = [zn.Shuffle(elementsize=data.dtype.itemsize), zn.Zlib(level=4)]
    attributes: Attributes = {"_FillValue": FILL}
    if packed:
        attributes |= PACKING
    return Field(
        DIMENSIONS,
        data,
        attributes,
        packed=Packed(dtype="<f8", **PACKING) if packed else None,
        stored={
            "chunks": CHUNKS,
            "compressors": codecs if packed else [zn.Fletcher32(), *codecs],
            "fill_value": FILL,
        },
        written=(slice(0, 0),),
    )


@dataclass(frozen=True)
class Archive:
    """One file of an archive on an S3 server."""

    server: S3Server
    file: Path

    def put(self, content: bytes) -> str:
        """Replace it. Returns: its checksum."""
        return self.server.client().put_object(Bucket=BUCKET, Key=KEY, Body=content)["ETag"]

    def publish(self, prefix: str) -> Dataset:
        """A new repository whose arrays are the file's."""
        values = write_file(self.file)
        etag = self.put(self.file.read_bytes())
        session = self.repository(prefix).writable_session("main")
        fields = {name: field(data) for name, data in values.items()}
        grids = {name: write(session.store, f"geo/{name}", one) for name, one in fields.items()}
        revision = self.refer(session, etag)
        store = Store(kind="icechunk", url=f"s3://{self.server.bucket}/{prefix}")
        axes = [axis_of(name, range(n)) for name, n in zip(DIMENSIONS, SHAPE, strict=True)]
        coverage = describe(fields, grids, axes, store, revision=revision)
        sources = Sources(Shelf("icechunk", Path(), self.server).options, tries=2)
        return Dataset(coverage, values, Written(store, revision, sources))

    def refer(self, session: icechunk.Session, etag: str) -> str:
        """Commit where the chunks are."""
        for name in ("t", "u"):
            session.store.set_virtual_refs(
                f"geo/{name}", references(self.file, name, etag), validate_containers=True
            )
        return session.commit("referred to")

    def repository(self, prefix: str) -> icechunk.Repository:
        """Open, or create with the archive named in its configuration."""
        options: Any = {
            "region": self.server.region,
            "endpoint_url": self.server.endpoint_url,
            "allow_http": True,
            "force_path_style": True,
        }
        archive = icechunk.s3_store(s3_compatible=True, **options)
        config = icechunk.RepositoryConfig.default()
        config.set_virtual_chunk_container(
            icechunk.VirtualChunkContainer(f"s3://{BUCKET}/", archive)
        )
        bucket = self.server.bucket
        storage = icechunk.s3_storage(bucket=bucket, prefix=prefix, from_env=True, **options)
        repository = icechunk.Repository.open_or_create(storage, config=config)
        repository.save_config()
        return repository
