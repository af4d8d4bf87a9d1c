"""One delivery at a time changes a dataset, whoever is killed and whatever comes twice."""

import json
from itertools import product

import pytest

from atoll.errors import JobAlreadyEnded, Unavailable, UnknownDelivery
from atoll.model.delivery import CLOSED, MOST_FINDINGS, Finding, Receipt
from atoll.services.deliveries import Step, advance, close, start
from atoll.services.deliveries.course import NEXT
from tests.dialects.delivery.builders import DATASET, FOLDER, T0
from tests.services.crashes import kills
from tests.services.deliverers import fragile, taken, unit
from tests.world import World

FIRST, SECOND = "delivery-1", "delivery-2"
WAY = ("received", "checking", "ingesting", "verifying")
# A step that is taken again, or was passed before, changes nothing.
LEGAL = {
    *(("received", to) for to in ("checking", "failed")),
    *(("checking", to) for to in ("rejected", "ingesting", "failed")),
    *(("ingesting", to) for to in ("verifying", "rejected", "failed")),
    *(("verifying", to) for to in ("published", "failed")),
}
ERROR = Finding(check="cf", problem="an error")
ADVICE = Finding(check="acdd", severity="advice", problem="an advice")


def two() -> World:
    world = unit()
    taken(world, FIRST)
    taken(world, SECOND)
    return world


def standing(status: str) -> World:
    """A world in which the first delivery stands there."""
    world = unit()
    receipt = taken(world, FIRST)
    world.deliveries.receipts[FIRST] = receipt.model_copy(update={"status": status})
    return world


def test_one_begins_and_the_other_waits_until_it_has_ended():
    world = two()
    ports = world.delivery_ports
    start(FIRST, ports)
    with pytest.raises(Unavailable, match="turn"):
        start(SECOND, ports)
    assert world.delivery_workflow.started == [FIRST]
    close(FIRST, "", ports)
    start(SECOND, ports)
    assert world.delivery_workflow.started == [FIRST, SECOND]
    assert world.deliveries.turns == {DATASET: SECOND}


def test_a_message_that_comes_twice_starts_once():
    world = two()
    start(FIRST, world.delivery_ports)
    start(FIRST, world.delivery_ports)
    assert world.delivery_workflow.started == [FIRST]


def test_a_message_that_comes_after_the_end_keeps_no_turn():
    world = two()
    ports = world.delivery_ports
    start(FIRST, ports)
    close(FIRST, "", ports)
    start(FIRST, ports)
    assert world.deliveries.turns == {}
    start(SECOND, ports)
    start(FIRST, ports)  # while it is another's turn
    assert world.deliveries.turns == {DATASET: SECOND}
    assert world.delivery_workflow.started == [FIRST, SECOND]


def test_one_that_ends_while_it_is_started_again_keeps_no_turn():
    world = two()
    ports = world.delivery_ports
    start(FIRST, ports)
    take_turn = world.deliveries.take_turn

    def late(dataset: str, delivery_id: str) -> bool:
        close(FIRST, "", ports)
        return take_turn(dataset, delivery_id)

    world.deliveries.take_turn = late  # type: ignore[method-assign]  # between two calls
    start(FIRST, ports)
    assert world.deliveries.turns == {}


def test_where_the_workflow_does_not_answer_it_is_tried_again_in_its_turn():
    world = two()
    world.delivery_workflow.available = False
    with pytest.raises(Unavailable):
        start(FIRST, world.delivery_ports)
    assert world.deliveries.turns == {DATASET: FIRST}  # it may have begun
    world.delivery_workflow.available = True
    start(FIRST, world.delivery_ports)
    assert world.delivery_workflow.started == [FIRST]


def test_there_is_nothing_to_start_or_close():
    ports = unit().delivery_ports
    with pytest.raises(UnknownDelivery):
        start("nosuch-delivery", ports)
    with pytest.raises(UnknownDelivery):
        close("nosuch-delivery", "", ports)


@pytest.mark.parametrize("status", WAY)
@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("", "ended without a result"),
        ('{"StoppedReason": "OutOfMemoryError: Container killed"}', "not enough memory"),
        ("arn:aws:ecs:eu-west-1:123456789012:task/secret", "lost, or met an unforeseen error"),
    ],
)
def test_what_the_worker_did_not_end_has_failed(status, cause, told):
    world = standing(status)
    start(FIRST, world.delivery_ports)
    world.later(60)
    receipt = close(FIRST, cause, world.delivery_ports)
    assert (receipt.status, receipt.ended_at) == ("failed", world.time)
    (finding,) = receipt.findings
    assert (finding.check, finding.severity) == ("unit", "error")
    assert told in finding.problem
    assert f"was {status}" in finding.problem
    in_doubt = status == "verifying"
    assert ("may hold it" in finding.problem, "operators tell" in finding.accepted) == (
        in_doubt,
        in_doubt,
    )
    assert "arn:" not in finding.problem
    assert world.deliveries.turns == {}
    assert world.deliveries.receipts[FIRST] == receipt


