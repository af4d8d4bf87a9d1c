"""The least that anyone must do: GET every object needed, decode its chunks, write the nodes."""

from collections.abc import Buffer, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from obstore.store import ObjectStore

from atoll.extraction.encode import encode_chunk
from atoll.extraction.selection import ChunkRead, chunk_reads
from atoll.extraction.sources import S3Options, open_bucket
from atoll.extraction.stored_array import StoredArray, parse_array
from atoll.model.coverage import Coverage
from atoll.model.plan import SubsetPlan
from atoll.planning.subset import plan_subset
from tests.benchmarks.cases import Case
from tests.extraction.seaweed import S3Server

GET_THREADS = 16
CPU_THREADS = 2
type Index = tuple[int, ...]


@dataclass(frozen=True)
class Needed:
    """One object of a plan, and the chunks in it."""

    array: StoredArray
    index: Index
    reads: tuple[ChunkRead, ...]

    def chunks(self, stored: Buffer) -> Iterator[tuple[ChunkRead, Buffer | None]]:
        """Each chunk's bytes; None = it is not stored."""
        sharding = self.array.sharding
        if sharding is None:
            yield self.reads[0], stored
            return
        whole = memoryview(stored)
        shape = (*sharding.chunks, 2)
        index = np.frombuffer(whole[-sharding.index_bytes :], "<u8", int(np.prod(shape)))
        for read in self.reads:
            inner = tuple(i % n for i, n in zip(read.index, sharding.chunks, strict=True))
            offset, length = map(int, index.reshape(shape)[inner])
            yield read, whole[offset : offset + length] if offset < len(whole) else None


def needed(plan: SubsetPlan, coverage: Coverage) -> Iterator[Needed]:
    taken = {axis.name: axis for axis in plan.axes}
    for planned in plan.variables:
        variable = coverage.variable_by_name[planned.name]
        grid = variable.grids[planned.layout]
        array = parse_array(grid.path, grid.metadata)
        pieces = [taken[name].pieces for name in variable.dimensions]
        box = tuple(range(taken[name].count) for name in variable.dimensions)
        together = array.sharding.chunks if array.sharding else (1,) * len(box)

        def of_object(read: ChunkRead, together: Index = together) -> Index:
            return tuple(i // n for i, n in zip(read.index, together, strict=True))

        reads = chunk_reads(pieces, array.chunk_shape, box, together)
        for index, within in groupby(reads, of_object):
            yield Needed(array, index, tuple(within))


@dataclass(frozen=True)
class Limit:
    """See the module."""

    store: ObjectStore
    coverage: Coverage
    target: Path
    encode: bool = False

    def __call__(self, case: Case) -> int:
        objects = list(needed(plan_subset(case.request, self.coverage), self.coverage))
        with ThreadPoolExecutor(GET_THREADS) as threads:
            stored = list(threads.map(self._get, objects))
        with ThreadPoolExecutor(CPU_THREADS) as threads:
            parts = list(threads.map(self._decode, objects, stored))
        with self.target.open("wb") as file:
            return sum(file.write(chunk) for part in parts for chunk in part)

    def _get(self, one: Needed) -> Buffer | None:
        with suppress(FileNotFoundError):  # all of it is fill
            return self.store.get(one.array.key(one.index)).bytes()
        return None

    def _decode(self, one: Needed, stored: Buffer | None) -> list[NDArray[Any] | bytes]:
        chain = one.array.chain
        if stored is None or chain is None:
            return []
        found: list[NDArray[Any] | bytes] = []
        for read, chunk in one.chunks(stored):
            whole = np.empty(chain.shape, chain.dtype)
            if chunk is not None:
                chain.decode(chunk, whole)
            part = np.ascontiguousarray(whole[read.copies[0][0]])
            fill = np.zeros((), part.dtype)
            found.append(encode_chunk(part, part.shape, fill) if self.encode else part)
        return found


def limit(server: S3Server, coverage: Coverage, folder: Path, *, encode: bool = False) -> Limit:
    """Of a dataset in plain Zarr."""
    options = S3Options(server.endpoint_url, server.region)
    place = coverage.layouts["geo"].url.removeprefix(f"s3://{server.bucket}/")
    return Limit(open_bucket(server.bucket, options, place), coverage, folder / "limit.raw", encode)
