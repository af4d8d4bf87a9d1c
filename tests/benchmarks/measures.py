"""Ways to the same file, taken in turn: what else the machine does falls on all of them."""

import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from atoll.model.coverage import Coverage
from tests.benchmarks.cases import Case, ours, user
from tests.benchmarks.codecs import DAY
from tests.benchmarks.dataset import Benchmarked
from tests.benchmarks.limit import limit
from tests.benchmarks.toolbox import toolbox
from tests.extraction.seaweed import S3Server

type Ways = Mapping[str, Callable[[Case], object]]
type Found = dict[str, float]

# The toolbox takes seconds; a ratio of ten needs no more.
TOOLBOX_ROUNDS = 3


def compared(
    case: Case, server: S3Server, dataset: Benchmarked, folder: Path, rounds: int
) -> Found:
    """Ours against what a user does alone, and against the limit."""
    one = ours(server, dataset.icechunk, folder)
    found = _medians(
        case,
        {
            "ours": one,
            "zarr": ours(server, dataset.zarr, folder),
            "limit": limit(server, dataset.zarr, folder),
            "limit_deflated": limit(server, dataset.zarr, folder, encode=True),
            "user": user(server, folder),
        },
        rounds,
    )
    assert_agree(folder / "ours" / one(case).key, folder / f"{case.name}-user.nc")
    return found | {
        "ratio_user": found["user_ms"] / found["ours_ms"],
        "ratio_limit": found["ours_ms"] / found["limit_ms"],
        "ratio_limit_zarr": found["zarr_ms"] / found["limit_ms"],
        "ratio_limit_deflated": found["ours_ms"] / found["limit_deflated_ms"],
        "ratio_user_cpu": found["user_cpu_ms"] / found["ours_cpu_ms"],
        "ratio_limit_cpu": found["ours_cpu_ms"] / found["limit_cpu_ms"],
    }


def against_toolbox(case: Case, server: S3Server, dataset: Benchmarked, folder: Path) -> Found:
    """Ours against the Copernicus Marine toolbox."""
    one = ours(server, dataset.zarr, folder)
    found = _medians(case, {"ours": one, "toolbox": toolbox(server, folder)}, TOOLBOX_ROUNDS)
    theirs = folder / f"{case.name}-toolbox.nc"
    assert_agree(folder / "ours" / one(case).key, theirs)
    theirs.unlink()
    return {
        "toolbox_ms": found["toolbox_ms"],
        "ratio_toolbox": found["toolbox_ms"] / found["ours_ms"],
    }


def of_codec(coverage: Coverage, server: S3Server, folder: Path, rounds: int) -> Found:
    """Ours against the limit, for one day stored otherwise."""
    ways: Ways = {
        "ours": ours(server, coverage, folder),
        "limit": limit(server, coverage, folder),
        "limit_deflated": limit(server, coverage, folder, encode=True),
    }
    found = _medians(DAY, ways, rounds)
    return found | {
        "ratio_limit": found["ours_ms"] / found["limit_ms"],
        "ratio_limit_deflated": found["ours_ms"] / found["limit_deflated_ms"],
    }


def once_s(case: Case, server: S3Server, folder: Path) -> float:
    """Seconds that it takes a user alone, once; the file goes."""
    began = time.perf_counter()
    user(server, folder)(case).unlink()
    return time.perf_counter() - began


def _medians(case: Case, ways: Ways, rounds: int) -> Found:
    """Wall and processor time, in ms; the first round is for warming up."""
    wall_ms: dict[str, list[float]] = {name: [] for name in ways}
    cpu_ms: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            began, cpu_began = time.perf_counter(), time.process_time()
            way(case)
            if number:
                wall_ms[name].append((time.perf_counter() - began) * 1000)
                cpu_ms[name].append((time.process_time() - cpu_began) * 1000)
    return {f"{name}_ms": statistics.median(values) for name, values in wall_ms.items()} | {
        f"{name}_cpu_ms": statistics.median(values) for name, values in cpu_ms.items()
    }


def assert_agree(mine: Path, theirs: Path) -> None:
    """Who is fast and wrong has not won."""
    with xr.open_dataset(mine) as found, xr.open_dataset(theirs) as wanted:
        for name in ("thetao", "uo"):
            np.testing.assert_array_equal(found[name].values, wanted[name].values)
