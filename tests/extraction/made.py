"""Results of a plan in any format, beside each other."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr
import zarr
from obstore.store import MemoryStore

from atoll.extraction.extract import Places, crew_of
from atoll.extraction.prepare import OpenSource, Preparation
from atoll.extraction.provenance import global_attributes
from atoll.extraction.registry import streamed
from atoll.extraction.writers import Streamed, Taken
from atoll.model.plan import SubsetPlan
from atoll.model.request import EXTENSIONS, Format, Packing
from tests.extraction.builders import plan_of, work_of
from tests.extraction.datasets import Dataset


@dataclass(frozen=True)
class Order:
    """A plan of a dataset, and where its results go.

    `packing` is the request's; `oracle` gives the same in physical values.
    """

    dataset: Dataset
    folder: Path
    taken: Any = None
    names: Any = None
    packing: Packing = "keep"

    def plan(self, form: Format) -> SubsetPlan:
        made = plan_of(self.dataset.coverage, self.taken, self.packing, self.names)
        return made.model_copy(update={"format": form})

    def file(self, form: Format, **bounds: Any) -> Path:
        return self.made(form, **bounds)[0]

    def made(self, form: Format, **bounds: Any) -> tuple[Path, int]:
        """The file, and how many cells have data."""
        path = self.folder / f"{len(list(self.folder.iterdir()))}{EXTENSIONS[form]}"
        outcome = self.dataset.extract(
            work_of(self.plan(form), packing=self.packing, format=form), path, **bounds
        )
        assert outcome.output_bytes == path.stat().st_size
        return path, outcome.cells_with_data

    def streamed(self, form: Format, open_source: OpenSource, slab_bytes: int) -> Streamed:
        """The file of a streamed format, before it is."""
        plan, coverage = self.plan(form), self.dataset.coverage
        places = Places(MemoryStore(), open_source, slab_bytes=slab_bytes)
        prepared = Preparation(coverage, plan, open_source, slab_bytes)
        streams = tuple(prepared.stream(planned) for planned in plan.variables)
        said = global_attributes(work_of(plan), coverage)
        return streamed(form, Taken(prepared, streams, said, crew_of(places)))

    def decoded(self) -> xr.Dataset:
        """What xarray reads of the NetCDF-4 result in physical values."""
        physical = Order(self.dataset, self.folder, self.taken, self.names, "decode")
        with xr.open_dataset(physical.file("netcdf4"), decode_timedelta=False) as opened:
            return opened.load()


def opened_zarr(path: Path, **options: Any) -> xr.Dataset:
    with zarr.storage.ZipStore(path, mode="r") as store:
        opened: xr.Dataset = xr.open_zarr(store, chunks=None, **options)
        return opened.load()
