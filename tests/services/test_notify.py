"""Who is told of a job, of what, and by whom it is signed."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field

import pytest

from atoll.bootstrap.notification import write_job
from atoll.errors import InvalidParameter, Unavailable, UnknownJob
from atoll.model.job import Job
from atoll.model.notice import Channel, Event, Notice
from atoll.model.subscriber import Subscriber
from atoll.services.completion import release_job, settle_job
from atoll.services.jobs import dismiss_job
from atoll.services.notify import Notifying, notices_of, notify
from atoll.services.submit import Placement, submit
from tests.fakes import FakeTopic, FakeWebhooks
from tests.services.test_subset import BOX
from tests.world import ANN, NAV, World

HOOK = "https://hooks.example.org/atoll?token=hunter2"
ALL = Subscriber(success_uri=HOOK, failed_uri=f"{HOOK}&failed", in_progress_uri=f"{HOOK}&runs")
API = "https://api.example.org"


@dataclass
class Told:
    """A world in which somebody has ordered and wants to know.

    Attributes:
        webhooks, topic: what has arrived.
    """

    subscriber: Subscriber | None = ALL
    world: World = field(default_factory=World)
    webhooks: FakeWebhooks = field(default_factory=FakeWebhooks)
    topic: FakeTopic | None = field(default_factory=FakeTopic)

    def __post_init__(self) -> None:
        self.world.notifier.topic = self.topic is not None
        placement = Placement("correlation", subscriber=self.subscriber)
        self.job: Job = submit(BOX, ANN, placement, self.world.ports).job

    def settle(self) -> None:
        outcome = self.world.make_result(self.job.job_id)
        settle_job(self.job.job_id, outcome, self.world.ports.ends)

    def fail(self) -> None:
        release_job(self.job.job_id, "DataError", "TEMP is broken", self.world.ports.ends)

    @property
    def begun(self) -> list[tuple[str, Event, Channel]]:
        return [(each.job_id, each.event, each.channel) for each in self.world.notifier.notices]

    @property
    def ports(self) -> Notifying:
        return Notifying(
            ledger=self.world.ledger,
            secrets=self.world.secrets,
            webhooks=self.webhooks,
            topic=self.topic,
            write=lambda job: write_job(job, API),
            now=self.world.now,
        )

    def tell_all(self) -> list[bool]:
        return [notify(notice, self.ports) for notice in self.world.notifier.notices]


def test_a_job_is_told_of_when_it_begins_and_when_it_ends():
    told = Told()
    told.settle()
    job_id = told.job.job_id
    assert told.begun == [
        (job_id, "job.running", "webhook"),
        (job_id, "job.successful", "webhook"),
        (job_id, "job.successful", "topic"),
    ]
    failed = Told()
    failed.fail()
    assert failed.begun[1:] == [
        (failed.job.job_id, "job.failed", "webhook"),
        (failed.job.job_id, "job.failed", "topic"),
    ]


@pytest.mark.parametrize("subscriber", [None, Subscriber(success_uri=HOOK)])
def test_nothing_is_begun_for_nobody(subscriber: Subscriber | None):
    told = Told(subscriber, topic=None)
    told.fail()
    assert told.begun == []


def test_the_end_of_a_job_that_was_cancelled_is_told_to_nobody():
    told = Told()
    dismiss_job(told.job.job_id, ANN, told.world.ports)
    assert told.begun == [(told.job.job_id, "job.running", "webhook")]
    assert notices_of(told.world.ledger.rows[told.job.job_id], topic=True) == ()


def test_settling_again_begins_nothing_again_and_makes_up_for_what_was_missed():
    told = Told()
    told.world.notifier.available = False
    with pytest.raises(Unavailable):
        told.settle()
    assert told.world.ledger.rows[told.job.job_id].status == "successful"
    told.world.notifier.available = True
    told.settle()
    told.settle()
    assert [event for _, event, _ in told.begun].count("job.successful") == 2  # one each way


def test_a_job_runs_though_nobody_can_be_told_of_it():
    world = World()
    world.notifier.available = False
    job = submit(BOX, ANN, Placement("c", subscriber=ALL), world.ports).job
    assert job.job_id in world.workflow.started
    assert world.ledger.rows[job.job_id].status == "accepted"


@pytest.mark.parametrize("end", ["settle", "fail"])
def test_who_shares_an_extraction_is_told_of_its_own_job(end: str):
    told = Told(Subscriber(success_uri=HOOK, failed_uri=HOOK), topic=None)
    other = Subscriber(success_uri=f"{HOOK}&other", failed_uri=f"{HOOK}&other")
    shared = submit(BOX, NAV, Placement("c", subscriber=other), told.world.ports).job
    assert shared.leader == told.job.job_id
    getattr(told, end)()
    assert told.tell_all() == [True, True]
    posts = {webhook.path: json.loads(body)["jobID"] for webhook, body, _ in told.webhooks.posts}
    assert posts == {
        "/atoll?token=hunter2": told.job.job_id,
        "/atoll?token=hunter2&other": shared.job_id,
    }


def test_who_is_served_at_once_is_told_all_the_same():
    told = Told(None, topic=None)
    told.settle()
    job = submit(BOX, ANN, Placement("c", subscriber=ALL), told.world.ports).job
    assert (job.status, told.begun) == (
        "successful",
        [(job.job_id, "job.successful", "webhook")],
    )


def test_a_message_is_the_jobs_document_with_links_from_anywhere():
    told = Told()
    told.settle()
    assert told.tell_all() == [False, True, True]  # it does not run any more
    ((webhook, body, headers),) = told.webhooks.posts
    assert (webhook.host, webhook.path) == ("hooks.example.org", "/atoll?token=hunter2")
    document = json.loads(body)
    assert (document["jobID"], document["status"]) == (told.job.job_id, "successful")
    assert [link["href"] for link in document["links"]] == [
        f"{API}/jobs/{told.job.job_id}",
        f"{API}/jobs/{told.job.job_id}/results",
    ]
    assert (headers["Content-Type"], headers["Atoll-Event"]) == (
        "application/json",
        "job.successful",
    )
    assert told.topic is not None
    (letter,) = told.topic.letters
    assert (letter.body.encode(), letter.delivery_id) == (body, headers["Atoll-Delivery"])


def test_a_failure_is_told_with_its_problem_to_the_address_for_failures():
    told = Told()
    told.fail()
    told.tell_all()
    ((webhook, body, headers),) = told.webhooks.posts
    assert webhook.path == "/atoll?token=hunter2&failed"
    assert headers["Atoll-Event"] == "job.failed"
    problem = json.loads(body)["problem"]
    assert (problem["type"], problem["detail"]) == (
        "urn:atoll:error:data-error",
        "TEMP is broken",
    )


def test_a_message_is_signed_with_the_accounts_own_key():
    told = Told()
    told.settle()
    told.tell_all()
    ((_, body, headers),) = told.webhooks.posts
    moment, signed = headers["Atoll-Signature"].split(",")
    secret = hmac.new(b"master", b"webhook\0ann-id", hashlib.sha256).hexdigest()
    assert moment == f"t={int(told.world.time.timestamp())}"
    expected = hmac.new(secret.encode(), f"{moment[2:]}.".encode() + body, hashlib.sha256)
    assert signed == f"v1={expected.hexdigest()}"


def test_a_message_that_is_sent_again_has_the_same_name_and_a_new_signature():
    told = Told(topic=None)
    told.settle()
    told.tell_all()
    told.world.later(60)
    told.tell_all()
    (_, _, first), (_, _, second) = told.webhooks.posts
    assert first["Atoll-Delivery"] == second["Atoll-Delivery"]
    assert first["Atoll-Signature"] != second["Atoll-Signature"]


def notice(told: Told, event: Event, channel: Channel = "webhook") -> Notice:
    return Notice(job_id=told.job.job_id, event=event, channel=channel, correlation_id="c")


def test_an_end_that_has_not_come_yet_is_told_later():
    told = Told()
    for event in ("job.running", "job.successful"):
        with pytest.raises(Unavailable, match="not begun"):
            notify(notice(told, event), told.ports)
    told.world.ledger.begin(told.job.job_id, told.world.now())
    assert notify(notice(told, "job.running"), told.ports)
    with pytest.raises(Unavailable, match="not ended"):
        notify(notice(told, "job.successful"), told.ports)
    assert told.webhooks.posts[0][0].path == "/atoll?token=hunter2&runs"


def test_an_end_that_came_otherwise_is_not_told():
    told = Told()
    told.settle()
    assert not notify(notice(told, "job.failed"), told.ports)
    assert told.webhooks.posts == []


def test_there_may_be_nobody_left_to_tell():
    told = Told(None, topic=None)
    told.settle()
    assert not notify(notice(told, "job.successful"), told.ports)
    assert not notify(notice(told, "job.successful", "topic"), told.ports)


def test_a_job_that_is_forgotten_is_not_told_of():
    told = Told()
    told.world.ledger.rows.clear()
    with pytest.raises(UnknownJob):
        notify(notice(told, "job.successful"), told.ports)


@pytest.mark.parametrize("part", ["ledger", "secrets"])
def test_what_does_not_answer_is_asked_again(part: str):
    told = Told()
    told.settle()
    getattr(told.world, part).available = False
    with pytest.raises(Unavailable):
        notify(notice(told, "job.successful"), told.ports)
    assert told.webhooks.posts == []


def test_a_webhook_that_fails_changes_no_job():
    told = Told()
    told.settle()
    before = told.world.ledger.rows[told.job.job_id]
    told.webhooks.available = False
    with pytest.raises(Unavailable):
        notify(notice(told, "job.successful"), told.ports)
    told.webhooks = FakeWebhooks(private=frozenset({"hooks.example.org"}))
    with pytest.raises(InvalidParameter):
        notify(notice(told, "job.successful"), told.ports)
    assert told.world.ledger.rows[told.job.job_id] == before


def test_an_address_is_judged_again_before_it_is_called():
    """A row of the table may be older than the rule."""
    told = Told(Subscriber(success_uri="https://169.254.169.254/"))
    told.settle()
    with pytest.raises(InvalidParameter, match="give an https address"):
        notify(notice(told, "job.successful"), told.ports)
