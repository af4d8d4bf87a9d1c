"""Places to write test datasets to, and to read them back from as production does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import icechunk
import zarr
from obstore.store import LocalStore, ObjectStore

from atoll.extraction.chunk_source import ChunkSource
from atoll.extraction.sources import S3Options, Sources, open_bucket
from atoll.model.coverage import Store
from tests.extraction.seaweed import S3Server

S3 = S3Options(endpoint_url=None, region="eu-west-1")
REVISION = "r1"  # of plain Zarr, which has none


@dataclass(frozen=True)
class Written:
    """A store that was written, and the revision to read it at."""

    store: Store
    revision: str
    sources: Sources

    @property
    def source(self) -> ChunkSource:
        return self.sources(self.store, self.revision)


@dataclass(frozen=True)
class Shelf:
    """Somewhere to keep stores of one kind: on this machine or on an S3 server."""

    kind: str
    folder: Path
    server: S3Server | None = None

    @property
    def options(self) -> S3Options:
        if self.server is None:
            return S3
        return S3Options(endpoint_url=self.server.endpoint_url, region=self.server.region)

    def write(self, fill: Callable[[Any], object]) -> Written:
        """Write a new store: `fill` is given a zarr store to write groups and arrays to."""
        name = self._new_name()
        revision = self._icechunk(name, fill) if self.kind == "icechunk" else self._zarr(name, fill)
        return self._written(name, revision)

    @property
    def holds_files(self) -> bool:
        """Whether its stores are files of this machine, and nothing else."""
        return self.kind == "zarr" and self.server is None

    def files(self, written: Written) -> dict[Path, bytes]:
        """What a store holds, where its shelf holds files."""
        folder = self.folder / written.store.url.rpartition("/")[2]
        found = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder): path.read_bytes() for path in found}

    def put(self, files: Mapping[Path, bytes]) -> Written:
        """Write a new store that holds the same as another one did."""
        name = self._new_name()
        for path, content in files.items():
            target = self.folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return self._written(name, REVISION)

    def _new_name(self) -> str:
        return f"{self.kind}-{uuid4().hex[:8]}"

    def _written(self, name: str, revision: str) -> Written:
        place = f"s3://{self.server.bucket}" if self.server else f"file://{self.folder}"
        store = Store.model_validate({"kind": self.kind, "url": f"{place}/{name}"})
        return Written(store, revision, Sources(self.options, fetch_threads=8, tries=2))

    def objects(self, name: str) -> ObjectStore:
        if self.server is None:
            return LocalStore(self.folder / name, mkdir=True)
        return open_bucket(self.server.bucket, self.options, name)

    def _zarr(self, name: str, fill: Callable[[Any], object]) -> str:
        fill(zarr.storage.ObjectStore(self.objects(name)))
        return REVISION

    def _icechunk(self, name: str, fill: Callable[[Any], object]) -> str:
        if self.server is None:
            storage = icechunk.local_filesystem_storage(str(self.folder / name))
        else:
            storage = icechunk.s3_storage(
                bucket=self.server.bucket,
                prefix=name,
                region=self.server.region,
                endpoint_url=self.server.endpoint_url,
                allow_http=True,
                force_path_style=True,
                from_env=True,
            )
        session = icechunk.Repository.create(storage).writable_session("main")
        fill(session.store)
        return str(session.commit("written"))
