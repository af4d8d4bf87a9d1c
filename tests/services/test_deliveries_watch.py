"""Deliveries go on, whatever was lost on their way and whoever is killed."""

import json
from collections.abc import Callable
from functools import partial

import pytest

from atoll.errors import Unavailable
from atoll.model.delivery import CLOSED, DeliveryStatus
from atoll.services.deliveries import Step, advance, start, watch
from atoll.services.deliveries.watch import MOST_SENT, SENT_AFTER
from tests.dialects.delivery.builders import DATASET, T0, WINDS
from tests.services.crashes import kills
from tests.services.deliverers import fragile, taken, unit
from tests.world import World

FIRST, SECOND = "delivery-1", "delivery-2"
HOUR_S = SENT_AFTER.total_seconds()


def begun(status: DeliveryStatus = "received") -> World:
    """The first delivery has its turn and its execution, and stands there; another waits."""
    world = unit()
    taken(world, FIRST)
    start(FIRST, world.delivery_ports)
    stand(world, status)
    world.later(1)
    taken(world, SECOND)
    return world


def stand(world: World, status: str) -> None:
    receipt = world.deliveries.receipts[FIRST]
    world.deliveries.receipts[FIRST] = receipt.model_copy(update={"status": status})


def lost() -> World:
    """Two deliveries were received an hour ago, and their messages are nowhere."""
    world = unit()
    for delivery_id in (FIRST, SECOND):
        taken(world, delivery_id)
        world.later(1)
    world.delivery_queue.waiting.clear()
    world.later(HOUR_S)
    return world


def ended_alone() -> World:
    """The execution is over, and neither the worker nor anybody else closed the delivery."""
    world = begun("ingesting")
    world.delivery_workflow.ended.add(FIRST)
    return world


def closed_alone() -> World:
    """The execution was broken off after the worker had published, before the turn was ended."""
    world = begun("published")
    world.delivery_workflow.ended.add(FIRST)
    return world


def never_begun() -> World:
    """The turn was taken, and whoever took it was killed before the execution began."""
    world = begun()
    world.delivery_workflow.started.clear()
    return world


def answer(world: World) -> str:
    response = world.incoming.objects[f"incoming/met/{FIRST}/response.json"]
    status: str = json.loads(response)["status"]
    return status


def test_where_all_is_well_nothing_is_done():
    for world in (unit(), begun(), begun("verifying")):
        world.later(10 * HOUR_S)
        before = (dict(world.deliveries.receipts), dict(world.incoming.objects))
        waiting = {name: list(ids) for name, ids in world.delivery_queue.waiting.items()}
        assert watch(world.delivery_ports) == []
        assert before == (world.deliveries.receipts, world.incoming.objects)
        assert world.delivery_queue.waiting == waiting


@pytest.mark.parametrize("status", ["received", "checking", "ingesting", "verifying"])
def test_what_its_execution_left_open_has_failed(status: DeliveryStatus):
    world = begun(status)
    world.delivery_workflow.ended.add(FIRST)
    assert watch(world.delivery_ports) == [FIRST]
    receipt = world.deliveries.receipts[FIRST]
    assert (receipt.status, receipt.ended_at) == ("failed", world.time)
    assert answer(world) == "failed"
    start(SECOND, world.delivery_ports)
    assert world.deliveries.turns == {DATASET: SECOND}


@pytest.mark.parametrize("status", sorted(CLOSED))
def test_what_has_ended_keeps_no_turn(status: DeliveryStatus):
    world = begun(status)
    world.delivery_workflow.ended.add(FIRST)
    before = world.deliveries.receipts[FIRST]
    assert watch(world.delivery_ports) == [FIRST]
    assert world.deliveries.receipts[FIRST] == before
    assert world.deliveries.turns == {}
    assert answer(world) == status


def test_what_has_ended_without_any_execution_keeps_no_turn():
    world = never_begun()
    stand(world, "failed")
    assert watch(world.delivery_ports) == [FIRST]
    assert (world.deliveries.turns, world.delivery_workflow.started) == ({}, [])


@pytest.mark.parametrize("status", sorted(CLOSED))
def test_an_execution_that_has_still_to_close_its_delivery_does_it_itself(status: DeliveryStatus):
    world = begun(status)
    assert watch(world.delivery_ports) == []
    assert world.deliveries.turns == {DATASET: FIRST}


def test_what_has_the_turn_and_was_never_started_begins():
    world = never_begun()
    assert watch(world.delivery_ports) == [FIRST]
    assert world.delivery_workflow.started == [FIRST]
    assert world.deliveries.turns == {DATASET: FIRST}
    assert watch(world.delivery_ports) == []


def test_an_execution_that_closes_while_it_is_looked_at_wins():
    world = ended_alone()
    ports, state = world.delivery_ports, world.delivery_workflow.state

    def late(delivery_id: str):
        advance(delivery_id, Step("verifying"), world.deliveries, T0)
        advance(delivery_id, Step("published", revision="R1"), world.deliveries, T0)
        return state(delivery_id)

    world.delivery_workflow.state = late  # type: ignore[method-assign]  # between two calls
    watch(ports)
    assert world.deliveries.receipts[FIRST].status == "published"
    assert answer(world) == "published"


