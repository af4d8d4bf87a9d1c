"""How promises are kept, from receipts."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from atoll.dialects.policy import parse_policy
from atoll.model.product import Product, Timeliness
from atoll.planning.due import Promise
from atoll.services.deliveries import close
from atoll.services.policies import put_policy
from atoll.services.timeliness import Board, Overdue, Tally, overdue, standings, visible
from tests.dialects.delivery.builders import DATASET, WINDS
from tests.services.deliverers import MET, OPERATOR, published, taken
from tests.world import ANN, NAV, World

DELETE = {"op": "delete", "time_start": "2026", "time_end": "2026"}
NOV, DEC = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Unit(World):
    """A unit in which producers deliver."""

    numbers = count(1)

    def deliver(self, at: datetime, after: timedelta = HOUR, **changed) -> None:
        """Receive a delivery at a time, and publish it a while after."""
        before, self.time = self.time, at
        published(self, f"delivery-{next(self.numbers):05}", after, **changed)
        self.time = before


def unit(now: datetime, **datasets: Product) -> Unit:
    made = Unit(time=now)
    made.products.kept.update(datasets or {DATASET: WINDS})
    return made


def tally(world: World, month: str = "2026-11") -> Tally:
    (row,) = standings(month, world.delivery_ports)
    return row.tally


def test_a_month_that_was_kept():
    world = unit(DEC + 5 * DAY)
    for day in range(30):
        world.deliver(NOV + day * DAY + 10 * HOUR, HOUR)
    assert tally(world) == Tally(30, 30, 0, (-3600.0,) * 30)
    assert tally(world).timeliness == 1


def test_late_and_missing():
    world = unit(DEC + 40 * DAY)
    world.deliver(NOV - DAY + HOUR)  # it delivers since October
    world.deliver(NOV + 10 * HOUR, 2 * HOUR)  # just in time
    world.deliver(NOV + DAY + 10 * HOUR, 2 * HOUR + timedelta(seconds=1))
    # Of the third day, at the end of the month after; of the fourth, later than that.
    world.deliver(DEC + 30 * DAY, production_time="2026-11-03T00:00:00Z")
    world.deliver(DEC + 31 * DAY, production_time="2026-11-04T00:00:00Z")
    found = tally(world)
    assert (found.due, found.in_time, found.late, found.missing) == (30, 1, 2, 27)
    assert found.timeliness == pytest.approx(1 / 30)
    assert found.delays_s[:2] == (0, 1)
    assert found.median_delay_s == 1
    assert (
        found.worst_delay_s == (DEC + 30 * DAY + HOUR - NOV - 2 * DAY - 12 * HOUR).total_seconds()
    )


def test_what_is_not_due_yet_is_not_missing():
    world = unit(NOV + 2 * DAY + 12 * HOUR)
    world.deliver(NOV + HOUR)
    assert tally(world).due == 2
    world.later(1)
    assert tally(world).due == 3
    assert tally(world).missing == 2
    assert tally(world, "2026-10").due == 0


def test_a_dataset_counts_from_its_first_delivery_on():
    world = unit(DEC)
    assert tally(world) == Tally()
    assert tally(world).timeliness is None
    assert (tally(world).median_delay_s, tally(world).worst_delay_s) == (None, None)
    world.deliver(NOV + 20 * DAY + HOUR)
    assert tally(world).due == 10
    assert tally(world, "2026-10") == Tally()


def test_a_dataset_that_was_silent_for_a_month_is_not_a_new_one():
    world = unit(DEC)
    world.deliver(NOV - 40 * DAY)
    world.deliver(NOV + 20 * DAY + HOUR)
    found = tally(world)
    assert (found.due, found.in_time, found.missing) == (30, 1, 29)


def test_what_was_not_published_keeps_no_promise():
    world = unit(NOV + 10 * DAY)
    world.deliver(NOV - DAY)
    world.time = NOV + HOUR
    taken(world, "delivery-open")
    taken(world, "delivery-failed")
    close("delivery-failed", "", world.delivery_ports)
    taken(world, "delivery-of-nothing-new", operations=[DELETE])
    world.time = NOV + 10 * DAY
    assert tally(world).missing == 10


def test_of_several_deliveries_of_a_cycle_the_first_counts():
    world = unit(NOV + DAY)
    world.deliver(NOV + HOUR, 4 * HOUR)
    world.deliver(NOV + HOUR, 2 * HOUR)
    world.deliver(NOV + HOUR, 20 * HOUR)
    assert tally(world) == Tally(1, 1, 0, (-9 * 3600.0,))


def test_a_forecast_is_of_the_cycle_that_it_starts_from():
    world = unit(NOV + 3 * DAY)
    world.deliver(NOV - DAY)
    world.deliver(NOV + DAY + HOUR, reference_time="2026-11-01T00:00:00Z")
    assert tally(world) == Tally(3, 0, 1, (14 * 3600.0,))


@pytest.mark.parametrize(
    ("every", "due"),
    [("PT1H", 720), ("PT6H", 120), ("P1D", 30), ("P1W", 5), ("P1M", 1), ("P1Y", 0)],
)
def test_how_many_are_due_in_a_month(every, due):
    product = WINDS.model_copy(update={"timeliness": Timeliness(every=every)})
    world = unit(DEC + DAY, **{DATASET: product})
    world.deliver(NOV - 400 * DAY)
    assert tally(world).due == due


def test_a_delivery_of_a_year_is_found_where_it_began():
    product = WINDS.model_copy(update={"timeliness": Timeliness(every="P1Y")})
    world = unit(DEC + 40 * DAY, **{DATASET: product})
    world.deliver(DEC - 300 * DAY)
    assert tally(world, "2026-12") == Tally(1, 1, 0, tally(world, "2026-12").delays_s)


def test_every_dataset_with_a_promise_has_its_row():
    silent = WINDS.model_copy(update={"timeliness": None})
    waves = WINDS.model_copy(update={"id": "WAVES"})
    world = unit(NOV + 2 * DAY, winds=WINDS, silent=silent, waves=waves)
    world.deliver(NOV + HOUR, dataset="waves", product="WAVES")
    rows = standings("2026-11", world.delivery_ports)
    assert [(row.dataset, row.product.id, row.tally.due) for row in rows] == [
        ("waves", "WAVES", 2),
        ("winds", "WINDS", 0),
    ]


def test_tallies_add_up():
    assert Tally(3, 1, 1, (1.0, 2.0)) + Tally(1, 1, 0, (0.0,)) == Tally(4, 2, 1, (1.0, 2.0, 0.0))


def test_what_is_shown_to_whom():
    kept = WINDS.model_copy(update={"profiles": ("navy",)})
    world = unit(NOV, **{"open-winds": WINDS, "kept-winds": kept, "levitus-climatology": kept})
    rows = standings("2026-11", world.delivery_ports)

    def shown(account):
        return [row.dataset for row in visible(rows, account, world.ports)]

    # What is published is for whom it was published for.
    assert shown(ANN) == shown(MET) == ["levitus-climatology", "open-winds"]
    assert shown(NAV) == shown(OPERATOR) == ["kept-winds", "levitus-climatology", "open-winds"]
    rule = "datasets: [{match: [levitus-*], see: [navy]}]"
    put_policy(rule, 0, parse_policy, OPERATOR, world.ports)
    assert shown(ANN) == ["open-winds"]


def test_the_board_is_looked_up_once_a_minute():
    world = unit(NOV + 2 * DAY)
    board = Board(world.delivery_ports)
    world.deliver(NOV + HOUR)
    first = board.standings("2026-11")
    world.deliver(NOV + DAY + HOUR)
    world.later(60)
    assert board.standings("2026-11") == first
    world.later(1)
    (row,) = board.standings("2026-11")
    assert (first[0].tally.in_time, row.tally.in_time) == (1, 2)


def test_what_is_overdue():
    waves = WINDS.model_copy(update={"id": "WAVES"})
    silent = WINDS.model_copy(update={"timeliness": None})
    world = unit(NOV, winds=WINDS, waves=waves, silent=silent, unborn=WINDS)
    world.deliver(NOV + HOUR, dataset="winds")
    world.deliver(NOV + HOUR, dataset="waves", product="WAVES")
    world.deliver(NOV + DAY + HOUR, dataset="waves", product="WAVES")
    found = {
        hours: overdue(NOV + hours * HOUR, world.delivery_ports)
        for hours in (1, 12, 35, 36, 37, 61)
    }
    second, third = NOV + 36 * HOUR, NOV + 60 * HOUR
    assert found == {
        1: [],
        12: [],
        35: [],
        36: [],
        37: [Overdue("winds", "WINDS", second)],
        61: [Overdue("waves", "WAVES", third), Overdue("winds", "WINDS", third)],
    }
    world.deliver(NOV + 2 * DAY + 13 * HOUR, dataset="winds")
    world.deliver(NOV + 2 * DAY + 13 * HOUR, dataset="waves", product="WAVES")
    assert overdue(NOV + 62 * HOUR, world.delivery_ports) == []


def test_the_newest_that_is_over_is_told_though_those_before_are_missing_too():
    world = unit(NOV + 10 * DAY)
    world.deliver(NOV + HOUR)
    (found,) = overdue(world.time, world.delivery_ports)
    daily = Promise.of(Timeliness(every="P1D"))
    assert found.due == daily.last_due(world.time).due == NOV + 9 * DAY + 12 * HOUR
