"""What nobody should send to the Motu door."""

import pytest

from tests.web.motu.builders import (
    CAS_URL,
    CLOSED,
    OPEN,
    ORDER,
    URL,
    MotuUnderTest,
    attributes,
    polling,
)

TEN_MB = b"a=1&" * 2_500_000


@pytest.mark.parametrize(("query", "code"), [(ORDER, "010-26"), (polling("1"), "004-26")])
def test_a_large_body_is_refused_in_the_action_s_own_words(query, code):
    door = MotuUnderTest()
    told = attributes(door.client.post(f"{OPEN}?{query}", content=TEN_MB))
    assert (told["status"], told["code"]) == ("2", code)
    assert "10000000 bytes" in told["msg"]
    assert door.world.untouched()


def test_a_body_that_says_how_large_it_is_is_not_read():
    door = MotuUnderTest()
    headers = {"content-length": "70000"}
    told = attributes(door.client.post(f"{OPEN}?{ORDER}", content=b"a", headers=headers))
    assert told["code"] == "010-26"
    assert "70000 bytes" in told["msg"]


def test_a_length_of_thousands_of_digits_is_one_too_large():
    door = MotuUnderTest()
    headers = {"content-length": "9" * 5000}
    told = attributes(door.client.post(f"{OPEN}?{ORDER}", content=b"a", headers=headers))
    assert (told["code"], door.heard.faults) == ("010-26", [])


@pytest.mark.parametrize("host", ["evil.test", "evil.test/x", "["])
@pytest.mark.parametrize("path", [f"{OPEN}/", f"{CLOSED}/", "/motu-web", "/motu-web/", CLOSED])
def test_no_caller_s_host_is_led_to(host, path):
    answer = MotuUnderTest().client.get(path, headers={"host": host})
    assert answer.status_code in {200, 302}
    assert answer.headers.get("location", URL).startswith((URL, CAS_URL))
    assert "evil.test" not in f"{answer.headers}{answer.text}"


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data; boundary=x", "text/xml; charset=utf-8"]
)
def test_a_body_that_is_no_form_is_refused_by_its_kind(kind):
    door = MotuUnderTest()
    answer = door.client.post(f"{OPEN}?{ORDER}", content=b"{}", headers={"content-type": kind})
    assert attributes(answer)["msg"].startswith("010-26 : Parameter 'Content-Type'")
    assert door.world.untouched()


@pytest.mark.parametrize(
    "body", [b"\xff\xfe=\x00", b"action=%", b"&&&", b"=", b"action=\xffx", b"\r\n"]
)
def test_odd_forms_are_answered_with_a_page(body):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = MotuUnderTest().client.post(OPEN, content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=UTF-8")


@pytest.mark.parametrize(
    "odd",
    [
        "service=%00",
        "service=a%20b",
        "service=%23",
        "service=%25",
        "service=%2525",
        "product=%E2%80%AE%E2%80%A8",
        "product=%F0%9F%90%9A",
        "x_lo=%F0%9F%90%9A",
        "t_lo=99999-01-01",
        "t_lo=0000-00-00",
        "t_lo=2020-02-31",
        "variable=%00",
        "variable=<!DOCTYPE a>",
        "z_lo=1e308&z_hi=-1e308",
        "x_lo=1e308&x_hi=-1e308",
        "y_lo=0&y_hi=1e-320",
        "output=%00",
        "scriptVersion=%ff",
        "handle=" + "A" * 5000,
        "action=%00",
        "&".join(f"p{number}={number}" for number in range(5000)),
    ],
)
@pytest.mark.parametrize("action", ["productdownload&mode=status", "getSize", "describeProduct"])
def test_nothing_is_answered_with_a_stack(odd, action):
    door = MotuUnderTest()
    rest = "&service=levitus&product=levitus-climatology"
    answer = door.ask(f"{odd}&action={action}{rest}")
    assert answer.status_code == 200
    assert door.heard.faults == []
    if odd != "action=%00":
        assert answer.headers["content-type"] == "text/xml; charset=UTF-8"
        attributes(answer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/motu-web/other", 404),
        ("GET", "/", 404),
        ("PUT", OPEN, 405),
        ("DELETE", "/motu-web/", 405),
    ],
)
def test_other_addresses_and_methods_are_told_on_a_page(method, path, status):
    answer = MotuUnderTest().client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "text/html; charset=UTF-8",
    )
    assert f"017-{status} : {method} {path}" in answer.text
    assert answer.headers["x-correlation-id"]


@pytest.mark.parametrize("root", ["/motu-web", "/motu-open"])
def test_links_on_the_first_page_lead_somewhere(root):
    door = MotuUnderTest(cas_url="")
    assert door.client.get(root).headers["location"] == f"{URL}{root}/Motu?action=welcome"
    for path in (f"{root}/Motu?action=welcome", f"{root}/"):
        assert 'href="Motu?action=listservices"' in door.client.get(path).text


def test_proxies_find_an_answer():
    assert MotuUnderTest().client.get("/motu-web/proxyCallback?pgtId=1").status_code == 200
