"""The pages: what clients look at, and what a browser does with them."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.sign_in_world import ANN, SERVICE, SignInWorld
from tests.web.cas.builders import CAS_URL, CasUnderTest, code_of, said

QUERY = f"service={quote(SERVICE, safe='')}"
FOREIGN = quote("https://evil.test/motu-web/Motu", safe="")
LOCAL = "http://127.0.0.1:8080/motu-web/Motu"


class Page(HTMLParser):
    """Where a page leads without a script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.refresh: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        said = dict(attrs)
        if said.get("http-equiv") == "refresh":
            self.refresh.append((said["content"] or "").removeprefix("0; url="))
        if tag == "a":
            self.links.append(said["href"] or "")


def begun(browser: TestClient, query: str = QUERY) -> str:
    """A state, after the browser was sent to the hosted login."""
    answer = browser.get(f"/cas/hosted?{query}")
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]


def finished(door: CasUnderTest, browser: TestClient, query: str = QUERY) -> Response:
    door.world.hosted_login.codes["code"] = ANN
    return browser.get(f"/cas/callback?code=code&state={begun(browser, query)}")


def test_the_login_page_is_2xx_and_keeps_nothing():
    door = CasUnderTest()
    answer = door.client().get(f"/cas/login?{QUERY}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert door.world.tickets.items == {}


def test_a_browser_goes_on_by_itself_and_by_a_link():
    page = Page(CasUnderTest().client().get(f"/cas/login?{QUERY}").text)
    assert page.refresh == page.links == [f"{CAS_URL}/hosted?{QUERY}"]
    assert "script" not in page.tags


def test_what_a_service_has_in_its_address_stays_text():
    service = SERVICE + "&x=\"><script>alert(1)</script>'"
    answer = CasUnderTest().client().get(f"/cas/login?service={quote(service, safe='')}")
    page = Page(answer.text)
    assert "script" not in page.tags
    assert parse_qs(urlsplit(page.links[0]).query)["service"] == [service]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("query", ["", "service="])
def test_without_a_service_the_page_says_so(query):
    answer = CasUnderTest().client().get(f"/cas/login?{query}")
    assert answer.status_code == 200
    assert "No service was named" in answer.text
    assert Page(answer.text).refresh == []


@pytest.mark.parametrize("path", ["login", "hosted", "logout", "signed-out"])
def test_what_is_refused_is_shown_as_text(path):
    client = CasUnderTest().client()
    cookie = {"cookie": f"cas-signed-out-to={b'<script>'.hex()}"}
    answer = client.get(f"/cas/{path}?service=%3Cscript%3E", headers=cookie)
    assert answer.status_code == 400
    assert Page(answer.text).tags == {"html", "head", "meta", "title", "body", "h1", "p"}


@pytest.mark.parametrize("path", ["login", "hosted", "logout"])
def test_a_foreign_service_is_refused_everywhere(path):
    door = CasUnderTest()
    answer = door.client().get(f"/cas/{path}?service={FOREIGN}")
    assert answer.status_code == 400
    assert "evil.test/motu-web" not in answer.text
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert door.world.tickets.items == {}
    assert door.heard.refusals == ["invalid-parameter"]


def test_a_browser_comes_back_to_its_service_with_a_ticket():
    door = CasUnderTest()
    answer = finished(door, door.client())
    assert answer.status_code == 302
    location = answer.headers["location"]
    assert location.startswith(f"{SERVICE}&ticket=ST-")
    assert answer.headers["cache-control"] == "no-store"
    assert said(door.validated(location.rpartition("=")[2]))["accountId"] == "ann-id"


@pytest.mark.parametrize(
    ("service", "beginning"),
    [
        (LOCAL, f"{LOCAL}?ticket=ST-"),
        (f"{LOCAL}?a=1", f"{LOCAL}?a=1&ticket=ST-"),
        (f"{LOCAL}?a='\"<>|^`{{}}[]", f"{LOCAL}?a='\"<>|^`{{}}[]&ticket=ST-"),
    ],
)
def test_the_ticket_is_put_at_the_end_of_the_very_same_bytes(service, beginning):
    door = CasUnderTest()
    answer = finished(door, door.client(), f"service={quote(service, safe='')}")
    location = answer.headers["location"]
    assert location.startswith(beginning)
    assert code_of(door.validated(location.rpartition("=")[2], service)) == ""


def test_a_login_without_a_service_ends_on_a_page():
    door = CasUnderTest()
    answer = finished(door, door.client(), "")
    assert (answer.status_code, "You are signed in" in answer.text) == (200, True)


def test_a_state_is_good_once():
    door = CasUnderTest()
    browser = door.client()
    state = begun(browser)
    door.world.hosted_login.codes |= {"one": ANN, "two": ANN}
    assert browser.get(f"/cas/callback?code=one&state={state}").status_code == 302
    again = browser.get(
        f"/cas/callback?code=two&state={state}", headers={"cookie": f"cas-login-{state}=begun"}
    )
    assert (again.status_code, "begin again" in again.text) == (400, True)


def test_a_state_is_good_in_the_browser_that_began_alone():
    """Else a stranger could sign somebody in as the stranger, by a link."""
    door = CasUnderTest()
    state = begun(door.client())
    door.world.hosted_login.codes["code"] = ANN
    answer = door.client().get(f"/cas/callback?code=code&state={state}")
    assert answer.status_code == 400
    assert door.world.hosted_login.exchanged == []


def test_two_windows_do_not_disturb_one_another():
    door = CasUnderTest()
    browser = door.client()
    states = [begun(browser), begun(browser, f"service={quote(LOCAL, safe='')}")]
    door.world.hosted_login.codes |= {"one": ANN, "two": ANN}
    places = [
        browser.get(f"/cas/callback?code={code}&state={state}").headers["location"]
        for code, state in zip(["one", "two"], states, strict=True)
    ]
    assert places[0].startswith(SERVICE)
    assert places[1].startswith(LOCAL)


@pytest.mark.parametrize("address", [CAS_URL, "http://127.0.0.1:4567/api/cas"])
def test_cookies_are_kept_from_scripts_and_from_the_open_line(address):
    cookie = CasUnderTest(url=address).client().get(f"/cas/hosted?{QUERY}").headers["set-cookie"]
    assert re.match("cas-login-[0-9a-f]{64}=begun; ", cookie)
    parts = set(cookie.split("; "))
    path = urlsplit(address).path
    assert parts >= {"HttpOnly", "SameSite=lax", f"Path={path}", "Max-Age=600"}
    assert ("Secure" in parts) == address.startswith("https")


@pytest.mark.parametrize("state", ["", "x", "0" * 64, "%00", "../", "a" * 64 + "%0a"])
def test_a_forged_state_is_refused(state):
    door = CasUnderTest()
    answer = door.client().get(f"/cas/callback?code=code&state={state}")
    assert answer.status_code == 400
    assert door.world.hosted_login.exchanged == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("error=access_denied", "access_denied"),
        ("error=<script>", "without a code"),
        ("", "without a code"),
        ("code=forged", "begin again"),
    ],
)
def test_a_login_that_was_not_finished_is_said(query, told):
    browser = CasUnderTest().client()
    answer = browser.get(f"/cas/callback?{query}&state={begun(browser)}")
    assert answer.status_code == 400
    assert told in unescape(answer.text)
    assert "script" not in Page(answer.text).tags


