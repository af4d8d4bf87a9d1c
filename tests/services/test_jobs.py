"""What an account may do with its jobs."""

import pytest

from atoll.errors import JobAlreadyEnded, ResultNotReady, Unavailable, UnknownJob
from atoll.model.job import Job, Reason, result_key
from atoll.services.completion import settle_job
from atoll.services.jobs import dismiss_job, fetch_results, own_job
from atoll.services.submit import Placement, submit
from tests.services.orders import BOB, ordered
from tests.services.test_subset import BOX
from tests.world import ANN, NAV, World


def order(world: World) -> Job:
    return submit(BOX, ANN, Placement("c"), world.ports).job


def settle(world: World, job: Job, name: str = "subset.nc") -> None:
    ends = world.ports.ends
    settle_job(job.job_id, world.make_result(job.job_id, name=name), ends)


def test_another_users_job_looks_like_none():
    world = World()
    job = order(world)
    for account, job_id in ((NAV, job.job_id), (ANN, "nosuch")):
        with pytest.raises(UnknownJob) as caught:
            own_job(job_id, account, world.ports)
        assert caught.value.detail == f"job_id: this account has no job {job_id!r}."
    assert own_job(job.job_id, ANN, world.ports) == job


def test_dismissing_frees_the_bytes_and_stops_the_execution():
    world = World()
    job = order(world)
    assert dismiss_job(job.job_id, ANN, world.ports).status == "dismissed"
    assert world.workflow.stopped == [job.job_id]
    assert world.accounts.balance("ann-id", "2026-11").reserved_bytes == 0


def test_dismissing_leaves_no_upload():
    world = World()
    job = order(world)
    world.results.uploads = [result_key(job.job_id, "a.nc"), result_key("another", "a.nc")]
    dismiss_job(job.job_id, ANN, world.ports)
    assert world.results.uploads == [result_key("another", "a.nc")]


def test_dismissing_leaves_no_finished_file_and_its_follower_makes_its_own():
    world = World()
    leader, follower = ordered(world, 100), ordered(world, 100, BOB)
    world.make_result(leader.job_id)
    dismiss_job(leader.job_id, ANN, world.ports)
    made = world.make_result(follower.job_id)
    settle_job(follower.job_id, made, world.ports.ends)
    with pytest.raises(JobAlreadyEnded):
        dismiss_job(leader.job_id, ANN, world.ports)
    assert set(world.results.objects) == {made.key}


def test_a_dismissed_job_is_never_resurrected():
    world = World()
    job = order(world)
    dismiss_job(job.job_id, ANN, world.ports)
    settle(world, job)
    assert world.ledger.rows[job.job_id].status == "dismissed"
    assert world.accounts.balance("ann-id", "2026-11").settled_bytes == 0


@pytest.mark.parametrize("end", ["successful", "failed", "dismissed"])
def test_a_job_that_has_ended_cannot_be_dismissed(end):
    world = World()
    job = order(world)
    if end == "successful":
        settle(world, job)
    elif end == "failed":
        world.ledger.release(job, Reason(code="x", detail="y"), world.now())
    else:
        dismiss_job(job.job_id, ANN, world.ports)
    before = world.ledger.rows[job.job_id]
    with pytest.raises(JobAlreadyEnded, match=end):
        dismiss_job(job.job_id, ANN, world.ports)
    assert world.ledger.rows[job.job_id] == before


def test_another_user_cannot_dismiss():
    world = World()
    job = order(world)
    with pytest.raises(UnknownJob):
        dismiss_job(job.job_id, NAV, world.ports)
    assert world.ledger.rows[job.job_id].status == "accepted"


def test_a_result_has_a_new_address_each_time_that_never_outlives_the_result():
    world = World()
    job = order(world)
    settle(world, job)
    ended = own_job(job.job_id, ANN, world.ports)
    assert fetch_results(ended, world.ports)[0].url_lifetime_s == 3_600
    world.later(86_400 - 60)
    assert fetch_results(ended, world.ports)[0].url_lifetime_s == 60
    world.later(60)
    with pytest.raises(ResultNotReady, match="expired"):
        fetch_results(ended, world.ports)


def test_a_manifest_has_an_address_that_lives_as_long_as_the_results():
    world = World()
    job = order(world)
    settle(world, job, "box.zarr.zip")
    world.later(86_400 - 60)
    (result,) = fetch_results(own_job(job.job_id, ANN, world.ports), world.ports)
    folder = f"https://results.test/results/{job.job_id}"
    assert result.url == f"{folder}/box.zarr.zip?lifetime_s=60"
    assert result.manifest_url == f"{folder}/box.zarr.json?lifetime_s=60"


def test_a_result_that_is_no_store_has_no_address_of_a_manifest():
    world = World()
    job = order(world)
    settle(world, job)
    (result,) = fetch_results(own_job(job.job_id, ANN, world.ports), world.ports)
    assert result.manifest_url is None


def test_a_job_without_a_result_says_why():
    world = World()
    job = order(world)
    with pytest.raises(ResultNotReady, match="accepted"):
        fetch_results(job, world.ports)
    reason = Reason(code="data-error", detail="chunk 3 is broken", facts={"chunk": "3"})
    world.ledger.release(job, reason, world.now())
    with pytest.raises(ResultNotReady, match="chunk 3 is broken") as caught:
        fetch_results(own_job(job.job_id, ANN, world.ports), world.ports)
    assert caught.value.facts["chunk"] == "3"


def test_a_cancel_whose_execution_could_not_be_stopped_can_be_repeated():
    world = World()
    job = order(world)
    world.workflow.available = False
    with pytest.raises(Unavailable):
        dismiss_job(job.job_id, ANN, world.ports)
    assert world.ledger.rows[job.job_id].status == "dismissed"
    world.workflow.available = True
    with pytest.raises(JobAlreadyEnded):
        dismiss_job(job.job_id, ANN, world.ports)
    assert world.workflow.stopped == [job.job_id]
