"""What a follower gets when its leader ends."""

from atoll.services.aftermath import after_end
from atoll.services.dispatch import dispatch
from atoll.services.reaper import reap
from atoll.services.sharing import is_worth_following
from tests.contract.builders import job as any_job
from tests.services.orders import BOB, ordered, world_of


def test_a_follower_is_not_served_a_result_that_has_expired():
    """Nobody looked after it as long as the result lived."""
    world = world_of(slots=1)
    leader, follows = ordered(world, 100), ordered(world, 100, BOB)
    assert world.ledger.settle(leader, (), world.now())
    ended = world.ledger.rows[leader.job_id]
    world.later((ended.expires_at - world.now()).total_seconds())

    reap(world.ports.ends)

    mine = world.ledger.rows[follows.job_id]
    assert (mine.status, mine.leader) == ("accepted", None)
    assert dispatch(world.ports.ends) == [follows.job_id]


def test_a_follower_whose_row_is_lost_keeps_nobody_from_being_served():
    world = world_of(slots=1)
    leader, lost, follows = (
        ordered(world, 100),
        ordered(world, 100, BOB),
        ordered(world, 100, BOB),
    )
    followers = world.ledger.followers(leader.fingerprint)
    del world.ledger.rows[lost.job_id]
    world.ledger.followers = lambda _: followers  # type: ignore[method-assign,assignment]
    assert world.ledger.settle(leader, (), world.now())

    after_end(world.ledger.get(leader.job_id), world.ports.ends)

    assert world.ledger.rows[follows.job_id].status == "successful"


def test_a_result_of_as_many_files_as_were_quoted_is_delivered_and_no_other():
    """Operators have set another size of files since the first was ordered."""
    alone, mine = (any_job(name) for name in ("alone", "mine"))
    assert is_worth_following(alone, mine)
    assert not is_worth_following(alone, mine.model_copy(update={"files": 3}))
