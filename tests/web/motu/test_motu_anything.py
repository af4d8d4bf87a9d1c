"""Whatever is sent to the Motu door, it has an answer, in the format of what reads it."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from atoll.web.motu.actions import ACTIONS
from tests.web.motu.builders import CAS_URL, CLOSED, OPEN, URL, MotuUnderTest

pytestmark = pytest.mark.slow

NAMES = st.sampled_from(
    [
        "action", "mode", "service", "product", "datasetID", "variable", "x_lo", "x_hi", "y_lo",
        "y_hi", "z_lo", "z_hi", "t_lo", "t_hi", "output", "requestid", "handle", "hop", "order",
        "code", "scriptVersion", "ticket", "signin", "Action", "VARIABLE", "X_Lo",
    ]
)  # fmt: skip
MEANT = st.sampled_from(
    [
        *ACTIONS, "describeProduct", "status", "console", "url", "Levitus-TDS", "navy", "again",
        "levitus-climatology", "TEMP", "sea_water_temperature", "Surface", "None", "netcdf4",
        "-180.0", "360", "1e5", "-0", "2020-01-01 00:00:00", "2020-02-30", "0000-01-01", "9",
        "INPROGRESS,PENDING,ERROR,DONE", "ST-1", "%2523", "a%00b", "<&>\"'", "[::1",
    ]
)  # fmt: skip
ODD = st.one_of(
    st.text(max_size=12).map(lambda text: quote(text, safe="")),
    st.binary(max_size=8).map(lambda sent: quote(sent, safe="")),
    st.text("%&=+;#/?:.-_~0123456789eE,()[]\\^`{|}aTZ ", max_size=12).map(
        lambda text: text.replace("#", "%23").replace(" ", "+")
    ),
)
VALUES = st.one_of(MEANT.map(lambda text: text.replace(" ", "%20")), ODD)
PARTS = st.builds(lambda name, value: f"{name}={value}", st.one_of(NAMES, ODD), VALUES)
QUERIES = st.lists(st.one_of(PARTS, ODD), max_size=12).map("&".join)
# What is nearly an order, that more than the parser is reached.
BOXES = st.builds(
    lambda action, parts: "&".join(
        [f"action={action}&service=levitus&product=levitus-climatology", *parts]
    ),
    st.sampled_from(["productdownload&mode=status", "productdownload", "getsize"]),
    st.lists(PARTS, max_size=6),
)
BODIES = st.one_of(st.binary(max_size=60), QUERIES.map(lambda text: text.encode()))
PROGRAMS = (
    "getreqstatus",
    "getsize",
    "describeproduct",
    "gettimecov",
    "productdownload&mode=status",
)


def demand_answer(door: MotuUnderTest, answer: Any) -> None:
    """No fault, and a status that this door has."""
    assert door.heard.faults == []
    assert answer.headers["cache-control"] == "no-store"
    kind = answer.headers.get("content-type", "").partition(";")[0]
    match answer.status_code:
        case 302:
            assert answer.headers["location"].startswith((URL, CAS_URL, "https://results.test"))
        case 400:
            assert kind == "text/plain"
        case status:
            assert status == 200
            assert kind in {"text/xml", "text/html", "text/plain", "application/json"}
    if kind == "text/xml":
        etree.fromstring(answer.content)


@given(query=st.one_of(QUERIES, BOXES), path=st.sampled_from([OPEN, CLOSED, "/motu-open/"]))
def test_any_address_is_answered(query, path):
    door = MotuUnderTest()
    demand_answer(door, door.client.get(f"{path}?{query}"))


@given(query=QUERIES, body=BODIES, kind=st.sampled_from([b"", b"text/plain", b"\xff"]))
def test_any_form_is_answered(query, body, kind):
    door = MotuUnderTest()
    sent = {b"content-type": kind or b"application/x-www-form-urlencoded"}
    demand_answer(door, door.client.post(f"{OPEN}?{query}", content=body, headers=sent))


@given(query=QUERIES, ticket=ODD)
def test_who_has_signed_in_may_send_anything_too(query, ticket):
    door = MotuUnderTest()
    demand_answer(door, door.client.get(f"{CLOSED}?{query}&ticket=ST-{ticket}"))
    demand_answer(door, door.ask(query or "a=1", CLOSED))


@given(action=st.sampled_from(PROGRAMS), query=QUERIES)
def test_programs_are_answered_in_xml_whatever_else_they_send(action, query):
    door = MotuUnderTest()
    answer = door.client.get(f"{OPEN}?action={action}&{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/xml; charset=UTF-8"
    demand_answer(door, answer)
