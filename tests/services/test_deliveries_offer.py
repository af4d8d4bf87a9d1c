"""Who may deliver, and who may see what was delivered."""

import pytest

from atoll.errors import (
    DeliveryReused,
    InvalidParameter,
    NotAuthenticated,
    NotEntitled,
    Unavailable,
    UnknownDataset,
    UnknownDelivery,
)
from atoll.model.job import ANONYMOUS
from atoll.services.deliveries import listing, offer, show
from tests.dialects.delivery.builders import DATASET, DELIVERY_ID, FOLDER, note, put_of
from tests.services.deliverers import MET, OPERATOR, OTHER, taken, unit
from tests.world import ANN

DELETE = {"op": "delete", "time_start": "2026", "time_end": "2026"}


def test_each_file_and_the_note_have_an_address():
    world = unit()
    said = note(operations=[put_of(1), DELETE, put_of(2, op="replace")])
    offered = offer(said, MET, world.delivery_ports)
    assert [one.path for one in offered.uploads] == ["2026/001.nc", "2026/002.nc"]
    first = offered.uploads[0]
    assert first.url.startswith(f"https://incoming.test/{FOLDER}2026/001.nc?sha256={1:064x}")
    assert (first.size_bytes, first.sha256) == (1000, f"{1:064x}")
    assert offered.note_url is not None
    assert offered.note_url.startswith(f"https://incoming.test/{FOLDER}delivery.json")


def test_an_offer_changes_nothing():
    world = unit()
    offer(note(), MET, world.delivery_ports)
    assert offer(note(), MET, world.delivery_ports) == offer(note(), MET, world.delivery_ports)
    assert (world.deliveries.receipts, world.incoming.objects) == ({}, {})
    assert (world.delivery_queue.waiting, world.deliveries.turns) == ({}, {})


def test_what_was_received_is_not_uploaded_again():
    world = unit()
    taken(world)
    offered = offer(note(), MET, world.delivery_ports)
    assert (offered.uploads, offered.note_url) == ((), None)


def test_an_id_stands_for_one_note():
    world = unit()
    receipt = taken(world)
    with pytest.raises(DeliveryReused):
        offer(note(operations=[put_of(2)]), MET, world.delivery_ports)
    with pytest.raises(DeliveryReused):
        offer(note(producer="other"), OTHER, world.delivery_ports)
    assert world.deliveries.receipts == {DELIVERY_ID: receipt}


def test_what_there_is_not_and_what_is_not_for_this_producer_are_told_alike():
    world = unit()
    said = []
    for account, dataset in ((ANN, DATASET), (ANN, "nosuch"), (OPERATOR, DATASET), (MET, "nosuch")):
        with pytest.raises(UnknownDataset) as caught:
            offer(note(dataset=dataset), account, world.delivery_ports)
        said.append(caught.value.detail.replace(dataset, "X"))
    assert len(set(said)) == 1


@pytest.mark.parametrize("producer", ["other", "public", "stranger"])
def test_nobody_delivers_in_anothers_name(producer):
    with pytest.raises(InvalidParameter, match="one of met is"):
        offer(note(producer=producer), MET, unit().delivery_ports)


def test_the_product_is_the_datasets():
    with pytest.raises(InvalidParameter, match="WINDS"):
        offer(note(product="WAVES"), MET, unit().delivery_ports)


def test_delivering_needs_an_account_and_a_token_that_may_change_something():
    ports = unit().delivery_ports
    with pytest.raises(NotAuthenticated):
        offer(note(), ANONYMOUS, ports)
    with pytest.raises(NotEntitled):
        offer(note(), MET.model_copy(update={"may_order": False}), ports)


def test_a_delivery_is_shown_to_its_producer_and_to_operators():
    world = unit()
    receipt = taken(world)
    for account in (MET, OPERATOR):
        assert show(DELIVERY_ID, account, world.delivery_ports) == receipt
    said = []
    for account, delivery_id in ((OTHER, DELIVERY_ID), (ANN, DELIVERY_ID), (MET, "nosuch")):
        with pytest.raises(UnknownDelivery) as caught:
            show(delivery_id, account, world.delivery_ports)
        said.append(caught.value.detail.replace(delivery_id, "X"))
    assert len(set(said)) == 1


def test_deliveries_are_listed_to_those_whose_they_are():
    world = unit()
    for number, producer in enumerate(("met", "other", "met")):
        taken(world, f"delivery-{number}", producer=producer)
        world.later(60)

    def listed(account, limit=10):
        found = listing(DATASET, limit, account, world.delivery_ports)
        return [one.note.delivery_id for one in found]

    assert listed(MET) == ["delivery-2", "delivery-0"]
    assert listed(MET, 1) == ["delivery-2"]
    assert listed(OTHER, 1) == ["delivery-1"]
    assert listed(OPERATOR) == ["delivery-2", "delivery-1", "delivery-0"]
    assert listing("nosuch", 10, OPERATOR, world.delivery_ports) == []
    for account, dataset in ((ANN, DATASET), (MET, "nosuch")):
        with pytest.raises(UnknownDataset):
            listing(dataset, 10, account, world.delivery_ports)


@pytest.mark.parametrize("part", ["products", "deliveries", "incoming"])
def test_where_a_part_is_away_nothing_is_offered(part):
    world = unit()
    getattr(world, part).available = False
    with pytest.raises(Unavailable):
        offer(note(), MET, world.delivery_ports)
