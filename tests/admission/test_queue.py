"""The order of the queue, held against the rule in its plainest form."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from atoll.admission.queue import NO_SLOTS, OTHERS_COME_FIRST, STARTS_NEXT, free_slots, next_jobs
from atoll.admission.queue import place as place_of
from atoll.model.policy import Allowance, QueueRules
from atoll.model.queue import Held, Waiting
from tests.admission.lines import holds, may_run, plainly, rules, unlimited, waits

ALLOWANCES = {
    (): may_run(None),
    ("two",): may_run(2),
    ("none",): may_run(0),
    ("first",): may_run(3, head_start_s=900),
}


def by_profile(profiles: tuple[str, ...]) -> Allowance:
    return ALLOWANCES[profiles]


def started(waiting: list[Waiting], held: list[Held], said: QueueRules) -> list[str]:
    return [job.job_id for job, _ in next_jobs(waiting, held, by_profile, said, "small")]


@st.composite
def lines(draw) -> tuple[list[Waiting], list[Held], QueueRules]:
    """Few accounts and times: ties and limits are met often. One account's profiles vary."""
    waiting = [
        waits(
            f"job-{number:02d}",
            draw(st.sampled_from("abcd")),
            draw(st.sampled_from([0, 1, 599, 600, 601, 1200, 5000])),
            *draw(st.sampled_from(list(ALLOWANCES))),
        )
        for number in draw(st.permutations(range(draw(st.integers(0, 14)))))
    ]
    numbers = draw(st.sets(st.integers(0, 11), max_size=8))
    held = [
        holds(number, draw(st.sampled_from("abcde")), "small", draw(st.sampled_from([0, 599, 900])))
        for number in numbers
    ]
    return waiting, held, rules(draw(st.integers(0, 12)), draw(st.sampled_from([60, 600, 0.5])))


@given(lines())
def test_the_order_is_that_of_the_plain_rule(line: tuple[list[Waiting], list[Held], QueueRules]):
    waiting, held, said = line
    assert started(waiting, held, said) == plainly(waiting, held, by_profile, said)


@given(lines())
def test_neither_slots_nor_what_an_account_may_run_are_ever_exceeded(
    line: tuple[list[Waiting], list[Held], QueueRules],
):
    waiting, held, said = line
    given_out = next_jobs(waiting, held, by_profile, said, "small")
    numbers = [number for _, number in given_out]
    assert not set(numbers) & {one.number for one in held}
    assert len(set(numbers)) == len(numbers)
    assert all(0 <= number < said.slots.small for number in numbers)
    assert not given_out or len(held) + len(given_out) <= said.slots.small
    running = Counter(one.account_id for one in held)
    for job, _ in given_out:
        running[job.account_id] += 1
        limit = by_profile(job.profiles).running.small
        assert limit is None or running[job.account_id] <= limit


@given(lines())
def test_a_place_says_when_a_job_starts(line: tuple[list[Waiting], list[Held], QueueRules]):
    waiting, held, said = line
    order = started(waiting, held, said)
    for job in waiting:
        there = place_of(job, waiting, held, by_profile, said)
        assert (there.rule == STARTS_NEXT) == (job.job_id in order)
        if job.job_id in order:
            assert there.ahead == order.index(job.job_id)


@given(lines(), st.integers(1, 4), st.integers(0, 3))
def test_who_is_ahead_is_bounded_by_ageing(
    line: tuple[list[Waiting], list[Held], QueueRules], running: int, later: int
):
    """Whoever comes a slot's ageing later for each slot of mine does not get before me."""
    waiting, _, said = line
    mine = waits("mine", "me", 10_000)
    held = [holds(number, "me", "small", 10_000) for number in range(running)]
    # Nobody waits longer than 5,000 s, nor starts with more than 900 s.
    aged = QueueRules(slots=said.slots, ageing_s=(10_000 - 5_900 - later) / running)
    assert place_of(mine, waiting, held, by_profile, aged).ahead == 0


def test_the_account_that_runs_least_comes_first_then_the_longest_waiting():
    waiting = [waits("a", "busy", 500), waits("b", "idle", 1), waits("c", "other", 2)]
    assert started(waiting, [holds(0, "busy")], rules(4)) == ["c", "b", "a"]


def test_jobs_given_a_slot_in_the_same_look_count():
    waiting = [waits(f"flood-{n}", "flood", 100) for n in range(5)] + [waits("one", "ann", 1)]
    assert started(waiting, [], rules(3)) == ["flood-0", "one", "flood-1"]


def test_waiting_behind_jobs_of_ones_own_does_not_count():
    """Else those who order much at once would be served like those who order first."""
    flood = [waits(f"flood-{n}", "flood", 50_000) for n in range(5)]
    assert started(
        [*flood, waits("one", "ann", 1)], [holds(0, "flood", "small", 60)], rules(2)
    ) == ["one"]
    # Nobody starves by that: what counts is that nobody else has come for so long.
    assert started(
        [*flood, waits("one", "ann", 1)], [holds(0, "flood", "small", 602)], rules(2)
    ) == ["flood-0"]


def test_slots_of_other_tiers_do_not_count():
    jobs = next_jobs([waits("a", "ann")], [holds(0, "ann", "big")], unlimited, rules(1), "small")
    assert [(job.job_id, number) for job, number in jobs] == [("a", 0)]
    assert next_jobs([waits("a", "ann")], [], unlimited, rules(1), "medium") == []


def test_slots_that_were_taken_away_while_held_are_waited_for():
    held = [holds(number, "ann") for number in (1, 6, 7)]
    assert free_slots(held, rules(4), "small") == [0]
    assert free_slots(held, rules(3), "small") == []


def test_the_rule_that_holds_a_job_is_told():
    held = [holds(0, "ann"), holds(1, "ann")]
    first, second, third = waits("1", "bob", 3), waits("2", "col", 2), waits("3", "col", 1, "two")
    line = [first, second, third]

    def rule(job: Waiting, held: list[Held], slots: int) -> tuple[int, str]:
        there = place_of(job, line, held, by_profile, rules(slots))
        return there.ahead, there.rule

    assert rule(first, held, 2) == (0, "all 2 slots of this tier are taken")
    assert rule(first, held, 3) == (0, STARTS_NEXT)
    assert rule(second, held, 3) == (1, OTHERS_COME_FIRST)
    assert rule(second, [], 0) == (1, NO_SLOTS)
    of_ann = waits("4", "ann", 9, "two")
    assert rule(of_ann, held, 9) == (3, "this account runs 2 of the 2 jobs it may")
    running = [holds(0, "col")]
    assert rule(third, running, 9) == (
        2,
        "this account may run 2 jobs at once, and others of its own come first",
    )


def test_a_job_that_the_line_does_not_show_yet_has_a_place():
    assert place_of(waits("new", "ann"), [waits("old", "bob", 5)], [], unlimited, rules(9)).ahead
