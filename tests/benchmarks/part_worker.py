"""One step of a result in parts, in a process of its own: `part_worker WORK begin|SHARE|assemble`.

Imports nothing but what production imports, so that its memory is production's. Its
environment is a worker's.
"""

import json
import sys
import time
from pathlib import Path

from atoll.bootstrap.parts import Workshop
from atoll.model.job import Work
from atoll.planning.shares import numbers
from tests.benchmarks.worker import peak_mb

if __name__ == "__main__":
    work = Work.model_validate_json(Path(sys.argv[1]).read_text())
    step = sys.argv[2]
    workshop = Workshop.open()
    upload = workshop.upload(work)
    began = time.perf_counter()
    said: dict[str, object]
    match step:
        case "begin":
            said = {"runs": workshop.begin(work, 0).runs}
        case "assemble":
            said = workshop.finish(work, upload).model_dump()
        case share:
            made = [workshop.make(work, upload, number) for number in numbers(share)]
            said = {"parts": len(made), "uploaded": sum(part.etag is not None for part in made)}
    wall_s = time.perf_counter() - began
    sys.stdout.write(json.dumps(said | {"wall_s": wall_s, "rss_mb": peak_mb()}))
