"""What is ordered, and how the three ways to get it are carried out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xarray as xr
from obstore.store import LocalStore

from atoll.extraction.extract import Places, extract
from atoll.extraction.sources import S3Options, Sources
from atoll.model.coverage import Coverage
from atoll.model.job import Outcome
from atoll.model.moment import Moment, Period
from atoll.model.request import Interval, LongitudeInterval, SubsetRequest
from atoll.planning.subset import plan_subset
from tests.extraction.builders import work_of
from tests.extraction.seaweed import ACCESS_KEY, SECRET_KEY, S3Server

GET_THREADS = 16
CPU_THREADS = 2
type Selection = dict[str, Any]


def days(first: int, last: int | None = None) -> Period:
    return Period(
        start=Moment(year=2000, month=1, day=first),
        end=Moment(year=2000, month=1, day=last or first),
    )


@dataclass(frozen=True)
class Case:
    """One order, as a request and as xarray says it.

    `layout` is the one that a user would choose for it, and the planner has to.
    """

    name: str
    layout: str
    request: SubsetRequest
    selection: Selection = field(default_factory=dict)
    nearest: Selection = field(default_factory=dict)


def request(**asked: Any) -> SubsetRequest:
    return SubsetRequest(dataset="benchmark", **asked)


CASES = (
    Case(
        "small_box",
        "geo",
        request(
            longitude=LongitudeInterval(west=-6, east=36),
            latitude=Interval(lower=30, upper=46),
            depth=Interval(lower=0, upper=0.6),
            time=days(10),
        ),
        {
            "longitude": slice(-6, 36),
            "latitude": slice(30, 46),
            "depth": slice(0, 0.6),
            "time": slice("2000-01-10", "2000-01-10"),
        },
    ),
    Case("global_day", "geo", request(time=days(5)), {"time": slice("2000-01-05", "2000-01-05")}),
    Case(
        "point_series",
        "time",
        request(
            longitude=LongitudeInterval(west=10, east=10), latitude=Interval(lower=40, upper=40)
        ),
        nearest={"longitude": [10.0], "latitude": [40.0]},
    ),
    Case(
        "cube",
        "time",
        request(
            longitude=LongitudeInterval(west=-60, east=-10),
            latitude=Interval(lower=0, upper=40),
            depth=Interval(lower=0, upper=100),
            time=days(1, 10),
        ),
        {
            "longitude": slice(-60, -10),
            "latitude": slice(0, 40),
            "depth": slice(0, 100),
            "time": slice("2000-01-01", "2000-01-10"),
        },
    ),
)
# 200 by 100 degrees, all levels and times: 693 MB of 2.1 GB.
REGIONAL = Case(
    "regional_cube",
    "time",
    request(
        longitude=LongitudeInterval(west=-150, east=50), latitude=Interval(lower=-50, upper=50)
    ),
    {"longitude": slice(-150, 50), "latitude": slice(-50, 50)},
)


@dataclass(frozen=True)
class Ours:
    """Planned and extracted, by a function that has been called before."""

    coverage: Coverage
    places: Places

    def __call__(self, case: Case) -> Outcome:
        plan = plan_subset(case.request, self.coverage)
        if {variable.layout for variable in plan.variables} != {case.layout}:
            raise AssertionError(f"{case.name} is read from {plan.variables[0].layout}")
        work = work_of(plan).model_copy(update={"request": case.request})
        return extract(work, self.coverage, self.places)


def ours(server: S3Server, coverage: Coverage, folder: Path) -> Ours:
    options = S3Options(server.endpoint_url, server.region)
    return Ours(coverage, Places(LocalStore(folder / "ours", mkdir=True), Sources(options)))


def user(server: S3Server, folder: Path) -> Callable[[Case], Path]:
    """What someone does alone: xarray, s3fs and dask, opened anew as a script does."""

    def get(case: Case) -> Path:
        options = {
            "key": ACCESS_KEY,
            "secret": SECRET_KEY,
            "endpoint_url": server.endpoint_url,
            "skip_instance_cache": True,
        }
        url = f"s3://{server.bucket}/plain/{case.layout}"
        target = folder / f"{case.name}-user.nc"
        target.unlink(missing_ok=True)
        with xr.open_zarr(url, storage_options=options, consolidated=True) as opened:
            chosen = opened.sel(case.selection)
            if case.nearest:
                chosen = chosen.sel(case.nearest, method="nearest")
            chosen.to_netcdf(target)
        return target

    return get
