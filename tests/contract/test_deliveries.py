"""The Deliveries port: one suite for the fake and for DynamoDB."""

import random
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from atoll.aws.deliveries import DynamoDeliveries
from atoll.errors import DataError, Unavailable, UnknownDelivery
from atoll.model.delivery import MOST_FINDINGS, MOST_OPERATIONS, Receipt
from atoll.ports.deliveries import Deliveries, Unbegun
from tests.contract.cloud import Cloud, Faults
from tests.contract.deliveries import DATASET, T0, findings, operation, receipt
from tests.contract.tables import DELIVERIES
from tests.fakes import FakeDeliveries

CHECKED: dict[str, Any] = {"status": "checking", "checked_at": T0 + timedelta(hours=1)}


@pytest.fixture(params=["fake", "aws"])
def deliveries(request: pytest.FixtureRequest) -> Deliveries:
    if request.param == "fake":
        return FakeDeliveries()
    return aws_deliveries(request.getfixturevalue("aws"))


def aws_deliveries(aws: Cloud) -> DynamoDeliveries:
    return DynamoDeliveries(aws.dynamodb, DELIVERIES)


def changed(before: Receipt, **changes: object) -> Receipt:
    return before.model_copy(update=changes)


def test_a_delivery_is_kept_as_it_was_received(deliveries: Deliveries) -> None:
    assert deliveries.receive(receipt()) == receipt()
    assert deliveries.receipt("delivery-1") == receipt()


def test_the_same_id_again_changes_nothing(deliveries: Deliveries) -> None:
    deliveries.receive(receipt())
    assert deliveries.receive(receipt(minutes=5, digest="e" * 64)) == receipt()
    assert deliveries.receipt("delivery-1") == receipt()


def test_it_is_received_once_and_then_goes_on(deliveries: Deliveries) -> None:
    deliveries.receive(receipt())
    deliveries.advance(receipt(), receipt(**CHECKED))
    assert deliveries.receive(receipt()) == receipt(**CHECKED)


def test_a_delivery_that_there_is_not(deliveries: Deliveries) -> None:
    deliveries.take_turn(DATASET, "delivery-1")
    for name in ("delivery-2", f"turn#{DATASET}"):
        with pytest.raises(UnknownDelivery) as raised:
            deliveries.receipt(name)
        assert raised.value.facts == {"delivery": name}


def test_what_became_of_it_is_kept(deliveries: Deliveries) -> None:
    before = deliveries.receive(receipt())
    ends = {"ended_at": T0 + timedelta(hours=2), "target": T0 + timedelta(hours=3)}
    for after in (
        changed(before, **CHECKED),
        changed(before, status="published", revision="R1", findings=findings(2), **ends),
    ):
        assert deliveries.advance(before, after)
        assert deliveries.receipt("delivery-1") == after
        before = after


@pytest.mark.parametrize(
    "other",
    [
        {"status": "checking"},
        {"checked_at": T0},
        {"findings": findings(1)},
        {"digest": "e" * 64},
        {"revision": "R1"},
        {"target": T0},
    ],
)
def test_only_what_it_is_can_be_replaced(deliveries: Deliveries, other: dict[str, object]) -> None:
    deliveries.receive(receipt())
    seen = changed(receipt(), **other)
    assert not deliveries.advance(seen, changed(seen, status="failed"))
    assert deliveries.receipt("delivery-1") == receipt()


def test_a_release_that_knows_another_field_goes_on_with_what_was_kept(aws: Cloud) -> None:
    class LaterReceipt(Receipt):
        remark: str = ""

    deliveries = aws_deliveries(aws)
    deliveries.receive(receipt())
    before = LaterReceipt.model_validate(receipt().model_dump())
    assert deliveries.advance(before, receipt(**CHECKED))


