"""Shares of parts: every missing part is in one of them, and in one alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.planning.shares import numbers, shares


@given(
    missing=st.sets(st.integers(1, 9_000), max_size=200).map(sorted),
    workers=st.integers(1, 40),
)
def test_every_missing_part_is_in_one_share(missing: list[int], workers: int):
    found = shares(missing, workers)
    owners = [[share for share in found if part in numbers(share)] for part in missing]
    assert all(len(owner) == 1 for owner in owners)
    assert len(found) == min(workers, len(missing))
    counts = [sum(part in numbers(share) for part in missing) for share in found]
    assert not counts or max(counts) - min(counts) <= 1


@pytest.mark.parametrize(("share", "expected"), [("1-1", [1]), ("3-5", [3, 4, 5])])
def test_a_share_is_read_as_it_was_said(share: str, expected: list[int]):
    assert list(numbers(share)) == expected
