"""Open redirects: what looks like a service of ours and is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import InvalidParameter
from atoll.model.service_url import LONGEST_URL, AllowedServices, ServiceUrl, with_ticket

ALLOWED = AllowedServices.parse(
    "https://unit.test/motu-web, https://alb.test:8443/motu-web/,http://127.0.0.1:8080/,"
    "https://[2001:db8::1]/m"
)


@pytest.mark.parametrize(
    "url",
    [
        "https://unit.test/motu-web",
        "https://unit.test/motu-web/",
        "https://unit.test/motu-web?action=ping",
        "https://unit.test/motu-web/Motu?action=ping&service=A-TDS%23b%20c&t=2020-01-01%2000:00:00",
        "https://unit.test/motu-web/Motu?",
        "https://unit.test:443/motu-web/Motu?a=../..",
        "https://UNIT.test/motu-web/Motu",
        "HTTPS://unit.test/motu-web/Motu",
        "https://unit.test/motu-web/Motu?next=https://evil.test/@x",
        "https://unit.test/motu-web/a...b/..c",
        "https://alb.test:8443/motu-web/Motu?a=1",
        "http://127.0.0.1:8080/anything",
        "http://127.0.0.1:8080",
        "https://[2001:DB8::1]/m?x",
    ],
)
def test_the_operators_services_may_be_given_tickets(url):
    ALLOWED.demand(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/motu-web/Motu",
        "//unit.test/motu-web/Motu",
        "javascript:alert(1)",
        "data:text/html,https://unit.test/motu-web",
        "ftp://unit.test/motu-web",
        # Another host, however it is dressed.
        "https://evil.test/motu-web/Motu",
        "https://unit.test.evil.test/motu-web/Motu",
        "https://evil-unit.test/motu-web",
        "https://unit.test@evil.test/motu-web",
        "https://evil.test@unit.test/motu-web",
        "https://user:word@unit.test/motu-web",
        "https://unit.test%40evil.test/motu-web",
        "https://unit.test%2eevil.test/motu-web",
        "https://evil.test\\@unit.test/motu-web",
        "https://unit.test\\.evil.test/motu-web",
        "https:\\\\unit.test/motu-web",
        "https:/unit.test/motu-web",
        "https:unit.test/motu-web",
        "https:///unit.test/motu-web",
        "https://unit.test./motu-web",
        "https://unit.test:/motu-web",
        "https://unit.test:443@evil.test/motu-web",
        "https://[unit.test]/motu-web",
        "https://[::1/motu-web",
        "https://\uff55nit.test/motu-web",
        # Another port or scheme.
        "https://unit.test:8443/motu-web",
        "https://unit.test:80/motu-web",
        "https://unit.test:99999/motu-web",
        "http://unit.test/motu-web",
        "http://unit.test:443/motu-web",
        "https://127.0.0.1:8080/x",
        # Another path.
        "https://unit.test/",
        "https://unit.test",
        "https://unit.test/motu-webevil",
        "https://unit.test/Motu-Web/Motu",
        "https://unit.test//motu-web/Motu",
        "https://alb.test:8443/motu-web",
        # Dot segments, in the open and not.
        "https://unit.test/motu-web/../admin",
        "https://unit.test/motu-web/..",
        "https://unit.test/motu-web/./Motu",
        "https://unit.test/motu-web/..;x=1/admin",
        "https://unit.test/motu-web/%2e%2e/admin",
        "https://unit.test/motu-web/.%2E/admin",
        "https://unit.test/motu-web/%252e%252e/admin",
        "https://unit.test/motu-web/..%2fadmin",
        "https://unit.test/motu-web/x%5c..%5cadmin",
        "https://unit.test/motu-web/%25252fadmin",
        # What no address has, and what ends one.
        "https://unit.test/motu-web#fragment",
        "https://unit.test/motu-web?a=1#",
        "https://unit.test/motu-web?a=b\r\nSet-Cookie: x=1",
        "https://unit.test/motu-web\t/x",
        "https://unit.test/motu-web?a=\x00",
        "https://unit.test/motu-web?a=b c",
        "https://unit.test/motu-web?a=\\",
        "https://unit.test/motu-web?a=é",
        " https://unit.test/motu-web",
        "https://unit.test/motu-web\n",
        "https://unit.test/motu-web?" + "a" * LONGEST_URL,
    ],
)
def test_nothing_else_may(url):
    with pytest.raises(InvalidParameter, match=r"^service: "):
        ALLOWED.demand(url)


def test_of_a_refused_address_the_message_tells_no_more_than_its_host():
    for url in ("https://evil.test/secret?ticket=ST-1", "https://user:word@unit.test/secret"):
        with pytest.raises(InvalidParameter) as refused:
            ALLOWED.demand(url)
        told = refused.value.detail + str(refused.value.facts)
        assert not any(part in told for part in ("secret", "ST-1", "word"))


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.booleans())
def test_whatever_is_allowed_has_the_services_origin(text, after):
    """An oracle that reads no URL: what is allowed begins with one of these, letter by letter."""
    url = f"https://unit.test/motu-web{text}" if after else f"https://unit.test{text}/motu-web"
    try:
        ALLOWED.demand(url)
    except InvalidParameter:
        return
    beginnings = ("https://unit.test/motu-web", "https://unit.test:443/motu-web")
    assert url.startswith(beginnings)
    rest = url.removeprefix(beginnings[0] if url.startswith(beginnings[0]) else beginnings[1])
    assert rest[:1] in {"", "/", "?"}
    assert url.isascii()
    assert url.isprintable()


@pytest.mark.parametrize("text", ["https://unit.test/a?b", "unit.test", "https://a/../b", "x:y"])
def test_an_operators_mistake_is_found(text):
    with pytest.raises(ValueError, match=r"prefix|scheme|dot"):
        AllowedServices.parse(f"https://unit.test/,{text}")


def test_nothing_is_allowed_where_nothing_was_said():
    with pytest.raises(InvalidParameter):
        AllowedServices.parse(" , ").demand("https://unit.test/")


def test_a_ticket_is_put_at_the_end_and_nothing_else_is_changed():
    assert with_ticket("https://u/m", "ST-1") == "https://u/m?ticket=ST-1"
    assert with_ticket("https://u/m?a=%20+b", "ST-1") == "https://u/m?a=%20+b&ticket=ST-1"
    assert with_ticket("https://u/m?", "ST-1") == "https://u/m?&ticket=ST-1"
    assert ServiceUrl.parse("https://u/m?").query == ""
