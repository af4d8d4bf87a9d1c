"""1 GB by one delivery: what the process that ingests it takes.

`python -m tests.benchmarks.ingestion` prints a line a case and writes `.bench/ingestion.json`.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import netCDF4
import numpy as np

from atoll.model.product import Product
from atoll.publication.ingest import ingest
from atoll.publication.repository import Target
from atoll.publication.work import Change, Work
from tests.benchmarks.costs import ROOT

FOLDER = ROOT / ".bench"
STEPS, ROWS, COLUMNS = 256, 720, 1440  # of 4 bytes: 1.06 GB
AIM_MB = 1000
DEFLATED: dict[str, Any] = {
    "zlib": True,
    "complevel": 1,
    "shuffle": True,
    "chunksizes": (1, ROWS, COLUMNS),
}
CASES: dict[str, tuple[int, dict[str, Any]]] = {
    "one file": (1, {}),
    "256 deflated files": (256, DEFLATED),
}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    results = {}
    for name, (files, storage) in CASES.items():
        with TemporaryDirectory(dir=FOLDER) as folder:
            write(Path(folder), files, storage)
            words = [sys.executable, "-m", "tests.benchmarks.ingestion", folder]
            done = subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
        results[name] = told = json.loads(done.stdout)
        reached = "reached" if told["rss_mb"] <= AIM_MB else "NOT REACHED"
        sys.stdout.write(f"ingest 1 GB, {name}: {told['rss_mb']:.0f} MB at most, aim {AIM_MB}:"
                         f" {reached}; {told['wall_s']:.0f} s\n")  # fmt: skip
    (FOLDER / "ingestion.json").write_text(json.dumps(results, indent=1))


def write(folder: Path, files: int, storage: dict[str, Any]) -> None:
    """Maps of a field with some noise, as many in each file."""
    generator = np.random.default_rng(0)
    mean = generator.normal(280, 10, (ROWS, COLUMNS)).astype("f4")
    steps = STEPS // files
    for number in range(files):
        with netCDF4.Dataset(folder / f"{number:03}.nc", "w") as dataset:
            for name, size in (("time", None), ("latitude", ROWS), ("longitude", COLUMNS)):
                dataset.createDimension(name, size)
            units = {"time": "days since 2020-01-01", "latitude": "degrees_north",
                     "longitude": "degrees_east"}  # fmt: skip
            values = {
                "time": np.arange(number * steps, (number + 1) * steps),
                "latitude": np.linspace(-90, 90, ROWS),
                "longitude": np.arange(COLUMNS) / 4,
            }
            field = dataset.createVariable("t2m", "f4", tuple(units), **storage)
            field.units = "K"
            for step in range(steps):
                field[step] = mean + generator.integers(0, 100, mean.shape).astype("f4") / 16
            for name, told in units.items():
                axis = dataset.createVariable(name, "f8", (name,))
                axis.setncatts({"standard_name": name, "units": told})
                axis[:] = values[name]


def ingest_all(folder: Path) -> dict[str, float]:
    """All files of the folder, as one delivery; in this process."""
    changes = tuple(Change("put", path) for path in sorted(folder.glob("*.nc")))
    product = Product(id="bench", title="Bench", licence="none")
    target = Target(f"file://{folder}")
    began = time.perf_counter()
    ingest(Work("bench", product, changes, "delivery-bench"), target, datetime.now(UTC))
    rss_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"wall_s": time.perf_counter() - began, "rss_mb": rss_kib * 1024 / 1e6}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(ingest_all(Path(sys.argv[1]))))
    else:
        main()