def test_what_was_lost_waits_again_in_the_order_in_which_it_came():
    world = lost()
    assert watch(world.delivery_ports) == [FIRST, SECOND]
    assert world.delivery_queue.waiting == {DATASET: [FIRST, SECOND]}


def test_what_came_within_the_hour_is_left_alone():
    world = lost()
    world.later(-3)
    assert watch(world.delivery_ports) == []
    world.later(1)
    assert watch(world.delivery_ports) == [FIRST]


def test_what_waits_while_another_changes_its_dataset_is_not_lost():
    world = begun("checking")
    world.products.kept["another"] = WINDS
    taken(world, "delivery-3", dataset="another")
    world.delivery_queue.waiting.clear()
    world.later(HOUR_S)
    assert watch(world.delivery_ports) == ["delivery-3"]
    assert world.delivery_queue.waiting == {"another": ["delivery-3"]}


def test_one_that_begins_while_it_is_looked_at_is_not_sent_again():
    world = lost()
    turns_taken = world.deliveries.turns_taken

    def late() -> dict[str, str]:
        found = turns_taken()
        advance(FIRST, Step("checking"), world.deliveries, T0)
        return found

    world.deliveries.turns_taken = late  # type: ignore[method-assign]  # between two calls
    assert watch(world.delivery_ports) == [SECOND]
    assert world.delivery_queue.waiting == {DATASET: [SECOND]}


def test_a_look_sends_so_many_and_no_more():
    world = unit()
    ids = [f"delivery-{number:03}" for number in range(MOST_SENT + 1)]
    for delivery_id in ids:
        taken(world, delivery_id)
        world.later(1)
    world.delivery_queue.waiting.clear()
    world.later(HOUR_S)
    assert watch(world.delivery_ports) == ids[:MOST_SENT]


def test_what_is_damaged_keeps_nobody_from_being_looked_after():
    world = ended_alone()
    world.deliveries.turns = {"another": "nosuch-delivery"} | world.deliveries.turns
    with pytest.raises(ExceptionGroup, match="next look"):
        watch(world.delivery_ports)
    assert world.deliveries.turns == {"another": "nosuch-delivery"}


@pytest.mark.parametrize("part", ["deliveries", "incoming", "delivery_workflow"])
def test_what_is_down_is_told_and_left_to_the_next_look(part: str):
    world = ended_alone()
    getattr(world, part).available = False
    with pytest.raises(ExceptionGroup) as met:
        watch(world.delivery_ports)
    assert {type(fault) for fault in met.value.exceptions} == {Unavailable}
    getattr(world, part).available = True
    watch(world.delivery_ports)
    assert world.deliveries.receipts[FIRST].status == "failed"
    assert world.deliveries.turns == {}


def test_a_queue_that_is_down_is_told_and_left_to_the_next_look():
    world = lost()
    world.delivery_queue.available = False
    with pytest.raises(ExceptionGroup):
        watch(world.delivery_ports)
    world.delivery_queue.available = True
    assert watch(world.delivery_ports) == [FIRST, SECOND]


CASES: dict[str, tuple[Callable[[], World], list[int]]] = {
    "ended alone": (ended_alone, [0, 1, 2, 3, 4, 5, 6, 7, 8]),
    "closed alone": (closed_alone, [0, 1, 2, 3, 4, 5]),
    "never begun": (never_begun, [0, 1, 2, 3, 4]),
    "lost": (lost, [0, 1, 2, 3, 4, 5]),
}


def well(world: World) -> None:
    """Whatever was the matter is put right, or waits for its turn."""
    status = world.deliveries.receipts[FIRST].status
    if FIRST in world.delivery_workflow.ended:
        assert status in CLOSED
        assert world.deliveries.turns == {}
    else:
        waits = [one for ids in world.delivery_queue.waiting.values() for one in ids]
        assert FIRST in {*world.delivery_workflow.started, *waits}
        assert len(world.delivery_workflow.started) <= 1
    assert len(world.deliveries.receipts[FIRST].findings) == (status == "failed")


@pytest.mark.parametrize("case", CASES)
def test_killed_between_any_two_calls(case: str):
    make, expected = CASES[case]

    def carry_out(calls: int) -> None:
        world = make()
        ports = fragile(world, calls)
        try:
            watch(ports)
        finally:
            watch(world.delivery_ports)
            well(world)
            watch(world.delivery_ports)
            well(world)

    assert list(kills(carry_out)) == expected


@pytest.mark.parametrize("case", CASES)
def test_two_at_once(case: str):
    """The second goes its whole way between any two calls of the first."""
    make, expected = CASES[case]
    for calls in expected:
        world = make()
        watch(fragile(world, calls, partial(watch, world.delivery_ports)))
        well(world)
