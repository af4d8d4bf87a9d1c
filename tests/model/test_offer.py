"""Tokens of quotes: what was given out is read again, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import QuoteInvalid
from atoll.model.moment import Moment, Period
from atoll.model.offer import LONGEST_TOKEN, Offer, read_offer, write_offer
from atoll.model.request import Interval, LongitudeInterval, SubsetRequest

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
REQUEST = SubsetRequest(
    dataset="levitus-climatology",
    variables=("TEMP", "SALT"),
    longitude=LongitudeInterval(west=-40.1, east=30),
    latitude=Interval(lower=30),
    time=Period(start=Moment(year=1982, month=1, day=16, second=0.5)),
    trims={"member": Interval(lower=1, upper=2)},
    stride={"depth": 2},
    format="zarr",
    revision="r-1",
)
OFFER = Offer(
    account_id="ann-id", request=REQUEST, fingerprint="f" * 64, cost_bytes=2**53 + 1, until_s=7
)


def token(offer: Offer = OFFER) -> str:
    text = write_offer(offer, KEY)
    assert text is not None
    return text


def reason(text: str, account_id: str = "ann-id", key: bytes = KEY) -> object:
    with pytest.raises(QuoteInvalid) as caught:
        read_offer(text, account_id, key)
    assert caught.value.facts["parameter"] == "quote"
    return caught.value.facts["reason"]


def test_what_was_written_is_read_again():
    text = token()
    assert len(text) < 500
    assert read_offer(text, "ann-id", KEY) == OFFER
    assert text == token()


@given(st.data())
def test_no_character_can_be_changed_left_out_or_added(data: st.DataObject):
    text = token()
    place = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 2))
    other = data.draw(st.text("AZaz09-_=!", max_size=2))
    altered = text[:place] + other + text[place + length :]
    if altered != text:
        assert reason(altered) in {"altered", "another-account"}


@pytest.mark.parametrize("text", ["", "a", "é", "AAAA", "=" * 50, "\udcff", "A" * 4096])
def test_what_is_no_token_is_told_so(text: str):
    assert reason(text) == "altered"


def test_a_token_of_another_account_is_told_so_and_one_made_for_oneself_is_not_believed():
    assert reason(token(), "nav-id", OTHER_KEY) == "another-account"
    forged = write_offer(OFFER.model_copy(update={"cost_bytes": 0}), OTHER_KEY)
    assert reason(str(forged)) == "altered"


def test_what_unpacks_to_far_too_much_is_not_unpacked():
    huge = OFFER.model_copy(update={"fingerprint": "f" * 200_000})
    assert reason(token(huge)) == "altered"


def test_a_request_that_names_too_much_has_no_token():
    names = tuple(f"{number * 7919 % 10007}-variable-{number**3}" for number in range(1000))
    many = REQUEST.model_copy(update={"variables": names})
    assert write_offer(OFFER.model_copy(update={"request": many}), KEY) is None
    fits = REQUEST.model_copy(update={"variables": names[:100]})
    assert len(token(OFFER.model_copy(update={"request": fits}))) <= LONGEST_TOKEN
