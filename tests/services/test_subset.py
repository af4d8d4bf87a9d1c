"""Quote and order."""

from dataclasses import replace

import pytest

from atoll.admission.decide import Limits, decide
from atoll.errors import (
    NotAuthenticated,
    NotEntitled,
    TooLarge,
    Unavailable,
    UnknownDataset,
    UnknownVariable,
)
from atoll.model.job import ANONYMOUS, Job, Tier, Work
from atoll.model.request import Format, Interval, LongitudeInterval, SubsetRequest
from atoll.ports import Hindrance, Terms
from atoll.services.submit import Placement, submit
from atoll.services.subset import quote
from tests.world import ANN, LIMITS, NAV, World

BOX = SubsetRequest(
    dataset="levitus-climatology",
    longitude=LongitudeInterval(west=-40, east=30),
    latitude=Interval(lower=30, upper=60),
    depth=Interval(lower=0, upper=500),
)
WHOLE = SubsetRequest(dataset="levitus-climatology")


def limited(hard_limit_bytes: int) -> World:
    return World(
        limits=Limits(
            small_bytes=LIMITS.small_bytes,
            medium_bytes=LIMITS.medium_bytes,
            file_bytes=LIMITS.file_bytes,
            hard_limit_bytes=hard_limit_bytes,
            result_lifetime_s=1,
            url_lifetime_s=1,
        )
    )


def test_a_quote_changes_nothing_and_says_tier_and_price():
    world = World()
    small, whole = quote(BOX, ANN, world.ports), quote(WHOLE, ANN, world.ports)
    assert (small.decision.tier, whole.decision.tier) == ("small", "big")
    assert small.decision.cost_bytes == small.plan.output_bytes
    assert world.untouched()


@pytest.mark.parametrize(
    ("file_format", "above_small", "above_medium"),
    [("netcdf4", "medium", "big"), ("zarr", "medium", "big"), ("csv", "big", "big")],
)
def test_the_tier_follows_from_the_size_and_from_what_is_made_in_parts(
    file_format: Format, above_small: Tier, above_medium: Tier
):
    quoted = quote(BOX, ANN, World().ports)
    plan = quoted.plan.model_copy(update={"format": file_format})
    limits = replace(LIMITS, small_bytes=10, medium_bytes=20)
    sizes = {10: "small", 11: above_small, 20: above_small, 21: above_medium}
    for output_bytes, tier in sizes.items():
        sized = plan.model_copy(update={"output_bytes": output_bytes})
        assert decide(sized, quoted.coverage, limits).tier == tier


def test_an_order_reserves_its_bytes_and_starts_with_the_quoted_plan():
    world = World()
    job = submit(BOX, ANN, Placement("correlation-1"), world.ports).job
    quoted = quote(BOX, ANN, world.ports)
    assert world.workflow.started[job.job_id].plan == quoted.plan
    assert world.workflow.started[job.job_id].correlation_id == "correlation-1"
    assert world.ledger.rows[job.job_id].status == "accepted"
    assert world.accounts.balance("ann-id", "2026-11").reserved_bytes == quoted.plan.output_bytes


def test_a_quote_shows_the_refusal_that_an_order_raises():
    world = limited(1000)
    refusals = quote(BOX, ANN, world.ports).decision.refusals
    assert [type(refusal) for refusal in refusals] == [TooLarge]
    with pytest.raises(TooLarge) as caught:
        submit(BOX, ANN, Placement("c"), world.ports)
    assert caught.value.facts["limit_bytes"] == 1000
    assert world.untouched()


def test_exactly_the_hard_limit_is_allowed():
    size = quote(BOX, ANN, World().ports).plan.output_bytes
    assert submit(BOX, ANN, Placement("c"), limited(size).ports).job.status == "accepted"
    with pytest.raises(TooLarge):
        submit(BOX, ANN, Placement("c"), limited(size - 1).ports)


