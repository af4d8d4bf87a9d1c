"""What an allowance has against an order."""

from datetime import UTC, datetime

import pytest

from atoll.admission.quota import (
    Quota,
    above_month,
    above_one_job,
    is_full,
    quota_of,
    too_many_requests,
)
from atoll.model.policy import Allowance, PerTier


@pytest.mark.parametrize(
    ("limit", "size", "is_refused"),
    [(None, 10**15, False), (100, 100, False), (100, 101, True), (0, 1, True), (0, 0, False)],
)
def test_a_job_may_have_so_many_bytes(limit: int | None, size: int, is_refused: bool):  # noqa: FBT001
    refusal = above_one_job(size, Allowance(bytes_per_job=limit))
    assert (refusal is not None) == is_refused
    if refusal is not None:
        assert refusal.facts == {"output_bytes": size, "limit_bytes": limit}


@pytest.mark.parametrize(("used", "cost", "left"), [(0, 100, 0), (60, 40, 0), (60, 41, -1)])
def test_a_month_has_so_many_bytes(used: int, cost: int, left: int):
    quota = quota_of(Allowance(bytes_per_month=100), used)
    assert quota == Quota(100, used)
    assert quota.left_after(cost) == left
    refusal = above_month(cost, quota)
    assert (refusal is not None) == (left < 0)
    if refusal is not None:
        assert refusal.facts == {"quota_bytes": 100, "cost_bytes": cost}


def test_without_a_quota_nothing_is_too_much():
    assert quota_of(Allowance(), 10**15) is None
    assert above_month(10**15, None) is None


@pytest.mark.parametrize(
    ("number", "limit", "full"), [(0, 0, True), (1, 2, False), (2, 2, True), (3, 2, True)]
)
def test_jobs_of_a_tier_are_counted(number: int, limit: int, full: bool):  # noqa: FBT001
    counted, most = PerTier(small=number, big=99), PerTier(small=limit)
    assert is_full("small", counted, most) == full
    assert not is_full("big", counted, most)


@pytest.mark.parametrize(("second", "left_s"), [(0, 60), (59, 1)])
def test_who_has_asked_too_often_is_told_when_the_minute_is_over(second: int, left_s: int):
    refusal = too_many_requests(6, datetime(2026, 11, 1, 12, 0, second, tzinfo=UTC))
    assert refusal.facts == {"limit": 6, "retry_after_s": left_s}