@pytest.mark.parametrize("status", sorted(CLOSED))
def test_what_the_worker_has_ended_stays_as_it_ended(status):
    world = standing(status)
    world.deliveries.turns[DATASET] = FIRST
    before = world.deliveries.receipts[FIRST]
    assert close(FIRST, "States.Timeout", world.delivery_ports) == before
    assert world.deliveries.turns == {}
    assert json.loads(world.incoming.objects[f"incoming/met/{FIRST}/response.json"])["status"] == (
        status
    )


def test_the_worker_that_ends_while_it_is_closed_wins():
    world = standing("verifying")
    ports = world.delivery_ports
    keep = world.deliveries.advance

    def meanwhile(before: Receipt, after: Receipt) -> bool:
        world.deliveries.advance = keep  # type: ignore[method-assign]  # once
        advance(FIRST, Step("published", revision="R1"), world.deliveries, T0)
        return keep(before, after)

    world.deliveries.advance = meanwhile  # type: ignore[method-assign]  # between two calls
    receipt = close(FIRST, "States.Timeout", ports)
    assert (receipt.status, receipt.revision, receipt.findings) == ("published", "R1", ())


def test_a_response_that_cannot_be_left_holds_nobody_up():
    world = two()
    start(FIRST, world.delivery_ports)
    world.incoming.available = False
    with pytest.raises(Unavailable):
        close(FIRST, "", world.delivery_ports)
    assert world.deliveries.turns == {}
    world.incoming.available = True
    assert close(FIRST, "", world.delivery_ports).status == "failed"


def test_killed_between_any_two_calls_of_a_start():
    def carry_out(calls: int) -> None:
        world = two()
        try:
            start(FIRST, fragile(world, calls))
        finally:
            start(FIRST, world.delivery_ports)
            assert world.delivery_workflow.started == [FIRST]
            assert world.deliveries.turns == {DATASET: FIRST}

    assert list(kills(carry_out)) == [0, 1, 2, 3]


def test_killed_between_any_two_calls_of_a_close():
    def carry_out(calls: int) -> None:
        world = two()
        start(FIRST, world.delivery_ports)
        try:
            close(FIRST, "lost", fragile(world, calls))
        finally:
            receipt = close(FIRST, "lost", world.delivery_ports)
            assert receipt.status == "failed"
            assert len(receipt.findings) == 1
            assert world.deliveries.turns == {}
            assert f"incoming/met/{FIRST}/response.json" in world.incoming.objects
            start(SECOND, world.delivery_ports)

    assert list(kills(carry_out)) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(("before", "to"), list(product(NEXT, repeat=2)))
def test_only_legal_steps(before, to):
    world = standing(before)
    kept, step = world.deliveries.receipts[FIRST], Step(to, revision="R1")
    is_passed = before == to or (before in WAY and to in WAY and WAY.index(to) <= WAY.index(before))
    if is_passed:
        assert advance(FIRST, step, world.deliveries, T0) == kept
    elif (before, to) in LEGAL:
        assert advance(FIRST, step, world.deliveries, T0).status == to
    elif before in CLOSED:
        with pytest.raises(JobAlreadyEnded, match=before):
            advance(FIRST, step, world.deliveries, T0)
    else:
        with pytest.raises(ValueError, match=f"{to} does not follow {before}"):
            advance(FIRST, step, world.deliveries, T0)
    changed = (before, to) in LEGAL
    assert (world.deliveries.receipts[FIRST] == kept) == (not changed)


def test_when_it_was_checked_and_when_it_ended():
    world = standing("checking")
    world.later(5)
    checked = advance(FIRST, Step("ingesting", (ADVICE,)), world.deliveries, world.time)
    assert (checked.checked_at, checked.ended_at) == (world.time, None)
    world.later(5)
    advance(FIRST, Step("verifying"), world.deliveries, world.time)
    ended = advance(FIRST, Step("published", revision="R1"), world.deliveries, world.time)
    assert (ended.checked_at, ended.ended_at) == (checked.checked_at, world.time)
    assert (ended.findings, ended.revision) == ((ADVICE,), "R1")


def test_errors_are_told_first_and_not_all():
    world = standing("checking")
    many = (ADVICE,) * MOST_FINDINGS + (ERROR,)
    rejected = advance(FIRST, Step("rejected", many), world.deliveries, T0)
    assert rejected.findings == (ERROR, *many[: MOST_FINDINGS - 1])


def test_a_store_that_never_takes_the_next_step_is_not_asked_for_ever():
    world = standing("checking")

    def never(before: Receipt, after: Receipt) -> bool:
        return before == after

    world.deliveries.advance = never  # type: ignore[method-assign]  # as a damaged row would
    with pytest.raises(Unavailable, match=FIRST):
        advance(FIRST, Step("ingesting"), world.deliveries, T0)


def test_of_two_workers_each_goes_on_from_where_the_other_is():
    world = standing("checking")
    keep = world.deliveries.advance

    def meanwhile(before: Receipt, after: Receipt) -> bool:
        world.deliveries.advance = keep  # type: ignore[method-assign]  # once
        advance(FIRST, Step("ingesting"), world.deliveries, T0)
        return keep(before, after)

    world.deliveries.advance = meanwhile  # type: ignore[method-assign]  # between two calls
    assert advance(FIRST, Step("ingesting", (ADVICE,)), world.deliveries, T0).findings == ()
    assert FOLDER not in world.incoming.objects
