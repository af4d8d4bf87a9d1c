"""What grows with nothing, or should not: time to plan, to start, to lay out a header."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset
from tests.functions.environment import ENVIRONMENT, PATHS
from tests.planning import builders

ROOT = Path(__file__).parents[2]
IMPORTS = {
    "api": "import rest_api.handler",
    "extraction": (
        "import extract_small.handler\n"
        "from atoll.extraction.icechunk_source import native\n"
        "native()  # what the first request would load"
    ),
}
TIMED = "import time\nbegan = time.process_time()\n{code}\nprint(time.process_time() - began)"
LAID_OUT = """
import json, time
import numpy as np
from atoll.extraction.netcdf4_format import NetCDF4
from atoll.extraction.netcdf_file import FileContent, FileVariable, StoredChunk
from tests.benchmarks.worker import peak_mb
before_mb = peak_mb()
began, cpu_began = time.perf_counter(), time.process_time()
values = FileVariable("a", np.dtype("<f4"), ("t", "y", "x"), chunk_shape=(1, 500, 1000))
content = FileContent(dict(t={chunks}, y=500, x=1000), (values,), dict())
chunks = (StoredChunk("a", (n, 0, 0), 700_000 + n) for n in range({chunks}))
header = NetCDF4().layout(content, 0).finish(chunks)
wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu_began
print(json.dumps(dict(wall_s=wall_s, cpu_s=cpu_s, rss_mb=peak_mb(), more_mb=peak_mb() - before_mb,
                      header_mb=len(header.image) / 1e6, file_mb=header.file_bytes / 1e6)))
"""
ROUNDS = 7


def cold_import_s(function: str) -> float:
    """Processor seconds of a function's imports, with bytecode: the least of some rounds."""
    environment = ENVIRONMENT | {"PYTHONPATH": ":".join(PATHS)}
    command = [sys.executable, "-c", TIMED.format(code=IMPORTS[function])]
    rounds = [
        float(
            subprocess.run(
                command, env=environment, capture_output=True, text=True, check=True
            ).stdout.splitlines()[-1]
        )
        for _ in range(ROUNDS)
    ]
    return min(rounds[1:])


def plan_ms(chunks: int) -> float:
    """Milliseconds to plan the whole of a dataset of so many chunks."""
    coverage = builders.coverage(
        [
            builders.time_axis(builders.regular(0, 24, chunks)),
            builders.latitude_axis(builders.regular(-90, 1, 181)),
            builders.longitude_axis(builders.regular(0, 1, 360)),
        ],
        [builders.variable("a", ("time", "latitude", "longitude"), {"geo": (1, 181, 360)})],
    )
    request = SubsetRequest(dataset="test")
    assert plan_subset(request, coverage).chunks == chunks
    rounds = []
    for _ in range(50):
        began = time.perf_counter()
        plan_subset(request, coverage)
        rounds.append(time.perf_counter() - began)
    return statistics.median(rounds) * 1000


def layout_costs(chunks: int) -> dict[str, float]:
    """Seconds and memory to lay out the header of a file of so many chunks."""
    ended = subprocess.run(
        [sys.executable, "-c", LAID_OUT.format(chunks=chunks)],
        env=ENVIRONMENT | {"PYTHONPATH": ":".join([*PATHS, str(ROOT)])},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return found
