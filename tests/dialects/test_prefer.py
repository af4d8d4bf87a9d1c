"""The `Prefer` header, by the grammar and the words of RFC 7240."""

import pytest

from atoll.dialects.rest.prefer import LONGEST_WAIT_S, Preferences


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("wait=10", 10),
        ("WAIT = 10", 10),
        ("return=minimal, wait=10; foo=bar", 10),
        ('note="a, wait=3", wait=10', 10),
        (r'note="a\", wait=3", wait=10', 10),
        ("wait=0", 0),
        ("wait=007", 7),
        (f"wait={LONGEST_WAIT_S}", LONGEST_WAIT_S),
        ("wait=26", LONGEST_WAIT_S),
        ("wait=" + "9" * 8_000, LONGEST_WAIT_S),
        ("wait=10, wait=3", 10),
    ],
)
def test_a_wait_is_a_number_of_seconds_and_what_is_applied_is_said(header, wait_s):
    assert Preferences.parse(header) == Preferences(wait_s, f"wait={wait_s}")


@pytest.mark.parametrize(
    "header",
    [
        "", ",", "wait", "wait=", "wait=soon", "wait=-1", "wait=1.5", "wait=1e1", "wait=٣",
        "wait=soon, wait=10", "awaits=10", "return=minimal", '"wait=10', "=10", "respond-async=no",
    ],
)  # fmt: skip
def test_what_is_unknown_or_malformed_is_ignored(header):
    assert Preferences.parse(header) == Preferences()


@pytest.mark.parametrize(
    "header", ["respond-async", "Respond-Async", "respond-async, wait=10", "wait=10,respond-async"]
)
def test_respond_async_wins_over_a_wait_in_any_order(header):
    assert Preferences.parse(header) == Preferences(0, "respond-async")
