"""An order that is sent again with its key is the same order."""

import pytest

from atoll.errors import KeyReused, QuotaExceeded, TooLarge, Unavailable
from atoll.model.policy import Allowance, Policy, PolicyVersion
from atoll.services.jobs import relabel_job, resubmit_job
from atoll.services.quoting import taken_up
from atoll.services.submit import Order, Placement, submit
from tests.services.test_quoting import quoted, token_of
from tests.services.test_subset import BOX
from tests.world import ANN, NAV, World

OTHER = BOX.model_copy(update={"format": "zarr"})


def order(world: World, key: str = "key-1", request=BOX, account=ANN) -> Order:
    return submit(request, account, Placement("c", key=key), world.ports)


def test_the_same_key_is_the_same_job():
    world = World()
    first = order(world)
    again = order(world)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.job == first.job
    assert len(world.ledger.rows) == 1
    assert len(world.workflow.started) == 1


def test_another_key_and_another_account_are_other_orders():
    world = World()
    ids = {
        order(world).job.job_id,
        order(world, "key-2").job.job_id,
        order(world, account=NAV).job.job_id,
    }
    assert len(ids) == 3


def test_a_key_stands_for_one_request():
    world = World()
    before = order(world).job
    with pytest.raises(KeyReused) as caught:
        order(world, request=OTHER)
    assert caught.value.facts == {"parameter": "Idempotency-Key", "job_id": before.job_id}
    assert len(world.ledger.rows) == 1


def test_what_was_ordered_once_is_that_order_though_it_would_be_refused_now():
    world = World()
    before = order(world).job
    nothing = Policy(allowances={"default": Allowance(bytes_per_job=0, bytes_per_month=0)})
    world.policies.put(PolicyVersion(number=1, policy=nothing, text="", author="op-id"))
    assert order(world).job.job_id == before.job_id
    for key, request in (("key-1", OTHER), ("key-2", BOX)):
        with pytest.raises(TooLarge, match="this account may order 0"):
            order(world, key, request)


def test_where_the_quota_is_used_up_by_the_order_itself_it_is_still_the_same():
    world = World()
    cost = quoted(world).quoted.decision.cost_bytes
    exactly = Policy(allowances={"default": Allowance(bytes_per_month=cost)})
    world.policies.put(PolicyVersion(number=1, policy=exactly, text="", author="op-id"))
    before = order(world).job
    assert order(world).job == before
    with pytest.raises(QuotaExceeded):
        order(world, "key-2")


def test_an_order_by_a_quote_is_the_same_after_the_quote_has_expired():
    world = World()
    offer = taken_up(token_of(quoted(world)), None, ANN, world.ports)
    placement = Placement("c", key="key-1", offer=offer)
    before = submit(offer.request, ANN, placement, world.ports).job
    world.later(3600)
    again = submit(offer.request, ANN, placement, world.ports)
    assert (again.job.job_id, again.is_new) == (before.job_id, False)


def test_a_key_whose_job_is_just_forgotten_is_to_be_tried_again():
    world = World()
    job = order(world).job
    del world.ledger.rows[job.job_id]
    with pytest.raises(Unavailable, match="forgotten"):
        order(world)


def test_an_order_that_could_not_be_started_is_tried_again_with_its_key():
    world = World()
    world.workflow.available = False
    with pytest.raises(Unavailable):
        order(world)
    nothing_started = world.ledger.rows.copy()
    world.workflow.available = True
    again = order(world)
    assert again.is_new
    assert again.job.job_id not in nothing_started
    assert list(world.workflow.started) == [again.job.job_id]
    repeated = order(world)
    assert (repeated.job.job_id, repeated.is_new) == (again.job.job_id, False)


def test_an_order_that_could_not_be_started_is_none_once_it_is_refused():
    world = World()
    world.workflow.available = False
    with pytest.raises(Unavailable):
        order(world)
    nothing = Policy(allowances={"default": Allowance(bytes_per_job=0)})
    world.policies.put(PolicyVersion(number=1, policy=nothing, text="", author="op-id"))
    with pytest.raises(TooLarge):
        order(world)


def test_a_job_is_ordered_once_more_with_its_label():
    world = World()
    job = relabel_job(order(world).job.job_id, "winter", ANN, world.ports)
    again = resubmit_job(job.job_id, ANN, Placement("c2"), world.ports).job
    assert again.job_id != job.job_id
    assert (again.request, again.label, again.correlation_id) == (BOX, "winter", "c2")