def test_a_set_of_files_is_quoted_and_ordered_with_their_number():
    world = World(limits=replace(LIMITS, file_bytes=5 * 2**20))
    assert quote(BOX, ANN, world.ports).decision.files == 1
    winds = SubsetRequest(dataset="navy-winds")
    files = quote(winds, NAV, world.ports).decision.files
    job = submit(winds, NAV, Placement("c"), world.ports).job
    assert (files, job.files, world.workflow.started[job.job_id].files) == (3, 3, 3)


def test_nobody_in_particular_cannot_order():
    world = World()
    with pytest.raises(NotAuthenticated):
        submit(BOX, ANONYMOUS, Placement("c"), world.ports)
    assert world.untouched()


def test_restricted_and_unknown_are_told_in_the_same_words():
    world = World()
    said = []
    for name in ("navy-winds", "nosuch-wind"):
        with pytest.raises(UnknownDataset) as caught:
            submit(SubsetRequest(dataset=name), ANN, Placement("c"), world.ports)
        said.append((caught.value.detail.replace(name, "X"), caught.value.facts["accepted"]))
    assert said[0] == said[1]
    assert said[0][1] == ["levitus-climatology"]
    assert world.untouched()
    assert submit(SubsetRequest(dataset="navy-winds"), NAV, Placement("c"), world.ports).job.job_id


def test_an_unknown_revision_is_an_unknown_dataset():
    with pytest.raises(UnknownDataset, match="nosuch"):
        quote(BOX.model_copy(update={"revision": "nosuch"}), ANN, World().ports)


def test_a_request_that_cannot_be_planned_reserves_nothing():
    world = World()
    with pytest.raises(UnknownVariable):
        submit(
            BOX.model_copy(update={"variables": ("chlorophyll",)}), ANN, Placement("c"), world.ports
        )
    assert world.untouched()


def test_when_the_workflow_is_away_the_reservation_is_released():
    world = World()
    world.workflow.available = False
    with pytest.raises(Unavailable):
        submit(BOX, ANN, Placement("c"), world.ports)
    assert list(world.ledger.statuses().values()) == ["failed"]
    assert world.accounts.balance("ann-id", "2026-11").reserved_bytes == 0


def test_a_token_made_for_reading_cannot_order():
    world = World()
    with pytest.raises(NotEntitled, match="atoll/order"):
        submit(BOX, ANN.model_copy(update={"may_order": False}), Placement("c"), world.ports)
    assert world.untouched()


def test_when_the_workflow_fails_in_a_way_nobody_foresaw_the_reservation_is_released():
    world = World()

    def denied(work: Work) -> None:
        raise PermissionError(f"arn:aws:states:secret:{work.job_id}")

    world.workflow.start = denied  # type: ignore[method-assign]
    with pytest.raises(PermissionError):
        submit(BOX, ANN, Placement("c"), world.ports)
    (job,) = world.ledger.rows.values()
    assert (job.status, job.reason and job.reason.code) == ("failed", "internal-error")
    assert "secret" not in job.model_dump_json()
    assert world.accounts.balance("ann-id", "2026-11").reserved_bytes == 0


def test_when_the_answer_to_an_admission_is_lost_the_reservation_is_released():
    world = World()
    admit = world.ledger.admit

    def admitted_in_silence(job: Job, terms: Terms) -> frozenset[Hindrance]:
        admit(job, terms)
        raise Unavailable("The ledger did not answer.")

    world.ledger.admit = admitted_in_silence  # type: ignore[method-assign,assignment]
    with pytest.raises(Unavailable):
        submit(BOX, ANN, Placement("c"), world.ports)
    assert list(world.ledger.statuses().values()) == ["failed"]
    assert world.accounts.balance("ann-id", "2026-11").reserved_bytes == 0
    assert not world.workflow.started


def test_when_the_ledger_is_away_nothing_is_reserved_and_its_fault_is_told():
    world = World()
    world.ledger.available = False
    with pytest.raises(Unavailable):
        submit(BOX, ANN, Placement("c"), world.ports)
    assert world.untouched()
