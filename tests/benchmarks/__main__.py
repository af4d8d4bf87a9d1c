"""Speed and memory: ours, what a user does alone, and the least that anyone must do.

`python -m tests.benchmarks [ROUNDS]` prints a table and writes `.bench/results.json`.
"""

import json
import logging
import os
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.cases import CASES, REGIONAL, days, request
from tests.benchmarks.codecs import open_codecs
from tests.benchmarks.costs import cold_import_s, layout_costs, plan_ms
from tests.benchmarks.dataset import Benchmarked, open_dataset
from tests.benchmarks.measures import against_toolbox, compared, of_codec, once_s
from tests.benchmarks.queue import look_ms
from tests.benchmarks.table import Results, table
from tests.benchmarks.workers import Workers
from tests.extraction.seaweed import S3Server, seaweed

FOLDER = Path(__file__).parents[2] / ".bench"
ROUNDS = 7
# 30 days of uo at 6 levels: 30 x 6 x 681 x 1440 x 4 bytes.
BIG = request(variables=("uo",), depth={"lower": 0, "upper": 20}, time=days(1, 30))
WITH_TOOLBOX = CASES[:3]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    FOLDER.mkdir(exist_ok=True)
    warnings.simplefilter("ignore")  # of zarr's, about consolidated metadata and v3
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # s3fs leaves its sessions open
    with seaweed(FOLDER / "objects", public=True) as server:
        os.environ.update(server.environment)
        dataset = open_dataset(server, FOLDER)
        results: Results = {
            case.name: compared(case, server, dataset, FOLDER, rounds) for case in CASES
        }
        for case in WITH_TOOLBOX:
            results[case.name] |= against_toolbox(case, server, dataset, FOLDER)
        for name, coverage in open_codecs(server, FOLDER).items():
            results[name] = of_codec(coverage, server, FOLDER, rounds)
        for name, told in in_processes(server, dataset).items():
            results[name] = results.get(name, {}) | told
        user_s = once_s(REGIONAL, server, FOLDER)
    results[REGIONAL.name] |= {
        "user_ms": user_s * 1000,
        "ratio_user": user_s / results[REGIONAL.name]["wall_s"],
    }
    results["layout_200000"] = layout_costs(200_000)
    results["plan_ms"] = {str(chunks): plan_ms(chunks) for chunks in (10**3, 10**4, 10**5, 10**6)}
    results["queue_look_ms"] = {"15000 jobs wait": look_ms()}
    results["cold_import_cpu_s"] = {name: cold_import_s(name) for name in ("api", "extraction")}
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1))
    sys.stdout.write("\n".join(table(results)) + "\n")


def in_processes(server: S3Server, dataset: Benchmarked) -> Results:
    """One worker's memory, and several workers together.

    Results go to a server of their own, which is thrown away: the dataset's stays small.
    """
    with (
        TemporaryDirectory(dir=FOLDER) as folder,
        seaweed(Path(folder) / "objects") as results_server,
    ):
        workers = Workers(server, results_server, dataset.icechunk, Path(folder))
        alone = {case.name: workers.whole(case.request) for case in (*CASES, REGIONAL)}
        return alone | {
            "big_result": workers.whole(BIG),
            "together": workers.together(REGIONAL.request),
        }


if __name__ == "__main__":
    main()
