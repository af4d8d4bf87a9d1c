"""Rounds in which many workers make one result: each makes what the ones before have not."""

from atoll.errors import DataError, WorkerLost
from atoll.model.job import Reason
from atoll.ports import Results

MOST_ROUNDS = 3


def demand_progress(job_id: str, rounds: int, missing: int, results: Results) -> None:
    """Refuse another round where it would be vain.

    Args:
        job_id: of the job.
        rounds: begun before.
        missing: number of parts that are not there; 0 = to be assembled, which is tried as often.
        results: where a worker leaves the reason why it could not go on.

    Raises:
        DataError: a worker has left a reason.
        WorkerLost: workers were lost in each of `MOST_ROUNDS` rounds.
        Unavailable: the store did not answer.
    """
    left = results.report(job_id) if rounds else None
    if isinstance(left, Reason):
        raise DataError(left.detail, left.facts)
    # A round that finds nothing missing only looks: the assembling after it is one more try.
    if rounds >= MOST_ROUNDS + (not missing):
        raise WorkerLost(
            f"Workers were lost in {MOST_ROUNDS} rounds; please order again.",
            {"rounds": rounds, "missing_parts": missing},
        )
