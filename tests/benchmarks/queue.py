"""What one look at a flooded queue costs in processor time."""

import time

from atoll.admission.queue import next_jobs
from tests.admission.lines import may_run, rules, waits

FLOOD, OTHERS, SLOTS, LOOKS = 10_000, 5_000, 1_000, 9


def look_ms() -> float:
    """The least of some looks at the jobs of one account that floods, and of many others."""
    flood = [waits(f"flood-{n}", "flood", FLOOD - n) for n in range(FLOOD)]
    others = [waits(f"other-{n}", f"user-{n}", n) for n in range(OTHERS)]
    taken_s = []
    for _ in range(LOOKS):
        began_s = time.process_time()
        next_jobs([*flood, *others], [], lambda _: may_run(5), rules(SLOTS), "small")
        taken_s.append(time.process_time() - began_s)
    return min(taken_s) * 1000
