"""The whole way of motuclient 3.0.0 through this door, call by call as it makes them."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, quote_plus, unquote_to_bytes, urlsplit

import pytest
from starlette.testclient import TestClient

from atoll.dialects.cas.validation import parse_validation
from tests.sign_in_world import ANN, PASSWORD
from tests.web.cas.builders import CAS_URL, FORM, CasUnderTest

# As the client writes it: spaces and `#` encoded, everything else raw.
CALLED = (
    "https://unit.test/motu-web/Motu?action=productdownload&scriptVersion=3.0.0&mode=status"
    "&service=GLO-TDS%23x%20y&product=ds1&x_lo=350.0&x_hi=10.0&y_lo=-10.0&y_hi=10.0&z_lo=0.49"
    "&z_hi=Surface&output=netcdf&t_lo=2020-01-01%2000:00:00&t_hi=2020-01-02%2012:00:00"
    "&variable=thetao&variable=so"
)
POLLED = "https://unit.test/motu-web/Motu?action=getreqstatus&requestid=r1&service=S&product=D"


class LastForm(HTMLParser):
    """The client takes the last segment of the last form's action."""

    action = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self.action = dict(attrs)["action"] or ""


def ticketed(client: TestClient, called: str, user: str = "ann", password: str = PASSWORD) -> str:
    """The address that the client calls in the end, having been redirected by a unit."""
    # The unit's redirect, whose page is fetched and whose address alone is looked at.
    final = f"{CAS_URL}/login?service={quote(called, safe='')}"
    page = client.get(final)
    assert page.is_success
    match = re.match("(.*)/login.*", final)
    assert match is not None
    cas = urlsplit(match.group(1)).path
    service = parse_qs(urlsplit(final).query)["service"][0]
    body = f"username={quote(user)}&password={quote(password)}"
    answer = client.post(f"{cas}/v1/tickets", content=body.encode(), headers=FORM)
    answer.raise_for_status()
    form = LastForm()
    for line in answer.content.split(b"\n"):
        form.feed(line.decode("utf-8"))
    grant = form.action.rpartition("/")[2]
    asked = f"service={quote_plus(service)}".encode()
    ticket = client.post(f"{cas}/v1/tickets/{grant}", content=asked, headers=FORM)
    ticket.raise_for_status()
    return f"{service}&ticket={ticket.content.splitlines()[0].decode()}"


@pytest.mark.parametrize("called", [CALLED, POLLED, f"{CALLED}&x=a+b&y=%2520&z=%2B"])
def test_an_order_and_each_poll_are_signed_in_for(called):
    door = CasUnderTest()
    client = door.client()
    for _ in range(3):
        reached = ticketed(client, called)
        # The unit asks with the very bytes that it was called by.
        service, _, ticket = reached.rpartition("&ticket=")
        assert service == called
        asked = f"service={quote(service, safe='')}&ticket={ticket}"
        assert parse_validation(client.get(f"/cas/serviceValidate?{asked}").content) == ANN.account
        door.world.later(10)
    assert door.world.sign_in.asked == ["ann"]


def test_the_client_stops_at_a_bad_password():
    """A 400 ends it; anything else would be tried again for seven minutes."""
    client = CasUnderTest().client()
    with pytest.raises(Exception, match="400 Bad Request"):
        ticketed(client, CALLED, password="wrong")  # noqa: S106


def test_a_password_comes_through_as_it_was_typed():
    typed = "/a b+c%20&=é東"
    door = CasUnderTest()
    door.world.sign_in.add("zoë", typed)
    ticketed(door.client(), CALLED, "zoë", typed)
    assert unquote_to_bytes(quote(typed)).decode() == typed
    assert door.world.sign_in.asked == ["zoë"]
