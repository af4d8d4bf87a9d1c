"""Programs' way in: a password in a form, a ticket out."""

import re
from urllib.parse import quote

import pytest

from atoll.services.attempts import FAILURES_PER_USER, LOCKED
from atoll.services.passwords import MORE_NEEDED, WRONG
from tests.sign_in_world import PASSWORD, SERVICE
from tests.web.cas.builders import CAS_URL, CasUnderTest, code_of, said

pytestmark = pytest.mark.slow

FOREIGN = "https://evil.test/motu-web/Motu?x"


def test_a_password_is_answered_with_a_form_that_leads_on():
    door = CasUnderTest()
    answer = door.sign_in()
    assert (answer.status_code, answer.headers["content-type"]) == (201, "text/html; charset=utf-8")
    (action,) = re.findall(r'<form action="([^"]*)" method="post">', answer.text)
    assert action == answer.headers["location"]
    assert re.fullmatch(re.escape(CAS_URL) + "/v1/tickets/TGT-[0-9a-f]{64}", action)
    assert answer.headers["cache-control"] == "no-store"


def test_a_grant_is_answered_with_a_ticket_and_no_newline():
    door = CasUnderTest()
    answer = door.post(f"/{door.grant()}", f"service={quote(SERVICE, safe='')}")
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "text/plain; charset=utf-8",
    )
    assert re.fullmatch("ST-[0-9a-f]{64}", answer.text)
    assert said(door.validated(answer.text))["user"] == "ann"


@pytest.mark.parametrize("path", ["/serviceValidate", "/p3/serviceValidate"])
def test_a_ticket_tells_the_account(path):
    door = CasUnderTest()
    query = f"service={quote(SERVICE, safe='')}&ticket={door.ticket()}"
    assert said(door.validate(query, path)) == {
        "user": "ann",
        "authenticationDate": "2026-11-01T12:00:00Z",
        "longTermAuthenticationRequestTokenUsed": "false",
        "isFromNewLogin": "true",
        "accountId": "ann-id",
        "profiles": "public,navy",
        "status": "active",
    }


@pytest.mark.parametrize(
    ("password", "username"), [("wrong", "ann"), (PASSWORD, "nobody"), (PASSWORD, "a b")]
)
def test_a_bad_login_is_400_and_says_no_more_than_that(password, username):
    answer = CasUnderTest().sign_in(password, username)
    assert (answer.status_code, answer.text) == (400, WRONG)
    assert "www-authenticate" not in answer.headers


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("", "username"),
        ("username=ann", "password"),
        ("username=ann&password=", "password"),
        ("password=x", "username"),
        ("username=&password=x", "username"),
        ('{"username": "ann", "password": "secret"}', "username"),
        (b"username=ann&password=%FF%FE", "body"),
        (b"username=ann&password=\xff\xfe", "body"),
        ("&".join(f"a{number}=1" for number in range(51)), "body"),
    ],
)
def test_a_form_that_lacks_something_is_400_and_names_it(body, named):
    door = CasUnderTest()
    answer = door.post("", body)
    assert answer.status_code == 400
    assert answer.text.startswith(f"{named}: ")
    assert "secret" not in answer.text
    assert door.world.sign_in.asked == []


def test_of_double_parameters_the_first_counts():
    door = CasUnderTest()
    right = quote(PASSWORD)
    assert door.post("", f"username=ann&username=bob&password={right}&password=x").is_success
    assert door.post("", f"username=bob&username=ann&password={right}").status_code == 400
    service, foreign = quote(SERVICE, safe=""), quote(FOREIGN, safe="")
    grant = door.grant()
    answer = door.post(f"/{grant}", f"service={service}&service={foreign}")
    assert answer.status_code == 200
    assert door.post(f"/{grant}", f"service={foreign}&service={service}").status_code == 400
    other = door.ticket()
    query = f"ticket={answer.text}&ticket={other}&service={service}&service={foreign}"
    assert code_of(door.validate(query)) == ""
    assert code_of(door.validated(other)) == ""


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["", "/TGT-1"])
def test_ten_megabytes_are_413(path, chunked):
    door = CasUnderTest()
    body = b"username=ann&password=" + b"x" * 10 * 2**20
    content = iter([body[:1000], body[1000:]]) if chunked else body
    answer = door.client().post(f"/cas/v1/tickets{path}", content=content)
    assert answer.status_code == 413
    assert door.world.sign_in.asked == []


