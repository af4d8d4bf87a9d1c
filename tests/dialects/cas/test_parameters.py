"""Forms and queries, against the standard library's own writer."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.dialects.cas.codes import status_of
from atoll.dialects.cas.parameters import parse_parameters
from atoll.errors import BrokerError, InvalidParameter, NotAuthenticated, Unavailable, family

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=20))
def test_what_is_written_is_read_and_the_first_counts(pairs):
    first: dict[str, str] = {}
    for name, value in pairs:
        first.setdefault(name, value)
    assert parse_parameters(urlencode(pairs).encode(), "body") == first


@pytest.mark.parametrize("encoded", [b"a=%FF", b"a=\xff", b"%C3=1", b"a=%ED%A0%80"])
def test_what_is_no_utf8_is_refused_and_not_repeated(encoded):
    with pytest.raises(InvalidParameter, match=r"^body: .* bytes'") as fault:
        parse_parameters(encoded, "body")
    assert fault.value.__cause__ is None
    assert fault.value.__suppress_context__


def test_raw_utf8_and_odd_signs_are_read():
    assert parse_parameters("a=é&b=%zz&c&=d".encode(), "body") == {
        "a": "é", "b": "%zz", "c": "", "": "d",
    }  # fmt: skip


def test_every_error_has_a_status_and_a_refusal_is_never_401():
    told = {kind: status_of(kind.__new__(kind)) for kind in family(BrokerError)}
    assert {int(status) for status in told.values()} == {400, 404, 413, 500, 503}
    assert told[NotAuthenticated] == told[InvalidParameter] == 400
    assert told[Unavailable] == 503