def test_what_was_never_received_cannot_be_advanced(deliveries: Deliveries) -> None:
    assert not deliveries.advance(receipt(), receipt(**CHECKED))
    with pytest.raises(UnknownDelivery):
        deliveries.receipt("delivery-1")


def test_the_newest_of_a_dataset_come_first(deliveries: Deliveries) -> None:
    for number in (3, 1, 4, 2):
        deliveries.receive(receipt(f"delivery-{number}", minutes=number))
    deliveries.receive(receipt("delivery-9", dataset="another"))
    ids = [one.note.delivery_id for one in deliveries.of_dataset(DATASET, 3)]
    assert ids == ["delivery-4", "delivery-3", "delivery-2"]
    assert deliveries.of_dataset(DATASET, 1) == [receipt("delivery-4", minutes=4)]
    assert len(deliveries.of_dataset(DATASET, 100)) == 4
    assert deliveries.of_dataset("none", 100) == []


def test_a_listing_has_what_became_of_them(deliveries: Deliveries) -> None:
    deliveries.receive(receipt())
    deliveries.advance(receipt(), receipt(**CHECKED))
    assert deliveries.of_dataset(DATASET, 1) == deliveries.of_month("2026-11")
    assert deliveries.of_month("2026-11") == [receipt(**CHECKED)]


def test_a_month_is_that_of_utc(deliveries: Deliveries) -> None:
    to_december = 60 * 12 + 7 * 24 * 60
    deliveries.receive(receipt("delivery-1", minutes=to_december - 0.001))
    deliveries.receive(receipt("delivery-2", minutes=to_december, dataset="another"))
    assert [one.note.delivery_id for one in deliveries.of_month("2026-11")] == ["delivery-1"]
    assert [one.note.delivery_id for one in deliveries.of_month("2026-12")] == ["delivery-2"]
    assert deliveries.of_month("2025-11") == []


def test_one_delivery_at_a_time_has_the_turn(deliveries: Deliveries) -> None:
    assert deliveries.take_turn(DATASET, "delivery-1")
    assert deliveries.take_turn(DATASET, "delivery-1")
    assert not deliveries.take_turn(DATASET, "delivery-2")
    assert deliveries.take_turn("another", "delivery-2")
    deliveries.end_turn(DATASET, "delivery-2")
    assert not deliveries.take_turn(DATASET, "delivery-2")
    deliveries.end_turn(DATASET, "delivery-1")
    deliveries.end_turn(DATASET, "delivery-1")
    assert deliveries.take_turn(DATASET, "delivery-2")


def test_turns_are_listed_while_they_are_taken(deliveries: Deliveries) -> None:
    assert deliveries.turns_taken() == {}
    deliveries.take_turn(DATASET, "delivery-1")
    deliveries.take_turn(DATASET, "delivery-2")
    deliveries.take_turn("another", "delivery-3")
    assert deliveries.turns_taken() == {DATASET: "delivery-1", "another": "delivery-3"}
    deliveries.end_turn(DATASET, "delivery-1")
    assert deliveries.turns_taken() == {"another": "delivery-3"}


def test_what_nobody_has_begun_with_is_listed_the_oldest_first(deliveries: Deliveries) -> None:
    for number in (3, 1, 2):
        deliveries.receive(receipt(f"delivery-{number}", minutes=number))
    deliveries.receive(receipt("delivery-0", dataset="another"))
    deliveries.take_turn(DATASET, "delivery-2")
    before = deliveries.receipt("delivery-2")
    deliveries.advance(before, changed(before, **CHECKED))
    assert deliveries.unbegun() == [
        Unbegun("delivery-0", "another", T0),
        Unbegun("delivery-1", DATASET, T0 + timedelta(minutes=1)),
        Unbegun("delivery-3", DATASET, T0 + timedelta(minutes=3)),
    ]


