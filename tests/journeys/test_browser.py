"""A person in a browser: from the Motu door to the hosted login, and back with a ticket."""

import html
import re
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from stacks.local.endpoints import Endpoints
from tests.journeys.local import Local

pytestmark = pytest.mark.slow

# In the order in which a load balancer would hand it on: tickets are for the address so written.
QUESTION = "action=describeproduct&product=levitus-climatology&service=LEVITUS-TDS"


def follow(
    browser: OpenerDirector, url: str, form: dict[str, str] | None = None
) -> tuple[str, str]:
    """Where a browser ends up, and what it shows there."""
    body = urlencode(form).encode() if form is not None else None
    with browser.open(url, body) as answer:
        return answer.url, answer.read().decode()


def test_a_person_signs_in_at_the_hosted_pages(local: Local) -> None:
    endpoints, browser = Endpoints.read(local.place), build_opener(HTTPCookieProcessor())
    asked = f"{endpoints.units['levitus']}/motu-web/Motu?{QUESTION}"
    address, page = follow(browser, asked)
    assert urlsplit(address).path == urlsplit(f"{endpoints.cas}/login").path

    (link,) = re.findall(r'href="([^"]*/hosted\?[^"]*)"', page)
    address, page = follow(browser, urljoin(address, html.unescape(link)))
    assert address.startswith(f"{endpoints.central}/oauth2/authorize?")

    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    ann = endpoints.user("ann")
    form = {name: html.unescape(value) for name, value in fields}
    form |= {"username": ann.username, "password": ann.password}
    address, page = follow(browser, f"{endpoints.central}/login", form)
    assert address.startswith(f"{asked}&ticket=ST-")
    assert "<variables" in page

    # The ticket was good once.
    _, page = follow(browser, address)
    assert "INVALID_TICKET" in page
    assert "<variables" not in page
