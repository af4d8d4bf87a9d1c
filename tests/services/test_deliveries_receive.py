"""A note that is left is taken up once, or told why not; nothing else is changed."""

import json
from typing import Any

import pytest

from atoll.errors import Unavailable
from atoll.model.delivery import LONGEST_NOTE_BYTES
from atoll.model.product import Timeliness
from atoll.services.deliveries import Step, advance, close, receive, start
from tests.dialects.delivery.builders import (
    DATASET,
    DELIVERY_ID,
    FOLDER,
    NOTE_KEY,
    T0,
    WINDS,
    dnt,
    put_of,
    text,
)
from tests.services.crashes import kills
from tests.services.deliverers import fragile, leave, taken, unit
from tests.world import World

NOON = T0.replace(hour=12)


def response(world: World, folder: str = FOLDER) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(world.incoming.objects[f"{folder}response.json"])
    return said


def left(world: World, body: bytes, key: str = NOTE_KEY) -> dict[str, Any]:
    """Leave what is no note that can be taken up; the answer is what is told of it."""
    world.incoming.objects[key] = body
    before = dict(world.deliveries.receipts), dict(world.delivery_queue.waiting)
    assert receive(key, world.delivery_ports) is None
    assert (world.deliveries.receipts, world.delivery_queue.waiting) == before
    return response(world, key.rpartition("/")[0] + "/")


def test_a_note_is_received_and_waits():
    world = unit()
    receipt = taken(world)
    assert (receipt.status, receipt.received_at, receipt.target) == ("received", T0, NOON)
    assert world.deliveries.receipts == {DELIVERY_ID: receipt}
    assert world.delivery_queue.waiting == {DATASET: [DELIVERY_ID]}
    assert world.incoming.objects.keys() == {NOTE_KEY}


def test_a_historic_note_is_received_by_its_name():
    world = unit()
    world.incoming.objects[f"{FOLDER}delivery.xml"] = dnt()
    receipt = receive(f"{FOLDER}delivery.xml", world.delivery_ports)
    assert receipt is not None
    assert (receipt.note.delivery_id, receipt.note.operations[0].md5) == (DELIVERY_ID, "0" * 32)


def test_where_nothing_is_promised_there_is_no_target():
    assert taken(unit(WINDS.model_copy(update={"timeliness": None}))).target is None


def test_the_same_again_is_the_same_delivery():
    world = unit()
    receipt = taken(world)
    world.later(60)
    assert taken(world) == receipt
    assert world.delivery_queue.waiting == {DATASET: [DELIVERY_ID]}


def test_one_that_goes_on_does_not_wait_again():
    world = unit()
    taken(world)
    world.delivery_queue.waiting.clear()
    advance(DELIVERY_ID, Step("checking"), world.deliveries, T0)
    assert taken(world).status == "checking"
    assert world.delivery_queue.waiting == {}


def test_settings_that_change_later_do_not_undo_a_receipt():
    world = unit()
    receipt = taken(world)
    world.products.kept.clear()
    assert taken(world) == receipt
    assert world.incoming.objects.keys() == {NOTE_KEY}


@pytest.mark.parametrize(
    ("changed", "attribute", "problem"),
    [
        ({"dataset": "nosuch"}, "dataset", "'nosuch'"),
        ({"product": "WAVES"}, "product", "WINDS"),
        ({"producer": "other"}, "producer", "folder of met"),
        ({"delivery_id": "another-id"}, "delivery_id", f"folder of {DELIVERY_ID}"),
        ({"operations": [put_of(path="../a.nc")]}, "operations.0.path", "'..'"),
        ({"operations": [put_of(bytes="many")]}, "operations.0.bytes", "integer"),
        ({"operations": []}, "operations", "1 to 500"),
    ],
)
def test_a_note_that_cannot_be_taken_up_is_told_why(changed, attribute, problem):
    said = left(unit(), text(**changed))
    (finding,) = said["findings"]
    assert (said["schema"], said["delivery_id"], said["status"]) == (
        "dr/1",
        DELIVERY_ID,
        "rejected",
    )
    assert (finding["check"], finding["severity"]) == ("note", "error")
    assert (finding["file"], finding["attribute"]) == ("delivery.json", attribute)
    assert problem in finding["problem"]


@pytest.mark.parametrize("body", [b"", b"nonsense", b"x" * (LONGEST_NOTE_BYTES + 1)])
def test_what_is_no_note_is_told_so(body):
    assert left(unit(), body)["findings"][0]["check"] == "note"


