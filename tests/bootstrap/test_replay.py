"""`atoll replay`: past orders under another policy."""

import csv
import io
import json
from pathlib import Path

import pytest

from atoll.client.command import load_verbs, run

POLICY = """
queue: {slots: {small: 1}}
datasets: [{match: [a-dataset-that-the-file-does-not-name]}]
allowances: {default: {waiting: {small: 2}}}
"""
ROWS = [
    {"created_at": f"2026-11-23T10:00:0{number}Z", "account_id": account, "profiles": profiles,
     "tier": "small", "ran_s": ran_s, "dataset": "levitus"}
    for number, (account, profiles, ran_s) in enumerate([
        ("ann", [], 10), ("bob", ["partner", "navy"], 5.5), ("ann", [], 10), ("ann", [], 10),
        ("ann", [], 10), ("col", [], 0),
    ])
]  # fmt: skip
TABLE = """\
tier   profiles      orders  refused  never  p50_s  p95_s  max_s
small  -                  4        1      0     14     22     22
small  partner navy       1        0      0      9      9      9

longest  started  max_s
ann            3     22
bob            1      9
"""


def replayed(tmp_path: Path, name: str, content: str, policy: str = POLICY) -> tuple[int, str]:
    """The verb's exit status and what it told of errors."""
    (tmp_path / name).write_text(content)
    (tmp_path / "policy.yaml").write_text(policy)
    told = io.StringIO()
    words = ["replay", str(tmp_path / name), "--policy", str(tmp_path / "policy.yaml")]
    return run(words, load_verbs(), told), told.getvalue()


def in_csv(rows: list[dict[str, object]]) -> str:
    written = io.StringIO()
    table = csv.DictWriter(written, list(rows[0]))
    table.writeheader()
    for row in rows:
        profiles = row["profiles"]
        assert isinstance(profiles, list)
        table.writerow(row | {"profiles": ";".join(profiles)})
    return written.getvalue()


@pytest.mark.parametrize("name", ["jobs.json", "jobs.csv"])
def test_waits_are_told_in_a_table(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    content = json.dumps(ROWS) if name == "jobs.json" else in_csv(ROWS)
    assert replayed(tmp_path, name, content) == (0, "")
    assert capsys.readouterr().out == TABLE


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("jobs.json", "[", "JSON is needed"),
        ("jobs.json", "{}", "a list of orders is needed"),
        ("jobs.json", "[3]", "order 1, created_at: None is not accepted; field required"),
        ("jobs.json", json.dumps([ROWS[0], ROWS[1] | {"ran_s": -1}]),
         "jobs.json, order 2, ran_s: -1 is not accepted"),
        ("jobs.json", json.dumps([ROWS[0] | {"tier": "huge"}]),
         "order 1, tier: 'huge' is not accepted; input should be 'small', 'medium' or 'big'"),
        ("jobs.csv", in_csv([ROWS[0] | {"created_at": "2026-11-23T10:00:00"}]),
         "order 1, created_at: '2026-11-23T10:00:00' is not accepted"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_order_is_named(name: str, content: str, sentence: str, tmp_path: Path):
    status, told = replayed(tmp_path, name, content)
    assert status == 2
    assert sentence in told


def test_a_bad_policy_is_refused(tmp_path: Path):
    status, told = replayed(tmp_path, "jobs.json", "[]", "queue: {slot: 3}")
    assert status == 2
    assert "line 1" in told


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    told = io.StringIO()
    missing = str(tmp_path / "none.csv")
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY)
    assert run(["replay", missing, "--policy", str(policy)], load_verbs(), told) == 2
    assert "JOBS" in told.getvalue()
    policy.write_bytes(b"\xff")
    assert run(["replay", missing, "--policy", str(policy)], load_verbs(), told) == 2
    assert "--policy" in told.getvalue()


def test_nothing_ordered_is_an_empty_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert replayed(tmp_path, "jobs.csv", "created_at,account_id,tier,ran_s\n") == (0, "")
    assert capsys.readouterr().out.splitlines()[0].startswith("tier")
