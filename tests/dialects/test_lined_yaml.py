"""YAML with lines: what is read, and what is refused before it can mean much."""

from time import process_time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from atoll.dialects.lined_yaml import Complaint, NotPlain, read_document


def refusal(text: str) -> Complaint:
    with pytest.raises(NotPlain) as caught:
        read_document(text)
    return caught.value.complaint


def test_words_mean_themselves_unless_they_are_numbers_or_nothing():
    read = read_document("[no, yes, 010, 0x10, 12:30, 2026-11-23, 1e3, -1_0, 1.50, ~, '5', on]")
    assert read.value == (
        *("no", "yes", "010", "0x10", "12:30", "2026-11-23"),
        *(1000.0, -10, 1.5, None, "5", "on"),
    )


def test_each_key_and_item_has_its_line():
    read = read_document("a:\n  - b\n  -\n    c\nd: {e:\n  f}\n")
    assert read.lines == {
        (): 1, ("a",): 1, ("a", 0): 2, ("a", 1): 4, ("d",): 5, ("d", "e"): 5
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "a mapping is needed"),
        ('a: 1\nb: "\\ud800"', 2, "no such character"),
        ('a: 1\n"\\udfff": 1', 2, "no such character"),
        ("# nothing\n", 1, "a mapping is needed"),
        ("queue:\n  slots: [\n", 3, "YAML is needed"),
        ("queue:\n\tslots: 1\n", 2, "YAML is needed"),
        ("queue: {}\n---\nqueue: {}\n", 2, "single document"),
        ("queue: {}\n# \x00\n", 2, "no such character"),
        ("queue: {}\n# \ud800\n", 2, "no such character"),
        ("a: &a [x]\nb: [*a, *a]\n", 1, "aliases are not accepted"),
        ("queue:\n  slots: *a\n", 2, "aliases are not accepted"),
        ("queue: !!python/object/apply:os.system [ls]\n", 1, "tags are not accepted"),
        ("queue: {}\n? [navy]\n: {}\n", 2, "keys are texts"),
        ("a: 1\nb: 2\na: 3\n", 3, "already, on line 1"),
        ("a: 1\nb: 9223372036854775808\n", 2, "9223372036854775807 at most"),
        ("a: " + "9" * 60_000, 1, "9223372036854775807 at most"),
        ("[" * 60_000, 1, "at most 10 levels"),
        ("queue:\n" + "- " * 30_000, 2, "at most 10 levels"),
    ],
)
def test_what_is_no_plain_document_is_refused(text, line, why):
    told = refusal(text)
    assert told.line == line
    assert why in told.accepted


def test_a_bomb_of_aliases_costs_nothing():
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    before = process_time()
    refusal("\n".join(levels))
    assert process_time() - before < 0.5


texts = st.text("ab-*.:#'\"{}[]&!| \n", max_size=6)
plain = texts | st.integers(-5, 5) | st.none()
keys = st.text("ab :#", max_size=4)


def as_tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(as_tuples(one) for one in value)
    if isinstance(value, dict):
        return {key: as_tuples(one) for key, one in value.items()}
    return value


@given(
    st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=12,
    ),
    st.booleans(),
)
def test_what_another_program_wrote_is_read_as_it_was_meant(value, in_blocks):
    text = yaml.safe_dump({"a": value}, default_flow_style=not in_blocks)
    read = read_document(text)
    assert read.value == {"a": as_tuples(value)}
    assert set(read.lines.values()) <= set(range(1, text.count("\n") + 1))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        read = read_document(text)
    except NotPlain as told:
        lines = range(1, len(text.splitlines()) + 2)
        assert told.complaint.line in lines  # noqa: PT017  most are refused, not all
    else:
        assert read.lines[()] in range(1, len(text.splitlines()) + 2)