def test_who_may_not_deliver_and_what_there_is_not_are_told_alike():
    key = f"incoming/stranger/{DELIVERY_ID}/delivery.json"
    said = []
    for dataset in (DATASET, "nosuch-winds"):
        told = left(unit(), text(producer="stranger", dataset=dataset), key)
        said.append(told["findings"][0]["problem"].replace(dataset, "X"))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "key",
    [
        f"{FOLDER}2026/001.nc",
        f"{FOLDER}response.json",
        f"{FOLDER}sub/delivery.json",
        f"elsewhere/met/{DELIVERY_ID}/delivery.json",
        f"incoming/{DELIVERY_ID}/delivery.json",
        f"incoming/met//{DELIVERY_ID}/delivery.json",
        f"{FOLDER}delivery.json\n",
    ],
)
def test_what_is_no_place_of_a_note_is_let_be(key):
    world = unit()
    world.incoming.objects[key] = text()
    assert receive(key, world.delivery_ports) is None
    assert world.deliveries.receipts == {}
    assert world.incoming.objects == {key: text()}


def test_an_id_that_stands_for_another_note_is_told_so_and_the_first_goes_on():
    world = unit()
    receipt = taken(world)
    said = left(world, text(operations=[put_of(2)]))
    assert (said["status"], said["dataset"]) == ("received", DATASET)
    assert "stands for another note" in said["findings"][0]["problem"]
    assert world.deliveries.receipts == {DELIVERY_ID: receipt}


def test_of_two_notes_in_one_folder_the_first_counts():
    world = unit()
    taken(world)
    said = left(world, b"<broken", f"{FOLDER}delivery.xml")
    assert said["status"] == "received"
    assert said["findings"][0]["file"] == "delivery.xml"


def test_anothers_id_tells_nothing_of_what_is_anothers():
    world = unit()
    taken(world)
    key = f"incoming/other/{DELIVERY_ID}/delivery.json"
    said = left(world, text(producer="other"), key)
    assert (said["status"], said["dataset"], said["target"]) == ("rejected", None, None)
    assert "stands for another note" in said["findings"][0]["problem"]
    assert f"{FOLDER}response.json" not in world.incoming.objects


def test_two_notes_of_one_id_at_once():
    world = unit()
    key = leave(world)
    other = text(operations=[put_of(2)])

    class Slow(type(world.deliveries)):  # type: ignore[misc]  # of whatever class it is
        def receive(self, receipt):
            if not self.receipts:
                world.incoming.objects[key] = other
                world.deliveries = self
                first = receipt.model_copy(update={"digest": "another's"})
                self.receipts[DELIVERY_ID] = first
            return super().receive(receipt)

    world.deliveries = Slow()
    assert receive(key, world.delivery_ports) is None
    assert world.deliveries.receipts[DELIVERY_ID].digest == "another's"
    assert "stands for another note" in response(world)["findings"][0]["problem"]


@pytest.mark.parametrize("part", ["products", "deliveries", "incoming", "delivery_queue"])
def test_where_a_part_is_away_it_is_tried_again(part):
    world = unit()
    key = leave(world)
    getattr(world, part).available = False
    with pytest.raises(Unavailable):
        receive(key, world.delivery_ports)
    getattr(world, part).available = True
    assert receive(key, world.delivery_ports) is not None
    assert world.delivery_queue.waiting == {DATASET: [DELIVERY_ID]}


def test_killed_between_any_two_calls_it_is_received_once_and_waits():
    def carry_out(calls: int) -> None:
        world = unit()
        key = leave(world)
        try:
            receive(key, fragile(world, calls))
        finally:
            receipt = receive(key, world.delivery_ports)
            assert receipt == world.deliveries.receipts[DELIVERY_ID]
            assert world.delivery_queue.waiting == {DATASET: [DELIVERY_ID]}

    assert list(kills(carry_out)) == [0, 1, 2, 3, 4]


def test_killed_while_it_is_refused_it_is_told_at_last():
    def carry_out(calls: int) -> None:
        world = unit()
        key = leave(world, dataset="nosuch")
        try:
            receive(key, fragile(world, calls))
        finally:
            assert receive(key, world.delivery_ports) is None
            assert response(world)["status"] == "rejected"
            assert world.deliveries.receipts == {}

    assert list(kills(carry_out)) == [0, 1, 2, 3, 4]


def test_from_the_note_to_the_end():
    world = unit(WINDS.model_copy(update={"timeliness": Timeliness(every="PT6H")}))
    taken(world)
    start(DELIVERY_ID, world.delivery_ports)
    for status in ("checking", "ingesting", "verifying"):
        advance(DELIVERY_ID, Step(status), world.deliveries, world.time)
    advance(DELIVERY_ID, Step("published", revision="R1"), world.deliveries, world.time)
    close(DELIVERY_ID, "", world.delivery_ports)
    said = response(world)
    assert (said["status"], said["revision"]) == ("published", "R1")
    assert said["target"] == "2026-11-23T12:00:00Z"
    assert world.deliveries.turns == {}
