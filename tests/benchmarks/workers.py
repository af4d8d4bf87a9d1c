"""Workers in processes of their own: one that makes a result, or several that share it."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atoll.model.coverage import Coverage
from atoll.model.request import SubsetRequest
from atoll.planning.parts import split
from atoll.planning.subset import plan_subset
from tests.benchmarks.worker import Task, Told
from tests.extraction.seaweed import S3Server
from tests.functions.environment import ENVIRONMENT, PATHS

ROOT = Path(__file__).parents[2]
TUNED = {name: ENVIRONMENT[name] for name in ("OPENBLAS_NUM_THREADS", "MALLOC_MMAP_THRESHOLD_")}
PART_BYTES = 32 * 2**20
TOGETHER = (1, 2, 4, 8)
# On cores of their own, which this machine does not have: what the numbers above say.
MODELLED = (8, 32, 128)


@dataclass(frozen=True)
class Workers:
    """Orders, carried out by processes that import what production imports."""

    data: S3Server
    results: S3Server
    coverage: Coverage
    folder: Path

    def whole(self, request: SubsetRequest) -> dict[str, float]:
        """One worker makes all of it."""
        return _ended(self._started(request)).model_dump(exclude={"sha256"})

    def together(self, request: SubsetRequest) -> dict[str, float]:
        """Several make it in parts: processor time of all of them, and how long each way took."""
        plan = plan_subset(request, self.coverage)
        numbers = [part.number for part in split(plan, self.coverage, PART_BYTES)]
        found: dict[str, float] = {"parts": len(numbers)}
        digests = set()
        for count in TOGETHER:
            known = {"job_id": f"together-{count}", "part_bytes": PART_BYTES}
            began = time.perf_counter()
            shares = [numbers[first::count] for first in range(count)]
            # The first begins the upload before there are others, as BeginParts does.
            _ended(self._started(request, act="parts", **known))
            making = [self._started(request, act="parts", numbers=one, **known) for one in shares]
            made = [_ended(one) for one in making]
            assembled = _ended(self._started(request, act="assemble", **known))
            digests.add(assembled.sha256)
            found |= {
                f"wall_s_{count}": time.perf_counter() - began,
                f"cpu_s_{count}": sum(one.cpu_s for one in made),
                f"started_cpu_s_{count}": sum(one.cpu_s + one.start_cpu_s for one in made),
                f"rss_mb_{count}": max(one.rss_mb for one in made),
                "assemble_s": assembled.wall_s,
                "assemble_rss_mb": assembled.rss_mb,
                "start_cpu_s": assembled.start_cpu_s,
            }
        assert len(digests) == 1, digests  # the same bytes, whoever made them
        # Making parts alone, and with what every process costs before its first.
        for name in ("cpu", "started_cpu"):
            most = max(found[f"{name}_s_{count}"] for count in TOGETHER)
            found[f"ratio_{name}"] = most / found[f"{name}_s_1"]
        return found | {f"model_s_{count}": modelled_s(found, count) for count in MODELLED}

    def _started(self, request: SubsetRequest, **more: Any) -> subprocess.Popen[str]:
        described = self.folder / "coverage.json"
        if not described.exists():
            described.write_text(self.coverage.model_dump_json())
        task = Task(
            coverage=str(described),
            request=request,
            data=self.data.endpoint_url,
            results=self.results.endpoint_url,
            bucket=self.results.bucket,
            **more,
        )
        return subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.worker", task.model_dump_json()],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=dict(os.environ) | TUNED | {"PYTHONPATH": ":".join([*PATHS, str(ROOT)])},
        )


def modelled_s(found: dict[str, float], count: int) -> float:
    """How long so many workers take, each on a core: start, parts in rounds, assembly."""
    parts = found["parts"]
    rounds = -(-parts // count)
    return 2 * found["start_cpu_s"] + rounds * found["cpu_s_1"] / parts + found["assemble_s"]


def _ended(process: subprocess.Popen[str]) -> Told:
    said, _ = process.communicate()
    assert process.returncode == 0
    return Told.model_validate_json(said.splitlines()[-1])
