"""One order in a process of its own: `worker COVERAGE REQUEST DATA RESULTS BUCKET`.

Imports nothing but what production imports, so that its memory is production's.
"""

import json
import sys
import time
from pathlib import Path

from atoll.extraction.extract import Places, extract
from atoll.extraction.sources import S3Options, Sources, open_bucket
from atoll.model.coverage import Coverage
from atoll.model.job import Work
from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset


def peak_mb() -> float:
    """Of this program: ru_maxrss would begin with that of the process that started it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("this kernel does not tell")


if __name__ == "__main__":
    coverage = Coverage.model_validate_json(Path(sys.argv[1]).read_text())
    request = SubsetRequest.model_validate_json(sys.argv[2])
    data, results = (S3Options(endpoint, "eu-west-1") for endpoint in sys.argv[3:5])
    plan = plan_subset(request, coverage)
    work = Work(job_id="bench", correlation_id="", tier="big", request=request, plan=plan)
    places = Places(open_bucket(sys.argv[5], results), Sources(data))
    started = time.perf_counter()
    outcome = extract(work, coverage, places)
    sys.stdout.write(
        json.dumps(
            {
                "wall_s": time.perf_counter() - started,
                "cpu_s": time.process_time(),
                "rss_mb": peak_mb(),
                "uncompressed_mb": plan.output_bytes / 1e6,
                "file_mb": outcome.output_bytes / 1e6,
            }
        )
    )
