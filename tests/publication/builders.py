"""Small NetCDF files as producers write them, and the bench they are published on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import icechunk
import netCDF4
import numpy as np
import xarray as xr
from obstore.store import LocalStore

from atoll.extraction.extract import Places, extract
from atoll.extraction.sources import S3Options, Sources
from atoll.model.coverage import Coverage
from atoll.model.moment import Moment, Period
from atoll.model.product import Product
from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset
from atoll.publication.ingest import ingest
from atoll.publication.product_file import load_product
from atoll.publication.publish import Delivery, publish
from atoll.publication.repository import Target, open_repository
from atoll.publication.work import Change, Outcome, Step, Work
from tests.extraction.builders import work_of
from tests.fakes import FakeCatalogue

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests/data"
DEMO = ROOT / "stacks/local/data"
PRODUCTS = Path(__file__).parent / "products"
T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 12, tzinfo=UTC)

NEMO = sorted(DATA.glob("iris/nemo_*.nc"))
CMIP6 = sorted(DATA.glob("cmip6/*.nc"))
LEVITUS, NAVY = DEMO / "levitus_climatology.cdf", DEMO / "monthly_navy_winds.cdf"

PLAIN = Product(id="plain", title="Plain", licence="none")


def product(name: str) -> Product:
    """A product of the tests or of the demo."""
    path = PRODUCTS / f"{name}.yaml"
    return load_product(path if path.exists() else DEMO / f"{name}.yaml")


def plain(**settings: Any) -> Product:
    """A product of CF files, and what else is told."""
    return PLAIN.model_copy(update={}) if not settings else Product.model_validate(
        {"id": "plain", "title": "Plain", "licence": "none", **settings}
    )  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """One variable on a small grid: what a producer's file holds.

    Attributes:
        values: shape (time, latitude, longitude), as stored.
        time_values: as stored, in `units`.
        attributes: of the variable; `_FillValue` too.
    """

    values: np.ndarray[Any, Any]
    time_values: Sequence[float] = (0.0,)
    units: str = "days since 2020-01-01"
    calendar: str | None = "standard"
    time_dtype: str = "f8"
    name: str = "t2m"
    attributes: Mapping[str, Any] = field(default_factory=dict)
    latitudes: Sequence[float] = (-30.0, 0.0, 30.0)
    longitudes: Sequence[float] = (0.0, 90.0, 180.0, 270.0)

    def write(self, path: Path, form: Any = "NETCDF4", **storage: Any) -> Path:
        """Write the file."""
        with netCDF4.Dataset(path, "w", format=form) as dataset:
            dataset.set_auto_maskandscale(False)
            dataset.Conventions = "CF-1.11"
            sizes = {"time": None, "latitude": len(self.latitudes),
                     "longitude": len(self.longitudes)}  # fmt: skip
            for name, size in sizes.items():
                dataset.createDimension(name, size)
            self._coordinates(dataset)
            told = dict(self.attributes)
            variable = dataset.createVariable(
                self.name, self.values.dtype, tuple(sizes),
                fill_value=told.pop("_FillValue", None), **storage,
            )  # fmt: skip
            variable.set_auto_maskandscale(False)
            variable.setncatts({"units": "K", **told})
            variable[:] = self.values
        return path

    def _coordinates(self, dataset: Any) -> None:
        time = dataset.createVariable("time", self.time_dtype, ("time",))
        time.setncatts({"standard_name": "time", "units": self.units})
        if self.calendar is not None:
            time.calendar = self.calendar
        time[:] = np.asarray(self.time_values)
        for name, values, units in (("latitude", self.latitudes, "degrees_north"),
                                    ("longitude", self.longitudes, "degrees_east")):  # fmt: skip
            coordinate = dataset.createVariable(name, "f4", (name,))
            coordinate.setncatts({"standard_name": name, "units": units})
            coordinate[:] = np.asarray(values)


def put(path: Path) -> Change:
    """New times."""
    return Change("put", path)


def replace(path: Path) -> Change:
    """Other values, and new times."""
    return Change("replace", path)


def delete(first: Moment, last: Moment) -> Change:
    """From the first to the last, both included."""
    return Change("delete", period=Period(start=first, end=last))


def steps(count: int, seed: int = 0, dtype: str = "f4") -> np.ndarray[Any, Any]:
    """Numbers of shape (count, 3, 4), another series for another seed."""
    return np.random.default_rng(seed).uniform(200, 300, (count, 3, 4)).astype(dtype)


@dataclass
class Bench:
    """A folder of datasets and a catalogue."""

    folder: Path
    catalogue: FakeCatalogue = field(default_factory=FakeCatalogue)

    @property
    def target(self) -> Target:
        return Target(f"file://{self.folder}")

    def publish(
        self, files: Sequence[Path], product: Product = PLAIN, dataset: str = "d",
        now: datetime = T0,
    ) -> Coverage:  # fmt: skip
        """Publish a delivery."""
        return publish(Delivery(files, dataset, product), self.target, self.catalogue, now)

    def deliver(
        self, *changes: Change, delivery_id: str | None = None, product: Product = PLAIN,
        dataset: str = "d", now: datetime = T0, on_step: Callable[[Step], None] = print,
    ) -> Outcome:  # fmt: skip
        """Do a delivery."""
        work = Work(dataset, product, changes, delivery_id, on_step)
        return ingest(work, self.target, now)

    def branches(self, dataset: str = "d") -> set[str]:
        """All there are."""
        return set(open_repository(self.target, dataset).list_branches())

    def publish_each(self, files: Sequence[Path], product: Product = PLAIN) -> Coverage:
        """Publish every file as a delivery of its own."""
        return [self.publish([file], product) for file in files][-1]

    def head(self, dataset: str = "d") -> str:
        """Snapshot id of `main`."""
        return open_repository(self.target, dataset).lookup_branch("main")

    def commits(self, dataset: str = "d") -> int:
        """Deliveries committed: all snapshots but the empty first one."""
        repository = open_repository(self.target, dataset)
        return len(list(repository.ancestry(branch="main"))) - 1

    def store(self, dataset: str = "d") -> icechunk.IcechunkStore:
        """What is on `main`."""
        return open_repository(self.target, dataset).readonly_session("main").store

    def open(self, layout: str = "geo", dataset: str = "d", **options: Any) -> xr.Dataset:
        """The layout as a user's plain xarray sees it."""
        store = self.store(dataset)
        found: xr.Dataset = xr.open_zarr(
            store, group=layout, consolidated=False, chunks=None, **options
        )
        return found


def order(coverage: Coverage, folder: Path, **request: Any) -> Path:
    """The result of a request, as a file."""
    plan = plan_subset(SubsetRequest(dataset=coverage.dataset, **request), coverage)
    sources = Sources(S3Options(endpoint_url=None, region="eu-west-1"))
    results = LocalStore(folder, mkdir=True)
    outcome = extract(work_of(plan, **request), coverage, Places(results, sources))
    return folder / outcome.key


def raw(path: Path, name: str) -> np.ma.MaskedArray[Any, Any]:
    """A variable's numbers, masked where the file says so; by netCDF4 alone."""
    with netCDF4.Dataset(path) as dataset:
        dataset.set_auto_scale(False)
        return np.ma.masked_array(dataset[name][...])


def equal(actual: np.ndarray[Any, Any], expected: np.ma.MaskedArray[Any, Any]) -> bool:
    """Equal where there are values, NaN where there are none."""
    missing = np.ma.getmaskarray(expected) | np.isnan(np.ma.getdata(expected))
    return bool(
        np.array_equal(np.isnan(actual), missing)
        and np.array_equal(actual[~missing], np.ma.getdata(expected)[~missing])
    )
