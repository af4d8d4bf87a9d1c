"""One order, or some parts of one, in a process of its own: `worker TASK`, a JSON document.

Imports nothing but what production imports, so that its memory is production's.
"""

import sys
import time
from pathlib import Path
from typing import Literal

from atoll.aws.session import Session
from atoll.aws.uploads import S3Uploads
from atoll.extraction.assemble import assemble
from atoll.extraction.extract import Places, extract
from atoll.extraction.parts import begin, make_part
from atoll.extraction.sources import S3Options, Sources, open_bucket
from atoll.model.coverage import Coverage
from atoll.model.job import Work
from atoll.model.request import SubsetRequest
from atoll.model.value import Value
from atoll.planning.subset import plan_subset

REGION = "eu-west-1"


class Task(Value):
    """What to do.

    Attributes:
        job_id: tells results apart.
        act: the whole result; `numbers` of its parts; or put the parts together.
        coverage: the file that holds the description.
        request: what is ordered.
        data, results: endpoints.
        bucket: for the result.
        part_bytes: of a part, decoded.
    """

    job_id: str = "bench"
    act: Literal["whole", "parts", "assemble"] = "whole"
    coverage: str
    request: SubsetRequest
    data: str
    results: str
    bucket: str
    part_bytes: int = 0
    numbers: tuple[int, ...] = ()


class Told(Value):
    """What it took.

    Attributes:
        wall_s, cpu_s: of the task, repositories opened for it included.
        start_cpu_s: before it, once a process: starting, importing, making clients.
        rss_mb: the most of the whole process.
        uncompressed_mb, file_mb: of the result; 0 = there is none yet.
        sha256: of the result.
    """

    wall_s: float
    cpu_s: float
    start_cpu_s: float
    rss_mb: float
    uncompressed_mb: float
    file_mb: float = 0
    sha256: str = ""


def peak_mb() -> float:
    """Of this program: ru_maxrss would begin with that of the process that started it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("this kernel does not tell")


def carry_out(task: Task) -> Told:
    coverage = Coverage.model_validate_json(Path(task.coverage).read_text())
    data, results = (S3Options(endpoint, REGION) for endpoint in (task.data, task.results))
    plan = plan_subset(task.request, coverage)
    work = Work(job_id=task.job_id, correlation_id="", tier="big", request=task.request, plan=plan)
    places = Places(open_bucket(task.bucket, results), Sources(data))
    uploads = S3Uploads(Session(REGION).s3(task.results), task.bucket)
    outcome = None
    began, start_cpu_s = time.perf_counter(), time.process_time()
    if task.act == "whole":
        outcome = extract(work, coverage, places)
    else:
        upload = begin(work, coverage, task.part_bytes, places.results, uploads)
        for number in task.numbers:
            make_part(work, coverage, upload, number, places, uploads)
        if task.act == "assemble":
            outcome = assemble(work, coverage, upload, places, uploads)
    return Told(
        wall_s=time.perf_counter() - began,
        cpu_s=time.process_time() - start_cpu_s,
        start_cpu_s=start_cpu_s,
        rss_mb=peak_mb(),
        uncompressed_mb=plan.output_bytes / 1e6,
        file_mb=outcome.output_bytes / 1e6 if outcome else 0,
        sha256=outcome.sha256 if outcome else "",
    )


if __name__ == "__main__":
    sys.stdout.write(carry_out(Task.model_validate_json(sys.argv[1])).model_dump_json())