def test_the_longest_form_is_read():
    door = CasUnderTest()
    form = f"username=ann&password={quote(PASSWORD)}&rest="
    assert door.post("", form + "x" * (16_384 - len(form))).status_code == 201
    assert door.post("", form + "x" * (16_385 - len(form))).status_code == 413


@pytest.mark.parametrize("grant", ["TGT-1", "TGT-" + "0" * 64, "ST-" + "0" * 64, "%00", "x%0d%0ay"])
def test_an_unknown_grant_is_404(grant):
    answer = CasUnderTest().post(f"/{grant}", f"service={quote(SERVICE, safe='')}")
    assert answer.status_code == 404
    assert "sign in again" in answer.text


def test_an_expired_grant_is_404():
    door = CasUnderTest()
    grant = door.grant()
    door.world.later(3_600)
    assert door.post(f"/{grant}", f"service={quote(SERVICE, safe='')}").status_code == 404


@pytest.mark.parametrize("body", ["", "service=", f"service={quote(FOREIGN)}", "service=%2F"])
def test_without_a_service_that_is_allowed_there_is_no_ticket(body):
    door = CasUnderTest()
    answer = door.post(f"/{door.grant()}", body)
    assert answer.status_code == 400
    assert answer.text.startswith("service: ")


def test_a_deleted_grant_is_gone():
    door = CasUnderTest()
    grant = door.grant()
    assert door.client().delete(f"/cas/v1/tickets/{grant}").status_code == 200
    assert door.post(f"/{grant}", f"service={quote(SERVICE, safe='')}").status_code == 404
    assert door.client().delete("/cas/v1/tickets/TGT-1").status_code == 200


def test_a_lock_is_400_in_its_own_words_and_cognito_is_not_asked():
    door = CasUnderTest()
    for _ in range(FAILURES_PER_USER):
        assert door.sign_in("wrong").text == WRONG
    asked = len(door.world.sign_in.asked)
    answer = door.sign_in()
    assert (answer.status_code, answer.text) == (400, LOCKED)
    assert len(door.world.sign_in.asked) == asked


def test_the_address_is_the_gateways_and_no_header_of_the_callers():
    door = CasUnderTest()
    for number in range(100):
        form = f"username=user-{number}&password=wrong"
        headers = {"x-forwarded-for": f"198.51.100.{number}", "forwarded": f"for=192.0.2.{number}"}
        door.client("203.0.113.9").post("/cas/v1/tickets", content=form.encode(), headers=headers)
    form = f"username=ann&password={quote(PASSWORD)}"
    assert door.post("", form, address="203.0.113.9").text == LOCKED
    assert door.post("", form, address="203.0.113.10").status_code == 201


def test_a_challenge_is_400_and_says_to_use_the_hosted_login():
    door = CasUnderTest()
    door.world.sign_in.add("new", "first", challenged=True)
    answer = door.sign_in("first", "new")
    assert (answer.status_code, answer.text) == (400, MORE_NEEDED)


@pytest.mark.parametrize("part", ["sign_in", "tickets", "secrets"])
def test_what_is_away_is_503_to_be_tried_again(part):
    door = CasUnderTest()
    getattr(door.world, part).available = False
    answer = door.sign_in()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert len(door.heard.faults) == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/cas/v1/tickets", 405),
        ("PUT", "/cas/v1/tickets/TGT-1", 405),
        ("POST", "/cas/v1/tickets/", 404),
        ("GET", "/cas/v1/users", 404),
        ("POST", "/cas/login", 405),
        ("GET", "/cas/login/", 404),
        ("GET", "/openapi.json", 404),
    ],
)
def test_what_is_not_there_is_said_and_redirects_nowhere(method, path, status):
    answer = CasUnderTest().client().request(method, path, headers={"host": "evil.test"})
    assert answer.status_code == status
    assert "location" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