def test_a_service_that_was_taken_off_the_list_meanwhile_gets_no_ticket():
    door = CasUnderTest()
    browser = door.client()
    state = begun(browser)
    later = CasUnderTest(SignInWorld(services="https://other.test/"))
    later.world.tickets.items |= door.world.tickets.items
    later.world.hosted_login.codes["code"] = ANN
    answer = later.client().get(
        f"/cas/callback?code=code&state={state}", headers={"cookie": f"cas-login-{state}=begun"}
    )
    assert answer.status_code == 400


def test_where_the_hosted_login_is_away_the_page_says_so():
    door = CasUnderTest()
    browser = door.client()
    state = begun(browser)
    door.world.hosted_login.available = False
    answer = browser.get(f"/cas/callback?code=code&state={state}")
    assert answer.status_code == 503
    assert len(door.heard.faults) == 1


def test_signing_out_ends_the_providers_session_and_goes_on_to_the_service():
    browser = CasUnderTest().client()
    out = browser.get(f"/cas/logout?{QUERY}")
    assert out.status_code == 302
    assert out.headers["location"] == "https://login.test/logout?client_id=hosted"
    back = browser.get("/cas/signed-out")
    assert (back.status_code, back.headers["location"]) == (302, SERVICE)
    again = browser.get("/cas/signed-out")
    assert (again.status_code, "You are signed out" in again.text) == (200, True)


@pytest.mark.parametrize("cookie", ["x", "00ff", b"https://evil.test/".hex()])
def test_a_forged_cookie_leads_nowhere(cookie):
    answer = (
        CasUnderTest()
        .client()
        .get("/cas/signed-out", headers={"cookie": f"cas-signed-out-to={cookie}"})
    )
    assert answer.status_code in {200, 400}
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["login", "hosted", "callback", "logout", "signed-out"])
@pytest.mark.parametrize("query", ["service=%FF", "service=\x80", "&".join(["a=1"] * 51)])
def test_a_query_that_cannot_be_read_is_400_or_not_looked_at(path, query):
    answer = CasUnderTest().client().get(f"/cas/{path}?{query}")
    assert answer.status_code == 400 or path == "signed-out"
