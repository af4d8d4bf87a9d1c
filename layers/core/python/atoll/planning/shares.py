"""Shares: which of a result's parts one of several workers looks after."""

from collections.abc import Sequence
from itertools import pairwise


def shares(missing: Sequence[int], workers: int) -> tuple[str, ...]:
    """Share parts out equally, each share said as `first-last`; no two overlap.

    Between its ends a share may name parts that are not missing; a worker passes those by.

    Args:
        missing: numbers of parts, rising.
        workers: at most so many shares; one or more.

    >>> shares([1, 2, 3, 7, 8], 2)
    ('1-2', '3-8')
    >>> shares([4], 8)
    ('4-4',)
    >>> shares([], 8)
    ()
    """
    count = min(workers, len(missing))
    borders = [share * len(missing) // count for share in range(count + 1)] if count else []
    return tuple(f"{missing[start]}-{missing[stop - 1]}" for start, stop in pairwise(borders))


def numbers(share: str) -> range:
    """The numbers from a share's first to its last.

    >>> numbers("3-8")
    range(3, 9)
    """
    first, _, last = share.partition("-")
    return range(int(first), int(last) + 1)
