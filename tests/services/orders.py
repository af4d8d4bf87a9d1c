"""Worlds in which there are orders, and a policy of few slots."""

from atoll.model.job import Account, Job
from atoll.model.policy import Allowance, PerTier, Policy, PolicyVersion, QueueRules, Slots
from atoll.model.request import Interval
from atoll.services.submit import Placement, submit
from tests.services.test_subset import BOX
from tests.world import ANN, World

BOB = Account(account_id="bob-id", profiles=("public",))


def world_of(slots: int, running: int | None = None) -> World:
    """So many slots for small jobs, of which one account may hold so many."""
    world = World()
    rules(world, slots, running)
    return world


def rules(world: World, slots: int, running: int | None = None) -> None:
    """Put another policy in force."""
    policy = Policy(
        allowances={"default": Allowance(running=PerTier(small=running))},
        queue=QueueRules(slots=Slots(small=slots)),
    )
    number = world.policies.current().number + 1
    assert world.policies.put(PolicyVersion(number=number, policy=policy, text="", author="op"))


def ordered(world: World, deepest_m: float, account: Account = ANN) -> Job:
    """A small order, unlike one of another depth."""
    request = BOX.model_copy(update={"depth": Interval(lower=0, upper=deepest_m)})
    job = submit(request, account, Placement("c"), world.ports).job
    world.later(1)
    return job


def never_started(world: World, job: Job) -> None:
    """Whoever claimed its slot was lost before the start."""
    del world.workflow.started[job.job_id]
