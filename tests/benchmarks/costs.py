"""Memory of a worker, time to plan, processor time to start: each in a process of its own."""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from atoll.model.coverage import Coverage
from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset
from tests.extraction.seaweed import S3Server
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
ROUNDS = 7


@dataclass(frozen=True)
class Worker:
    """Orders, each in a process that imports what production imports; tells its peak memory."""

    data: S3Server
    results: S3Server
    coverage: Coverage
    folder: Path

    def __call__(self, request: SubsetRequest) -> dict[str, float]:
        described = self.folder / "coverage.json"
        described.write_text(self.coverage.model_dump_json())
        endpoints = [self.data.endpoint_url, self.results.endpoint_url, self.results.bucket]
        arguments = [described, request.model_dump_json(), *endpoints]
        ended = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.worker", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=dict(os.environ) | {"PYTHONPATH": ":".join([*PATHS, str(ROOT)])},
        )
        found: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
        return found


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
