"""Orders of real data, and what their results must hold: taken from the sources by netCDF4."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np

from atoll.model.moment import Moment, Period
from atoll.model.request import Interval, LongitudeInterval
from tests.publication.builders import CMIP6, DATA, LEVITUS, NAVY, NEMO, Grid, plain, product

type Masked = np.ma.MaskedArray[Any, np.dtype[np.float64]]
type Index = tuple[slice | list[int], ...]


@dataclass(frozen=True)
class Case:
    """One order.

    Attributes:
        name: of the product too, where it has one.
        files: delivered; a function of the folder to write them to.
        request: beside the dataset.
        variables: of the result -> of the source.
        index: of the source's nodes that the result must have; () = all.
    """

    name: str
    files: Callable[[Path], Sequence[Path]]
    variables: Mapping[str, str]
    request: Mapping[str, Any] = field(default_factory=dict)
    index: Index = ()

    def wanted(self, files: Sequence[Path]) -> dict[str, Masked]:
        """Physical values of each variable, masked where the source has none."""
        return {
            name: np.ma.concatenate([decoded(file, source) for file in files])[self.index]
            for name, source in self.variables.items()
        }


def decoded(path: Path, name: str) -> Masked:
    """A variable as its file means it, NaN masked as well."""
    with netCDF4.Dataset(path) as file:
        return np.ma.masked_invalid(np.ma.asarray(file[name][...], np.float64))


def dates(first: tuple[int, int, int], last: tuple[int, int, int]) -> Period:
    start, end = (Moment(year=year, month=month, day=day) for year, month, day in (first, last))
    return Period(start=start, end=end)


def packed_winds(folder: Path) -> list[Path]:
    """Packed short integers with gaps, cell bounds and a grid mapping, latitudes falling."""
    rng = np.random.default_rng(8)
    values = rng.integers(-9000, 9000, (4, 5, 12)).astype("i2")
    values[rng.random(values.shape) < 0.2] = -32768
    attributes = {
        "units": "m s-1", "standard_name": "eastward_wind", "_FillValue": np.int16(-32768),
        "scale_factor": 0.01, "add_offset": 5.0, "grid_mapping": "crs",
    }  # fmt: skip
    path = Grid(
        values, (0, 1, 2, 3), name="u10", attributes=attributes,
        latitudes=(60, 30, 0, -30, -60), longitudes=[15.0 + 30 * step for step in range(12)],
    ).write(folder / "winds.nc")  # fmt: skip
    with netCDF4.Dataset(path, "a") as file:
        file.createVariable("crs", "i4").setncatts(
            {"grid_mapping_name": "latitude_longitude", "semi_major_axis": 6371229.0,
             "inverse_flattening": 0.0})  # fmt: skip
        file.createDimension("bnds", 2)
        for name, half in (("longitude", 15.0), ("latitude", 15.0), ("time", 0.5)):
            file[name].bounds = f"{name}_bnds"
            bounds = file.createVariable(f"{name}_bnds", "f8", (name, "bnds"))
            bounds[:] = np.stack([file[name][:] - half, file[name][:] + half], axis=1)
    return [path]


def columns(*runs: range) -> list[int]:
    return [column for run in runs for column in run]


CASES = (
    Case(
        "levitus-climatology",
        lambda _: [LEVITUS],
        {"TEMP": "TEMP", "SALT": "SALT"},
        {
            "longitude": LongitudeInterval(west=-40, east=30),
            "latitude": Interval(lower=30, upper=60),
            "depth": Interval(lower=0, upper=500),
        },
        # 320.5 to 379.5, which is 19.5; then 20.5 to 29.5
        (slice(11), slice(120, 150), columns(range(300, 360), range(10))),
    ),
    Case(
        "navy-winds",
        lambda _: [NAVY],
        {"UWND": "UWND", "VWND": "VWND"},
        {
            "longitude": LongitudeInterval(west=-40, east=30),
            "latitude": Interval(lower=0, upper=60),
            "time": dates((1983, 1, 1), (1984, 12, 31)),
        },
        (slice(12, 36), slice(36, 61), columns(range(120, 144), range(5))),
    ),
    Case("nemo", lambda _: NEMO, {"tos": "tos"}),
    Case(
        "ostia",
        lambda _: [DATA / "iris/ostia_monthly.nc"],
        {"surface_temperature": "surface_temperature"},
        {"time": dates((2007, 1, 1), (2007, 12, 31))},
        (slice(9, 21),),
    ),
    Case(
        "cmip6",
        lambda _: CMIP6,
        {"ta": "ta"},
        {"time": dates((2000, 12, 1), (2001, 1, 31))},
        (slice(3619, 3681),),  # 31 days of either file: ten years have 3650
    ),
    Case(
        "packed",
        packed_winds,
        {"u10": "u10"},
        {"longitude": LongitudeInterval(west=-100, east=100), "stride": {"latitude": 2}},
        (slice(None), slice(None, None, 2), columns(range(9, 12), range(3))),
    ),
)
PRODUCTS = {
    case.name: plain(id="packed") if case.name == "packed" else product(case.name)
    for case in CASES
}  # fmt: skip
