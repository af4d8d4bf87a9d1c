"""Bytes that were reserved for a job that is not there any more: once a day, they are freed.

A job's row and its reservation are written together and the row outlives the job's end, so this
takes a table that was restored, or a row that somebody deleted.
"""

from datetime import timedelta

from atoll.errors import UnknownJob
from atoll.model.entry import Entry
from atoll.ports import Ends, Journal

# The journal may lag behind a little; a day is more than any lag.
LEAST_AGE = timedelta(days=1)
# Counted back from today; a night that was missed is made up for by the next.
DAYS = 3


def free_reservations(journal: Journal, ends: Ends) -> list[str]:
    """Free what is reserved for nobody, of the last days. Safe to repeat.

    Returns:
        Ids of the jobs that it was reserved for.

    Raises:
        Unavailable: a part did not answer; what was freed is free.
    """
    now = ends.now()
    return [
        entry.job_id
        for entry in _open(journal, ends)
        if now - entry.at >= LEAST_AGE and _is_lost(entry.job_id, ends)
        if ends.ledger.forfeit(entry, now)
    ]


def _open(journal: Journal, ends: Ends) -> list[Entry]:
    """Reservations of the last days that have not ended."""
    found: dict[str, Entry] = {}
    today = ends.now().date()
    for back in reversed(range(DAYS)):
        for entry in journal.of_day(today - timedelta(days=back)):
            if entry.kind == "reserved":
                found[entry.job_id] = entry
            else:
                found.pop(entry.job_id, None)
    return list(found.values())


def _is_lost(job_id: str, ends: Ends) -> bool:
    try:
        ends.ledger.get(job_id)
    except UnknownJob:
        return True
    return False
