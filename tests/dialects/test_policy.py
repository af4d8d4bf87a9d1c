"""A policy document: what is put in force, and what is refused with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ByteSize, TypeAdapter

from atoll.dialects.policy import LONGEST_TEXT_BYTES, parse_policy
from atoll.errors import PolicyInvalid
from atoll.model.policy import Allowance, DatasetRule, Embargo, Licence, PerTier, Policy, Slots

DATASETS = ("levitus-climatology", "navy-winds")

WHOLE = """\
# Reviewed 2026-11-23
datasets:
  - match: [navy-*, levitus-climatology]
    see: [navy, staff]
    quote: [navy, staff]
    download: [navy]
    licence: terms
    embargo:
      newest_days: 2.5
      except_profiles: [staff]
  - match: ['*']
licences:
  terms: {title: Terms of use, revision: 3, url: 'https://example.org/terms'}
allowances:
  default:
    bytes_per_month: 2 TiB
    bytes_per_job: 1_000
    requests_per_minute: null
    running: {small: 2}
    waiting: {big: 0}
    head_start_s: 60
queue:
  slots: {small: 10, big: 0}
  ageing_s: 300
"""


def test_every_key_is_understood():
    policy = parse_policy(WHOLE, DATASETS)
    assert policy == Policy(
        datasets=(
            DatasetRule(
                match=("navy-*", "levitus-climatology"),
                see=("navy", "staff"),
                quote=("navy", "staff"),
                download=("navy",),
                licence="terms",
                embargo=Embargo(newest_days=2.5, except_profiles=("staff",)),
            ),
            DatasetRule(match=("*",)),
        ),
        licences={
            "terms": Licence(title="Terms of use", revision=3, url="https://example.org/terms")
        },
        allowances={
            "default": Allowance(
                bytes_per_month=2 * 2**40,
                bytes_per_job=1000,
                running=PerTier(small=2),
                waiting=PerTier(big=0),
                head_start_s=60,
            )
        },
        queue=policy.queue,
    )
    assert policy.queue.slots == Slots(small=10, medium=24, big=0)
    assert policy.queue.ageing_s == 300


def test_what_is_not_said_stays_as_it_is_without_a_policy():
    assert parse_policy("{}", DATASETS) == Policy()


def refusal(text: str, datasets: tuple[str, ...] = DATASETS) -> PolicyInvalid:
    with pytest.raises(PolicyInvalid) as caught:
        parse_policy(text, datasets)
    return caught.value


# A document's change, how what is told begins, and what it says is accepted.
FAULTS = [
    (
        "[navy-*, levitus-climatology]",
        "[navy-*, levitos]",
        "line 3: datasets[0].match[1]: 'levitos'",
        "there are: levitus-climatology, navy-winds",
    ),
    (
        "licence: terms",
        "licence: term",
        "line 7: datasets[0].licence: 'term'",
        "licences has: terms",
    ),
    (
        "licence: terms",
        "licenses: terms",
        "line 7: datasets[0].licenses: 'terms'",
        "match, see, quote, download, licence, embargo",
    ),
    (
        "newest_days: 2.5",
        "newest_days: -2.5",
        "line 9: datasets[0].embargo.newest_days: '-2.5'",
        "greater than 0",
    ),
    (
        "except_profiles: [staff]",
        "except: [staff]",
        "line 10: datasets[0].embargo.except: 'a list'",
        "newest_days, except_profiles",
    ),
    (
        "newest_days: 2.5",
        "newest_days: .inf",
        "line 9: datasets[0].embargo.newest_days: '.inf'",
        "a number is needed",
    ),
    ("match: ['*']", "see: [navy]", "line 11: datasets[1].match: 'nothing'", "it must be there"),
    ("match: ['*']", "match: []", "line 11: datasets[1].match: 'a list'", "one item or more"),
    ("match: ['*']", "match: navy-winds", "line 11: datasets[1].match: 'navy-winds'", "a list"),
    ("match: ['*']", "match: [1]", "line 11: datasets[1].match[0]: '1'", "in quotes"),
    ("match: ['*']", "5", "line 11: datasets[1]: '5'", "a mapping is needed"),
    (
        "revision: 3",
        "revision: 0",
        "line 13: licences.terms.revision: '0'",
        "greater than or equal to 1",
    ),
    ("revision: 3", "revision: yes", "line 13: licences.terms.revision: 'yes'", "a whole number"),
    ("'https://example.org/terms'", "here", "line 13: licences.terms.url: 'here'", "match pattern"),
    (
        "licences:",
        "licences:\n  te/rms: {title: T, revision: 1, url: 'http://x'}",
        "line 13: licences.te/rms: 'a mapping'",
        "[A-Za-z0-9._-]",
    ),
    ("  default:", "  navy: 5\n  default:", "line 15: allowances.navy: '5'", "a mapping is needed"),
    (
        "2 TiB",
        "-2 TiB",
        "line 16: allowances.default.bytes_per_month: '-2 TiB'",
        "greater than or equal to 0",
    ),
    ("2 TiB", "lots", "line 16: allowances.default.bytes_per_month: 'lots'", "64 MiB"),
    ("2 TiB", "0.3 B", "line 16: allowances.default.bytes_per_month: '0.3 B'", "64 MiB"),
    (
        "2 TiB",
        "9223372036854775808",
        "line 16: allowances.default.bytes_per_month: '9223372036854775808'",
        "9223372036854775807 at most",
    ),
    (
        "2 TiB",
        "99999999 TiB",
        "line 16: allowances.default.bytes_per_month: '99999999 TiB'",
        "64 MiB",
    ),
    ("1_000", "true", "line 17: allowances.default.bytes_per_job: 'true'", "64 MiB"),
    (
        "null",
        "-1",
        "line 18: allowances.default.requests_per_minute: '-1'",
        "greater than or equal to 0",
    ),
    (
        "{small: 2}",
        "{tiny: 2}",
        "line 19: allowances.default.running.tiny: '2'",
        "small, medium, big",
    ),
    ("{small: 2}", "2", "line 19: allowances.default.running: '2'", "a mapping is needed"),
    (
        "small: 10",
        "small: 1001",
        "line 23: queue.slots.small: '1001'",
        "less than or equal to 1000",
    ),
    ("small: 10", "tiny: 10", "line 23: queue.slots.tiny: '10'", "small, medium, big"),
    ("ageing_s: 300", "aging_s: 300", "line 24: queue.aging_s: '300'", "slots, ageing_s"),
    ("queue:", "queues:", "line 22: queues: 'a mapping'", "datasets, licences, allowances, queue"),
    ("  ageing_s: 300", "  slots: {}", "line 24: queue.slots: 'slots'", "already, on line 23"),
    ("queue:", "datasets:", "line 22: datasets: 'datasets'", "already, on line 2"),
]


@pytest.mark.parametrize(("old", "new", "told", "accepted"), FAULTS)
def test_a_fault_is_told_with_line_key_value_and_what_is_accepted(old, new, told, accepted):
    assert WHOLE.count(old) == 1
    detail = refusal(WHOLE.replace(old, new)).detail
    assert detail.startswith(f"{told} is not accepted; ")
    assert accepted in detail


def test_a_program_is_told_the_same():
    facts = refusal(WHOLE.replace("small: 10", "small: -1")).facts
    accepted = "input should be greater than or equal to 0"
    assert facts == {
        "parameter": "queue.slots.small",
        "value": "'-1'",
        "accepted": accepted,
        "line": 23,
        "complaints": [f"line 23: queue.slots.small: '-1' is not accepted; {accepted}."],
    }


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "a mapping is needed"),
        ("- navy\n", 1, "a mapping is needed"),
        ("policy", 1, "a mapping is needed"),
        ("queue:\n  slots: [\n", 3, "YAML is needed"),
        ("# " + "x" * LONGEST_TEXT_BYTES, 1, "up to 65536 bytes"),
        ("# " + "é" * (LONGEST_TEXT_BYTES // 2), 1, "up to 65536 bytes"),
    ],
)
def test_what_is_no_mapping_in_yaml_is_refused(text, line, why):
    told = refusal(text)
    assert told.facts["line"] == line
    assert why in told.detail


def test_all_faults_are_told_in_the_order_of_their_lines():
    text = WHOLE.replace("revision: 3", "revision: 0").replace("newest_days: 2.5", "newest_days: 0")
    told = refusal(text)
    complaints = told.facts["complaints"]
    assert isinstance(complaints, list)
    assert [str(one).split(":", maxsplit=1)[0] for one in complaints] == ["line 9", "line 13"]
    assert told.detail == f"{complaints[0]} (1 more)"


def test_all_datasets_may_be_named_before_there_is_any():
    (rule,) = parse_policy("datasets: [{match: ['*']}]", ()).datasets
    assert rule == DatasetRule(match=("*",))
    assert "there are: none" in refusal("datasets: [{match: ['a*']}]", ()).detail


sizes = st.tuples(
    st.integers(0, 9000),
    st.sampled_from(["", " "]),
    st.sampled_from(["B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB", "kib", "gb"]),
)


@given(sizes)
def test_sizes_mean_what_pydantic_reads_in_them(size):
    text = f"{size[0]}{size[1]}{size[2]}"
    allowance = parse_policy(f"allowances: {{a: {{bytes_per_job: {text}}}}}", ()).allowances["a"]
    assert allowance.bytes_per_job == TypeAdapter(ByteSize).validate_python(text)
