"""Speed and memory: ours, what a user does alone, and the least that anyone must do.

`python -m tests.benchmarks [ROUNDS]` prints a table and writes `.bench/results.json`. All
ways are taken in turn within each round, so that what else the machine does falls on all.
"""

import json
import logging
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import xarray as xr

from tests.benchmarks.cases import CASES, Case, days, limit, ours, request, user
from tests.benchmarks.costs import Worker, cold_import_s, plan_ms
from tests.benchmarks.dataset import Benchmarked, open_dataset
from tests.extraction.seaweed import S3Server, seaweed

FOLDER = Path(__file__).parents[2] / ".bench"
ROUNDS = 7
# 30 days of uo at 6 levels: 30 x 6 x 681 x 1440 x 4 bytes.
BIG = request(variables=("uo",), depth={"lower": 0, "upper": 20}, time=days(1, 30))
COLUMNS: tuple[str, ...] = (
    "ours_ms",
    "user_ms",
    "limit_ms",
    "ratio_user",
    "ratio_limit",
    "ratio_limit_zarr",
    "ratio_limit_deflated",
    "rss_mb",
    "file_mb",
)
AIMS: tuple[tuple[str, str, float], ...] = (
    ("small_box", "ratio_user", 15),
    ("global_day", "ratio_user", 7),
    ("point_series", "ratio_user", 30),
    ("small_box", "ratio_limit", 1.6),
    ("global_day", "ratio_limit", 1.6),
    ("point_series", "ratio_limit", 1.6),
    ("big_result", "rss_mb", 300),
    ("plan_ms", "1000000", 5),
    ("cold_import_cpu_s", "api", 0.6),
    ("cold_import_cpu_s", "extraction", 0.5),
)

type Results = dict[str, dict[str, float]]
type Ways = Mapping[str, Callable[[Case], object]]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    FOLDER.mkdir(exist_ok=True)
    warnings.simplefilter("ignore")  # of zarr's, about consolidated metadata and v3
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # s3fs leaves its sessions open
    with seaweed(FOLDER / "objects") as server:
        os.environ.update(server.environment)
        dataset = open_dataset(server, FOLDER)
        results: Results = {case.name: measure(case, server, dataset, rounds) for case in CASES}
        # Results go to a server of their own, which is thrown away: the dataset's stays small.
        with TemporaryDirectory(dir=FOLDER) as folder, seaweed(Path(folder)) as results_server:
            worker = Worker(server, results_server, dataset.icechunk, Path(folder))
            for case in CASES:
                results[case.name] |= worker(case.request)
            results["big_result"] = worker(BIG)
    results["plan_ms"] = {str(chunks): plan_ms(chunks) for chunks in (10**3, 10**4, 10**5, 10**6)}
    results["cold_import_cpu_s"] = {name: cold_import_s(name) for name in ("api", "extraction")}
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1))
    sys.stdout.write("\n".join(table(results)) + "\n")


def measure(case: Case, server: S3Server, dataset: Benchmarked, rounds: int) -> dict[str, float]:
    """Medians of wall and processor time, and their ratios; the first round is for warming up."""
    ways: Ways = {
        "ours": ours(server, dataset.icechunk, FOLDER),
        "zarr": ours(server, dataset.zarr, FOLDER),
        "limit": limit(server, dataset.zarr, FOLDER),
        "limit_deflated": limit(server, dataset.zarr, FOLDER, encode=True),
        "user": user(server, FOLDER),
    }
    wall_ms: dict[str, list[float]] = {name: [] for name in ways}
    cpu_ms: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            began, cpu_began = time.perf_counter(), time.process_time()
            way(case)
            if number:
                wall_ms[name].append((time.perf_counter() - began) * 1000)
                cpu_ms[name].append((time.process_time() - cpu_began) * 1000)
    assert_agree(ours(server, dataset.icechunk, FOLDER)(case).key, FOLDER / f"{case.name}-user.nc")
    wall = {name: statistics.median(values) for name, values in wall_ms.items()}
    cpu = {name: statistics.median(values) for name, values in cpu_ms.items()}
    return {
        "ratio_user": wall["user"] / wall["ours"],
        "ratio_limit": wall["ours"] / wall["limit"],
        "ratio_limit_zarr": wall["zarr"] / wall["limit"],
        "ratio_limit_deflated": wall["ours"] / wall["limit_deflated"],
        "ratio_user_cpu": cpu["user"] / cpu["ours"],
        "ratio_limit_cpu": cpu["ours"] / cpu["limit"],
        **{f"{name}_ms": value for name, value in wall.items()},
    }


def assert_agree(key: str, theirs: Path) -> None:
    """Who is fast and wrong has not won."""
    with xr.open_dataset(FOLDER / "ours" / key) as found, xr.open_dataset(theirs) as wanted:
        for name in ("thetao", "uo"):
            np.testing.assert_array_equal(found[name].values, wanted[name].values)


def table(results: Results) -> Iterator[str]:
    """The results for a person, and which aims were reached."""
    lines: list[tuple[str, ...]] = [("case", *COLUMNS)]
    for case in (*(case.name for case in CASES), "big_result"):
        cells = (results[case].get(column) for column in COLUMNS)
        lines.append((case, *("" if cell is None else f"{cell:.4g}" for cell in cells)))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
    for name in ("plan_ms", "cold_import_cpu_s"):
        yield f"{name} " + ", ".join(f"{key}: {value:.3f}" for key, value in results[name].items())
    for case, ratio, aim in AIMS:
        found = results[case][ratio]
        reached = found >= aim if ratio == "ratio_user" else found <= aim
        yield f"{case} {ratio} {found:.3g}, aim {aim}: {'reached' if reached else 'NOT REACHED'}"


if __name__ == "__main__":
    main()
