"""A result of 10 GiB, made in parts by two workers and assembled: is it right, what does it take.

`python -m tests.benchmarks.huge` prints a table and writes `.bench/huge.json`. Its chunks are
one file under many names, and every other one is absent, so that it costs no disk to keep.
"""

import hashlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import netCDF4
import numpy as np
import zarr
from numpy.typing import NDArray

from atoll.model.coverage import Coverage, RegularValues, Store, description_key
from atoll.model.job import Work
from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset
from tests.benchmarks.costs import ROOT
from tests.extraction.builders import Field, axis_of, describe, write
from tests.extraction.seaweed import S3Server, seaweed
from tests.functions.environment import ENVIRONMENT, PATHS

FOLDER = ROOT / ".bench"
STEPS, ROWS, COLUMNS = 2560, 1024, 1024  # of 4 bytes: 10 GiB
NOISY_ROWS = 128
RESULTS = "results"
WORKERS = 2
# A part is held as it is stored: one of nothing but noise would add its 256 MiB.
AIMS_MB = {"part_rss_mb": 300, "assemble_rss_mb": 300}
SETTINGS = {
    "PART_BYTES": str(256 * 2**20),
    "PARTS_AT_ONCE": str(WORKERS),
    "WORKERS": str(WORKERS),
}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=FOLDER) as name, seaweed(Path(name) / "objects") as server:
        results = measure(Path(name), server)
    (FOLDER / "huge.json").write_text(json.dumps(results, indent=1))
    for key, value in results.items():
        aim = AIMS_MB.get(key)
        told = "" if aim is None else f", aim {aim}: {'reached' if value <= aim else 'NOT REACHED'}"
        sys.stdout.write(f"{key} {value:.4g}{told}\n")


def measure(folder: Path, server: S3Server) -> dict[str, float]:
    """Make the result, and compare what was made with what was ordered."""
    one_map = noisy_map()
    coverage = publish(folder / "source", one_map)
    request = SubsetRequest(dataset=coverage.dataset)
    plan = plan_subset(request, coverage)
    work = Work(job_id="huge", correlation_id="", tier="big", request=request, plan=plan)
    (folder / "work.json").write_text(work.model_dump_json())
    client = server.client()
    client.create_bucket(Bucket=RESULTS)
    key = description_key(coverage.dataset, coverage.revision)
    client.put_object(Bucket=server.bucket, Key=key, Body=coverage.model_dump_json().encode())
    crew = Crew(folder / "work.json", server)
    began = time.perf_counter()
    (begun,) = crew.all("begin")
    parts = crew.all(*begun["runs"])
    parts_s = time.perf_counter() - began
    (outcome,) = crew.all("assemble")
    whole_s = time.perf_counter() - began
    client.download_file(RESULTS, outcome["key"], str(folder / "huge.nc"))
    check(folder / "huge.nc", outcome, one_map)
    return {
        "decoded_gib": plan.output_bytes / 2**30,
        "file_mb": outcome["output_bytes"] / 1e6,
        "parts": sum(worker["parts"] for worker in parts),
        "uploaded_parts": sum(worker["uploaded"] for worker in parts),
        "parts_s": parts_s,
        "assemble_s": outcome["wall_s"],
        "whole_s": whole_s,
        "part_rss_mb": max(worker["rss_mb"] for worker in parts),
        "assemble_rss_mb": outcome["rss_mb"],
    }


def noisy_map() -> NDArray[np.float32]:
    """Constant but for some rows that no codec makes smaller."""
    values = np.full((ROWS, COLUMNS), 7.5, "<f4")
    values[:NOISY_ROWS] = np.random.default_rng(5).standard_normal((NOISY_ROWS, COLUMNS), "f4")
    return values


def publish(folder: Path, one_map: NDArray[np.float32]) -> Coverage:
    """Every second step is the same map, the others are absent: all fill."""
    wind = Field(
        ("time", "latitude", "longitude"),
        np.broadcast_to(one_map, (STEPS, ROWS, COLUMNS)),
        {"units": "m s-1", "_FillValue": "NaN"},
        stored={"chunks": (1, ROWS, COLUMNS), "fill_value": np.nan},
        written=(slice(1, 2),),
    )
    grid = write(zarr.storage.LocalStore(folder), "geo/wind", wind)
    chunks = folder / "geo/wind/c"
    for step in range(3, STEPS, 2):
        (chunks / f"{step}/0").mkdir(parents=True)
        (chunks / f"{step}/0/0").hardlink_to(chunks / "1/0/0")
    axes = [
        axis_of(name, ()).model_copy(
            update={"values": RegularValues(start=start, step=step, count=count)}
        )
        for name, start, step, count in (
            ("time", 0.0, 1.0, STEPS),
            ("latitude", -64.0, 0.125, ROWS),
            ("longitude", -64.0, 0.125, COLUMNS),
        )
    ]
    return describe(
        {"wind": wind}, {"wind": grid}, axes, Store(kind="zarr", url=f"file://{folder}"),
        dataset="huge",
    )  # fmt: skip


@dataclass(frozen=True)
class Crew:
    """Processes that have a worker's environment."""

    work: Path
    server: S3Server

    def all(self, *steps: str) -> list[dict[str, Any]]:
        """Do these steps at the same time; what each process tells of itself."""
        environment = {
            **ENVIRONMENT,
            **self.server.environment,
            **SETTINGS,
            "DATA_BUCKET": self.server.bucket,
            "RESULTS_BUCKET": RESULTS,
            "AWS_ENDPOINT_URL_S3": self.server.endpoint_url,
            "PYTHONPATH": ":".join([*PATHS, str(ROOT)]),
        }
        command = [sys.executable, "-m", "tests.benchmarks.part_worker", str(self.work)]
        started = [
            subprocess.Popen([*command, step], stdout=subprocess.PIPE, env=environment, cwd=ROOT)
            for step in steps
        ]
        told = [process.communicate()[0] for process in started]
        assert [process.returncode for process in started] == [0] * len(steps)
        return [json.loads(text) for text in told]


def check(path: Path, outcome: dict[str, Any], one_map: NDArray[np.float32]) -> None:
    """Who is fast and wrong has not won."""
    with path.open("rb") as stored:
        assert hashlib.file_digest(stored, "sha256").hexdigest() == outcome["sha256"]
    assert path.stat().st_size == outcome["output_bytes"]
    assert outcome["cells_with_data"] == STEPS // 2 * one_map.size
    with netCDF4.Dataset(path) as file:
        file.set_auto_mask(False)
        for step in (0, 1, STEPS // 2, STEPS // 2 + 1, STEPS - 2, STEPS - 1):
            wanted = one_map if step % 2 else np.full_like(one_map, np.nan)
            np.testing.assert_array_equal(file["wind"][step], wanted)


if __name__ == "__main__":
    main()
