"""When a job may start and end, by what became of others. Estimates, never promises."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Self

from atoll.model.job import Tier

# Of fewer jobs nothing is concluded.
LEAST_HISTORY = 5
# So many of similar size tell more than all of the tier; similar is within this factor.
LEAST_SIMILAR = 20
SIMILAR_FACTOR = 4


@dataclass(frozen=True, slots=True)
class Past:
    """A job that succeeded.

    Attributes:
        output_bytes: reserved for it: what is known of a job before it runs.
    """

    tier: Tier
    waited_s: float
    ran_s: float
    output_bytes: int


@dataclass(frozen=True, slots=True)
class Pending:
    """A job that has not ended, or a quote.

    Attributes:
        output_bytes: reserved for it.
        waited_s: so long it waits already; 0 for a quote.
        ran_s: so long it runs already; None = it waits.
    """

    tier: Tier
    output_bytes: int
    waited_s: float = 0
    ran_s: float | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds from now.

    Attributes:
        p50_s: half of those it is concluded from took no longer.
        p95_s: 95 % of them.
    """

    p50_s: float
    p95_s: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Self:
        """That of at least one number, by nearest rank: every value is one that occurred."""
        ordered = sorted(seconds)
        return cls(_nearest_rank(ordered, 50), _nearest_rank(ordered, 95))


@dataclass(frozen=True, slots=True)
class Estimate:
    """When a job may start and end.

    Attributes:
        start: None = it runs already.
        end: of its execution.
        jobs: it is concluded from so many.
    """

    start: Spread | None
    end: Spread
    jobs: int


def estimate(pending: Pending, history: Sequence[Past]) -> Estimate | None:
    """When a job may start and end; None = the history is too thin.

    A job that has waited for ten minutes is compared with those that waited as long, so that
    what is expected never lies behind. Jobs of similar size count where there are enough.
    """
    ran_s = pending.ran_s
    if ran_s is None:
        alike = _alike(pending, history, lambda past: past.waited_s >= pending.waited_s)
    else:
        alike = _alike(pending, history, lambda past: past.ran_s >= ran_s)
    if len(alike) < LEAST_HISTORY:
        return None
    if ran_s is not None:
        return Estimate(None, Spread.of(past.ran_s - ran_s for past in alike), len(alike))
    start_s = [past.waited_s - pending.waited_s for past in alike]
    end_s = [start + past.ran_s for start, past in zip(start_s, alike, strict=True)]
    return Estimate(Spread.of(start_s), Spread.of(end_s), len(alike))


def _alike(
    pending: Pending, history: Sequence[Past], got_as_far: Callable[[Past], bool]
) -> list[Past]:
    of_tier = [past for past in history if past.tier == pending.tier and got_as_far(past)]
    similar = [past for past in of_tier if _is_similar(past.output_bytes, pending.output_bytes)]
    return similar if len(similar) >= LEAST_SIMILAR else of_tier


def _is_similar(one_bytes: int, other_bytes: int) -> bool:
    return max(one_bytes, other_bytes) <= SIMILAR_FACTOR * min(one_bytes, other_bytes)


def _nearest_rank(ordered: Sequence[float], percent: int) -> float:
    return ordered[ceil(percent * len(ordered) / 100) - 1]
