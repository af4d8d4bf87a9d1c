"""What is kept of an account beside its jobs, and which of its jobs are listed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from atoll.errors import UnknownJob
from atoll.model.job import Job, JobStatus
from atoll.ports import Balance, Wanted
from tests.contract.builders import PLAN, REASON, T0, delivery, job
from tests.contract.rig import Rig, dynamo_rig, fake_rig

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["fake", "dynamodb"])
def rig(request: pytest.FixtureRequest) -> Rig:
    return fake_rig() if request.param == "fake" else dynamo_rig(request.getfixturevalue("aws"))


def order(job_id: str, **fields: Any) -> Job:
    return job(job_id).model_copy(update=fields)


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_a_minute_has_so_many_requests(rig: Rig, limit: int) -> None:
    def count(now: datetime, account_id: str = "ann-id") -> bool:
        return rig.accounts.count_request(account_id, now, limit)

    answers = [count(T0 + timedelta(seconds=second)) for second in (0, 1, 58, 59, 59.9)]
    assert answers == [True] * limit + [False] * (5 - limit)
    before = rig.state()
    assert not count(T0)
    assert rig.state() == before, "what is refused is not counted"
    if limit:
        assert count(T0 + MINUTE)
        assert count(T0, "nav-id")


def test_a_minute_is_the_same_wherever_the_clock_stands(rig: Rig) -> None:
    elsewhere = T0.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert rig.accounts.count_request("ann-id", T0, 1)
    assert not rig.accounts.count_request("ann-id", elsewhere, 1)


def test_a_limit_that_was_lowered_holds_at_once(rig: Rig) -> None:
    assert all(rig.accounts.count_request("ann-id", T0, 3) for _ in range(3))
    assert not rig.accounts.count_request("ann-id", T0, 2)
    assert rig.accounts.count_request("ann-id", T0, 4)


def test_nobody_in_particular_is_looked_up_and_counted_too(rig: Rig) -> None:
    """A quote needs no account; an empty key is none that DynamoDB takes."""
    assert rig.accounts.count_request("", T0, 1)
    assert not rig.accounts.count_request("", T0, 1)
    assert rig.accounts.count_request("ann-id", T0, 1)
    assert (rig.balance(""), rig.counts(""), rig.accounts.licences("")) == (Balance(), {}, {})


def test_of_a_licence_the_newest_revision_is_accepted(rig: Rig) -> None:
    accept = rig.accounts.accept_licence
    accept("ann-id", "navy", 2, T0)
    accept("ann-id", "navy", 1, T0 + MINUTE)
    accept("ann-id", "é #1", 7, T0)
    assert rig.accounts.licences("ann-id") == {"navy": 2, "é #1": 7}
    accept("ann-id", "navy", 3, T0 + 2 * MINUTE)
    assert rig.accounts.licences("ann-id")["navy"] == 3
    assert rig.accounts.licences("nav-id") == {}


def test_an_older_revision_changes_nothing(rig: Rig) -> None:
    rig.accounts.accept_licence("ann-id", "navy", 2, T0)
    before = rig.state()
    for revision in (1, 2):
        rig.accounts.accept_licence("ann-id", "navy", revision, T0 + MINUTE)
    assert rig.state() == before


def test_a_job_is_relabelled_at_any_time(rig: Rig) -> None:
    rig.admit(order("a", label="first"))
    rig.admit(order("b"))
    assert rig.ledger.relabel(order("a"), "second").label == "second"
    rig.ledger.dismiss(rig.ledger.get("a"), T0)
    changed = rig.ledger.relabel(order("a"), "é" * 200)
    assert changed == rig.ledger.get("a")
    assert (changed.status, changed.label) == ("dismissed", "é" * 200)
    assert rig.ledger.get("b").label is None


@pytest.mark.parametrize("empty", [None, ""])
def test_a_label_can_be_taken_away(rig: Rig, empty: str | None) -> None:
    rig.admit(order("a", label="first"))
    assert rig.ledger.relabel(order("a"), empty).label is None
    assert rig.ledger.relabel(order("a"), empty) == order("a")


def test_what_is_not_there_gets_no_label(rig: Rig) -> None:
    before = rig.state()
    for label in ("x", None):
        with pytest.raises(UnknownJob):
            rig.ledger.relabel(order("a"), label)
    assert rig.state() == before


def test_relabelling_what_ends_meanwhile_does_not_bring_it_back(rig: Rig) -> None:
    seen = rig.admit(order("a"))
    rig.ledger.release(seen, REASON, T0)
    assert rig.ledger.relabel(seen, "late").status == "failed"


LABELS = ("", "spring", "spring 2")


def many(rig: Rig) -> list[Job]:
    """24 jobs of three datasets, three labels and four statuses, the newest first."""
    jobs = []
    for number in range(24):
        plan = PLAN.model_copy(update={"dataset": f"dataset-{number % 3}"})
        name, at = f"job-{number:02}", T0 + number * MINUTE
        label = LABELS[number // 3 % 3] or None
        new = order(name, plan=plan, label=label, created_at=at)
        rig.admit(new)
        if number % 4 == 1:
            rig.begin(name, at)
        elif number % 4 == 2:
            rig.ledger.settle(new, (delivery(name),), at)
        elif number % 4 == 3:
            rig.ledger.dismiss(new, at)
        jobs.append(rig.ledger.get(name))
    return jobs[::-1]


CHOICES: list[tuple[set[JobStatus], str, str]] = [
    (set(), "", ""),
    ({"accepted"}, "", ""),
    ({"running", "dismissed"}, "", ""),
    ({"failed"}, "", ""),
    (set(), "dataset-1", ""),
    (set(), "dataset", ""),
    (set(), "", "spring"),
    (set(), "", "spr"),
    ({"successful", "accepted"}, "dataset-2", "spring 2"),
]


def test_a_choice_of_jobs_is_listed_page_by_page_and_nothing_else(rig: Rig) -> None:
    jobs = many(rig)
    for statuses, dataset, label in CHOICES:
        expected = [
            one
            for one in jobs
            if (not statuses or one.status in statuses)
            and (not dataset or one.plan.dataset == dataset)
            and (not label or one.label == label)
        ]
        for limit in (1, 5, 24):
            wanted = Wanted(limit, status=frozenset(statuses), dataset=dataset, label=label)
            assert pages(rig, wanted) == chunks(expected, limit)


def pages(rig: Rig, wanted: Wanted) -> list[list[Job]]:
    found: list[list[Job]] = []
    cursor = None
    while True:
        page = rig.ledger.jobs("ann-id", replace(wanted, cursor=cursor))
        found.append(list(page.jobs))
        cursor = page.cursor
        if cursor is None:
            return found


def chunks(jobs: list[Job], limit: int) -> list[list[Job]]:
    return [jobs[at : at + limit] for at in range(0, len(jobs), limit)] or [[]]


def test_a_page_goes_on_behind_a_job_whatever_became_of_it(rig: Rig) -> None:
    jobs = many(rig)
    wanted = frozenset({jobs[0].status})
    page = rig.ledger.jobs("ann-id", Wanted(2, None, wanted))
    for one in page.jobs:
        rig.ledger.dismiss(one, T0)
    rest = rig.ledger.jobs("ann-id", Wanted(100, page.cursor, wanted))
    assert [one.job_id for one in (*page.jobs, *rest.jobs)] == [
        one.job_id for one in jobs if one.status in wanted
    ]


def test_a_clock_elsewhere_names_the_same_instants(rig: Rig) -> None:
    elsewhere = T0.astimezone(timezone(timedelta(hours=-9)))
    rig.admit(order("a", created_at=elsewhere))
    assert rig.ledger.get("a").created_at.astimezone(UTC) == T0
    assert rig.balance().reserved_bytes == 1000


def test_texts_may_be_empty(rig: Rig) -> None:
    rig.admit(order("a", label="", correlation_id="", profiles=("",)))
    kept = rig.ledger.get("a")
    assert (kept.correlation_id, kept.profiles) == ("", ("",))
    assert not kept.label
