"""Usage and reports over HTTP."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pyarrow.parquet
import pytest

from atoll.model.policy import Allowance, Policy, PolicyVersion
from tests.contract.builders import T0
from tests.services.test_reports import lines_of
from tests.web.builders import DoorUnderTest, token_of_groups

NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}
COUNTS = {"jobs", "successful", "failed", "dismissed", "settled_bytes", "reserved_bytes",
          "read_bytes", "waited_p50_s", "waited_p95_s", "ran_p50_s", "ran_p95_s"}  # fmt: skip


@pytest.fixture
def door():
    made = DoorUnderTest()
    made.world.journal.entries += [
        *lines_of(1),
        *lines_of(2, "failed"),
        *lines_of(3, dataset="navy-winds", account_id="nav-id", settled_bytes=2**53 + 1),
        *lines_of(4, "accepted", created_at=T0 + timedelta(days=1)),
    ]
    return made


@pytest.fixture
def operator(door):
    return door.client(token_of_groups("public", "operators", sub="otto-id"))


def test_an_operator_is_told_what_was_delivered(operator):
    answer = operator.get("/admin/reports", params=NOVEMBER | {"by": "dataset,account"})
    assert answer.status_code == 200
    document = answer.json()
    assert (document["by"], document["from"], document["to"]) == (
        ["dataset", "account"], "2026-11-01", "2026-11-30",
    )  # fmt: skip
    levitus, navy = document["rows"]
    assert levitus == {
        "dataset": "levitus-climatology",
        "account": "ann-id",
        "jobs": 3,
        "successful": 1,
        "failed": 1,
        "dismissed": 0,
        "settled_bytes": 700,
        "reserved_bytes": 1000,
        "read_bytes": 8192,
        "waited_p50_s": 30,
        "waited_p95_s": 30,
        "ran_p50_s": 60,
        "ran_p95_s": 60,
    }
    assert navy["settled_bytes"] == 2**53 + 1
    assert navy.keys() == {"dataset", "account"} | COUNTS


def test_without_words_it_is_this_month_by_dataset(operator):
    document = operator.get("/admin/reports").json()
    assert (document["by"], document["from"], document["to"]) == (
        ["dataset"], "2026-11-01", "2026-11-01",
    )  # fmt: skip
    assert [row["jobs"] for row in document["rows"]] == [2, 1]


def test_by_nothing_is_one_row_of_all(operator):
    (row,) = operator.get("/admin/reports", params=NOVEMBER | {"by": ""}).json()["rows"]
    assert (row.keys(), row["jobs"]) == (COUNTS, 4)


def test_of_one_dataset_or_account_only(operator):
    params = NOVEMBER | {"dataset": "levitus-climatology", "account": "nav-id"}
    assert operator.get("/admin/reports", params=params).json()["rows"] == []


@pytest.mark.parametrize("how", ["accept", "format"])
def test_as_csv(operator, how):
    asked = {"params": NOVEMBER | {"by": "dataset"}}
    asked |= {"headers": {"accept": "text/csv"}} if how == "accept" else {}
    asked["params"] |= {} if how == "accept" else {"format": "csv"}
    answer = operator.get("/admin/reports", **asked)

    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["dataset"] for row in rows] == ["levitus-climatology", "navy-winds"]
    assert rows[1]["settled_bytes"] == str(2**53 + 1)


def test_as_parquet(operator):
    accept = "application/vnd.apache.parquet"
    answer = operator.get("/admin/reports", params=NOVEMBER, headers={"accept": accept})

    assert answer.headers["content-type"] == accept
    table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
    as_json = operator.get("/admin/reports", params=NOVEMBER).json()["rows"]
    assert table.to_pylist() == as_json


def test_nobody_else_is_told(door):
    for bearer, status in ((None, 401), ("ann", 403)):
        answer = door.client(bearer).get("/admin/reports")
        assert (answer.status_code, answer.headers["content-type"]) == (
            status, "application/problem+json",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"by": "dataset,colour"}, "by"),
        ({"by": "day,day"}, "by"),
        ({"by": ","}, "by"),
        ({"from": "2026-11-31"}, "from"),
        ({"from": "20261101"}, "from"),
        ({"to": "2026-W01-1"}, "to"),
        ({"to": "yesterday"}, "to"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "to"),
        ({"from": "2025-11-01", "to": "2026-11-02"}, "from"),
        ({"from": "2026-11-0\u0661"}, "from"),
        ({"format": "xml"}, "format"),
        ({"dataset": "x" * 201}, "dataset"),
    ],
)
def test_what_cannot_be_meant_is_named(operator, params, parameter):
    answer = operator.get("/admin/reports", params=params)
    assert answer.status_code == 400
    assert answer.json()["parameter"] == parameter
    assert answer.json()["accepted"]


@pytest.mark.parametrize("path", ["/admin/reports", "/me/usage"])
def test_a_ledger_that_is_down_is_told(door, operator, path):
    door.world.journal.available = False
    assert operator.get(path).status_code == 503


def test_what_an_account_has_used(door):
    client = door.client()
    used = client.get("/me/usage").json()
    assert used["month"] == "2026-11"
    (row,) = used["datasets"]
    assert (row["dataset"], row["jobs"], row["settled_bytes"]) == ("levitus-climatology", 3, 700)
    assert (used["waiting"], used["running"]) == ({"small": 0, "medium": 0, "big": 0},) * 2


def test_what_is_left_is_what_was_neither_reserved_nor_delivered(door):
    order = {"inputs": {"dataset": "levitus-climatology", "depth": [0, 0], "bbox": [0, 0, 9, 9]}}
    allowed = Policy(allowances={"default": Allowance(bytes_per_month=10**6)})
    door.world.policies.put(PolicyVersion(number=1, policy=allowed, text="", author="otto-id"))
    client = door.client()
    assert client.get("/me/usage").json()["left_bytes"] == 10**6

    held = client.post("/processes/subset/execution", json=order).json()["reserved_bytes"]
    used = client.get("/me/usage").json()
    assert (used["reserved_bytes"], used["left_bytes"]) == (held, 10**6 - held)
    assert client.get("/me/usage", params={"month": "2026-12"}).json()["left_bytes"] == 10**6
    assert used["allowance"]["bytes_per_month"] == 10**6


def test_without_a_limit_nothing_is_left_over(door):
    assert door.client().get("/me/usage").json()["left_bytes"] is None


def test_usage_is_ones_own(door):
    (row,) = door.client("nav").get("/me/usage").json()["datasets"]
    assert row["dataset"] == "navy-winds"
    assert door.client(None).get("/me/usage").status_code == 401


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "November", "2026-11-01", ""])
def test_a_month_that_is_none_is_named(door, month):
    answer = door.client().get("/me/usage", params={"month": month})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "month")


@pytest.mark.parametrize(("keeps", "host"), [(False, ""), (True, "testclient")])
def test_the_ledger_has_a_callers_address_only_where_the_operator_keeps_it(keeps, host):
    door = DoorUnderTest()
    door.world.limits = replace(door.world.limits, keeps_hosts=keeps)
    forged = {"x-forwarded-for": "192.0.2.7", "user-agent": "curl/8.5"}
    order = {"inputs": {"dataset": "levitus-climatology", "depth": [0, 0], "bbox": [0, 0, 9, 9]}}
    door.client().post("/processes/subset/execution", json=order, headers=forged)
    (line,) = door.world.journal.entries
    assert (line.origin.host, line.origin.agent) == (host, "curl/8.5")
