"""Which form a caller likes best."""

import pytest

from atoll.dialects.rest.accept import preferred

OFFERS = ("application/json", "text/csv", "application/vnd.apache.parquet")


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV; charset=utf-8", "text/csv"),
        ("text/*, application/json;q=0.9", "text/csv"),
        ("text/csv;q=0.1, */*;q=0.2", "application/json"),
        ("text/html, application/vnd.apache.parquet;q=0.8, */*;q=0.1", OFFERS[2]),
        ("application/json;q=0, */*", "text/csv"),
        ("image/png", "application/json"),
        ("text/csv;q=x, application/vnd.apache.parquet;q=0.01", OFFERS[2]),
        ("text/csv;q=7", "application/json"),
        (";;q==,,", "application/json"),
    ],
)
def test_the_most_liked_is_taken_and_ours_where_none_is(header, taken):
    assert preferred(header, OFFERS) == taken
