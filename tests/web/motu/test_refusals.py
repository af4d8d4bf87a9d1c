"""What a unit's policy has against an order, as motuclient hears it."""

import pytest

from atoll.model.policy import (
    EVERYBODY,
    Allowance,
    DatasetRule,
    Embargo,
    Licence,
    PerTier,
    Policy,
    PolicyVersion,
    QueueRules,
    Slots,
)
from tests.web.motu.builders import CLOSED, ORDER, MotuUnderTest
from tests.world import NAV

WINDS = "action=productdownload&mode=status&service=navy&product=navy-winds"
LICENCE = Licence(title="Terms", revision=2, url="https://licences.test/terms")


def rule(**rights: object) -> DatasetRule:
    return DatasetRule.model_validate({"match": ("*",), "see": (EVERYBODY,)} | rights)


@pytest.mark.parametrize(
    ("policy", "number", "said"),
    [
        (Policy(datasets=(rule(quote=("navy",)),)), 2, "ask the unit's operators"),
        (Policy(datasets=(rule(download=("navy",)),)), 2, "ask the unit's operators"),
        (
            Policy(datasets=(rule(licence="terms"),), licences={"terms": LICENCE}),
            2,
            "read https://licences.test/terms",
        ),
        (
            Policy(allowances={"anonymous": Allowance(bytes_per_month=10)}),
            16,
            "You have reached the limit of extraction requests. The account's quota of 10 bytes",
        ),
        (
            Policy(allowances={"anonymous": Allowance(requests_per_minute=0)}),
            16,
            "You have reached the limit",
        ),
        (
            Policy(
                allowances={"anonymous": Allowance(waiting=PerTier(small=0))},
                queue=QueueRules(slots=Slots(small=0)),
            ),
            16,
            "jobs waiting",
        ),
    ],
)
def test_a_refusal_is_an_answer_and_changes_nothing(policy, number, said):
    door = MotuUnderTest()
    door.world.policies.put(PolicyVersion(number=1, policy=policy, text="", author="op"))
    told = door.say(ORDER)
    assert (told["status"], told["code"]) == ("2", f"010-{number}")
    assert said in told["msg"], told["msg"]
    assert "\n" not in told["msg"]
    assert door.world.untouched()
    assert door.heard.faults == []


def test_times_that_are_kept_back_are_an_invalid_date_range():
    door = MotuUnderTest()
    embargo = rule(embargo=Embargo(newest_days=36_525))
    policy = Policy(datasets=(embargo,))
    door.world.policies.put(PolicyVersion(number=1, policy=policy, text="", author="op"))
    told = door.say(WINDS, CLOSED, account=NAV)
    assert (told["status"], told["code"]) == ("2", "010-6")
    assert told["msg"].startswith("010-6 : The date range is invalid.")


def test_a_size_tells_the_same_refusal():
    door = MotuUnderTest()
    policy = Policy(datasets=(rule(licence="terms"),), licences={"terms": LICENCE})
    door.world.policies.put(PolicyVersion(number=1, policy=policy, text="", author="op"))
    told = door.say(ORDER.replace("productdownload", "getsize"))
    assert told["code"] == "005-2"
    assert told["msg"].startswith("005-2 : product: levitus-climatology needs licence terms")
    assert float(told["size"]) > 0


def test_what_waits_in_the_queue_is_pending():
    door = MotuUnderTest()
    policy = Policy(queue=QueueRules(slots=Slots(small=0)))
    door.world.policies.put(PolicyVersion(number=1, policy=policy, text="", author="op"))
    assert door.poll(door.order())["status"] == "3"