def longest(path_characters: int) -> Receipt:
    """The longest note, of names that cannot be packed well, and all findings it may have."""
    chance = random.Random(6)  # noqa: S311 (names, no secrets)
    names = [
        "".join(chance.choices(string.ascii_letters + string.digits, k=path_characters))
        for _ in range(MOST_OPERATIONS)
    ]
    operations = tuple(
        operation(number, path=f"{name}.nc", sha256=f"{chance.getrandbits(256):064x}")
        for number, name in enumerate(names)
    )
    said = tuple(
        one.model_copy(update={"file": f"{name}.nc"})
        for one, name in zip(findings(MOST_FINDINGS, "x" * 500), names, strict=False)
    )
    return receipt(operations=operations, findings=said, status="rejected")


@pytest.mark.slow
def test_the_longest_delivery_can_be_kept(deliveries: Deliveries) -> None:
    before = deliveries.receive(changed(longest(800), status="received", findings=()))
    assert deliveries.advance(before, longest(800))
    assert deliveries.of_dataset(DATASET, 1) == [longest(800)]


def test_one_that_cannot_is_said_to_be_too_long(aws: Cloud) -> None:
    deliveries = aws_deliveries(aws)
    with pytest.raises(DataError, match="name fewer files, or shorter"):
        deliveries.receive(longest(2000))
    before = deliveries.receive(receipt())
    with pytest.raises(DataError, match="delivery-1"):
        deliveries.advance(before, longest(2000))
    assert deliveries.receipt("delivery-1") == receipt()


def test_of_many_that_ask_at_once_one_wins(aws: Cloud) -> None:
    deliveries = aws_deliveries(aws)
    deliveries.receive(receipt())
    outcomes = [changed(receipt(), digest=f"{number}" * 64) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda after: deliveries.advance(receipt(), after), outcomes))
        turns = list(pool.map(lambda n: deliveries.take_turn(DATASET, f"one-{n}-of-8"), range(8)))
    assert won.count(True) == turns.count(True) == 1
    assert deliveries.receipt("delivery-1") == outcomes[won.index(True)]


ASKED: dict[str, tuple[str, Callable[[Deliveries], object]]] = {
    "receive": ("PutItem", lambda deliveries: deliveries.receive(receipt())),
    "receipt": ("GetItem", lambda deliveries: deliveries.receipt("delivery-1")),
    "advance": ("PutItem", lambda deliveries: deliveries.advance(receipt(), receipt(**CHECKED))),
    "of_dataset": ("Query", lambda deliveries: deliveries.of_dataset(DATASET, 1)),
    "of_month": ("Query", lambda deliveries: deliveries.of_month("2026-11")),
    "turns_taken": ("Query", lambda deliveries: deliveries.turns_taken()),
    "unbegun": ("Query", lambda deliveries: deliveries.unbegun()),
    "take_turn": ("PutItem", lambda deliveries: deliveries.take_turn(DATASET, "delivery-1")),
    "end_turn": ("DeleteItem", lambda deliveries: deliveries.end_turn(DATASET, "delivery-1")),
}


@pytest.mark.parametrize("asked", ASKED)
def test_where_the_table_does_not_answer_it_is_unavailable(
    aws: Cloud, faults: Faults, asked: str
) -> None:
    deliveries, (operation_name, ask) = aws_deliveries(aws), ASKED[asked]
    faults.break_off("dynamodb", operation_name, ConnectTimeoutError(endpoint_url="deliveries"))
    with pytest.raises(Unavailable, match="deliveries"):
        ask(deliveries)


@pytest.mark.parametrize("asked", ["receive", "advance", "take_turn", "end_turn"])
def test_an_error_of_the_table_is_not_taken_for_another_delivery(
    aws: Cloud, faults: Faults, asked: str
) -> None:
    deliveries, (operation_name, ask) = aws_deliveries(aws), ASKED[asked]
    faults.refuse("dynamodb", operation_name, "AccessDeniedException")
    with pytest.raises(Exception, match="AccessDenied"):
        ask(deliveries)
