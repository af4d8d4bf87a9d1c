"""Raw query strings of Motu."""

import pytest

from atoll.dialects.motu.query import Query, parse_query, split_ticket
from atoll.errors import InvalidParameter


def test_names_are_in_either_case_and_the_first_value_wins():
    query = parse_query("Action=getSize&mode=status&MODE=console&action=ping")
    assert query.first("action") == "getSize"
    assert query.first("mode") == "status"
    assert query.first("nothing") is None


@pytest.mark.parametrize("raw", ["z_hi=None&z_lo=1", "z_hi=&z_lo=1", "z_hi&z_lo=1", "z_hi=%20"])
def test_none_and_empty_are_absent(raw):
    assert parse_query(raw).first("z_hi") is None


def test_variables_are_exact_repeated_and_each_once():
    query = parse_query("variable=so&Variable=no&variable=thetao&variable=so&variable=None")
    assert query.every("variable") == ("so", "thetao")


def test_values_are_decoded_once_and_identifiers_twice():
    query = parse_query("service=GLO%2523x%2520y&product=a%23b&t_lo=2020-01-01+00:00:00")
    assert query.first("service") == "GLO%23x%20y"
    assert query.twice_decoded("service") == "GLO#x y"
    assert query.twice_decoded("product") == "a#b"
    assert query.first("t_lo") == "2020-01-01 00:00:00"
    assert parse_query("service=100%").twice_decoded("service") == "100%"


def test_an_ampersand_in_an_identifier_ends_it():
    query = parse_query("service=A&B&product=x")
    assert (query.first("service"), query.first("product")) == ("A", "x")


def test_what_is_not_utf_8_is_refused_by_name_where_it_is_asked_for():
    query = parse_query("a=1&variable=%ff&%ff=2&mode=%ff")
    assert query.first("a") == "1"
    assert query.plain("mode") == ""
    for ask in (query.first, query.every):
        with pytest.raises(InvalidParameter, match=r"^variable: '%ff'.*UTF-8"):
            ask("variable")


def test_what_is_not_utf_8_at_the_second_decoding_is_refused_by_name():
    with pytest.raises(InvalidParameter, match="service"):
        parse_query("service=%25ff").twice_decoded("service")


def test_characters_beyond_ascii_are_kept():
    assert parse_query("service=%C3%A9t%C3%A9").first("service") == "été"


def test_nothing_is_a_query_too():
    assert parse_query("") == Query()


@pytest.mark.parametrize(
    ("raw", "kept", "ticket"),
    [
        ("a=1&t=2020-01-01%2000:00:00&ticket=ST-1", "a=1&t=2020-01-01%2000:00:00", "ST-1"),
        ("a=%2B+%23&ticket=old&b=&ticket=ST%2D2", "a=%2B+%23&b=", "ST-2"),
        ("a=1&&b", "a=1&&b", None),
        ("ticket=", "", None),
        ("ticket=%ff", "", "�"),
        ("Ticket=1&myticket=2", "Ticket=1&myticket=2", None),
    ],
)
def test_a_ticket_is_taken_out_and_the_rest_stays_byte_for_byte(raw, kept, ticket):
    assert split_ticket(raw) == (kept, ticket)
    assert parse_query(raw).first("ticket") == (None if kept != "Ticket=1&myticket=2" else "1")
