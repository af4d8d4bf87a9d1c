"""Whose a ticket is: every answer a document of the schema, whatever was asked."""

from urllib.parse import quote

import pytest

from atoll.dialects.cas.validation import parse_validation
from atoll.errors import DataError, NotAuthenticated, Unavailable
from atoll.model.ticket import Identity
from tests.sign_in_world import ANN, SERVICE
from tests.web.cas.builders import CasUnderTest, code_of, said, valid_document

FOREIGN = "https://evil.test/motu-web/Motu?x"
QUOTED = quote(SERVICE, safe="")


def test_a_ticket_is_not_played_twice():
    door = CasUnderTest()
    ticket = door.ticket()
    codes = [code_of(door.validated(ticket)) for _ in range(3)]
    assert codes == ["", "INVALID_TICKET", "INVALID_TICKET"]


@pytest.mark.parametrize("other", [FOREIGN, f"{SERVICE}&ticket=x", SERVICE.replace("%20", " ")])
def test_a_ticket_for_another_service_is_refused_and_used_up(other):
    door = CasUnderTest()
    ticket = door.ticket()
    assert code_of(door.validated(ticket, other)) == "INVALID_SERVICE"
    assert code_of(door.validated(ticket)) == "INVALID_TICKET"


def test_a_grant_of_another_user_tells_of_that_user():
    door = CasUnderTest()
    door.world.sign_in.add("bob", "word")
    bobs = door.sign_in("word", "bob").headers["location"].rpartition("/")[2]
    assert said(door.validated(door.ticket(grant=bobs)))["accountId"] == "bob-id"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "ticket=ST-1",
        f"service={QUOTED}",
        "service=&ticket=",
        f"service={QUOTED}&ticket=",
        f"service={QUOTED}&ticket=ST-1&format=JSON",
        "service=%FF&ticket=ST-1",
    ],
)
def test_a_question_that_lacks_something_is_invalid(query):
    assert code_of(CasUnderTest().validate(query)) == "INVALID_REQUEST"


@pytest.mark.parametrize(
    "ticket",
    ["ST-1", "ST-" + "0" * 64, "PT-" + "0" * 64, "%3Cx%3E", "%00", "ST-" + "0" * 50_000],
)
def test_an_unknown_ticket_is_invalid_and_not_repeated(ticket):
    door = CasUnderTest()
    document = door.validate(f"service={QUOTED}&ticket={ticket}")
    assert code_of(document) == "INVALID_TICKET"
    assert (document[0].text or "").startswith("The ticket was never issued")


def test_an_expired_ticket_is_invalid():
    door = CasUnderTest()
    ticket = door.ticket()
    door.world.later(60)
    assert code_of(door.validated(ticket)) == "INVALID_TICKET"


@pytest.mark.parametrize(("renew", "code"), [("true", "INVALID_TICKET"), ("false", ""), ("", "")])
def test_who_demands_a_new_login_is_not_told_of_an_old_one(renew, code):
    door = CasUnderTest()
    browser = door.client()
    state = browser.get(f"/cas/hosted?service={QUOTED}").headers["location"]
    state = state.partition("state=")[2][:64]
    door.world.hosted_login.codes["code"] = ANN
    answer = browser.get(f"/cas/callback?code=code&state={state}")
    ticket = answer.headers["location"].rpartition("=")[2]
    assert code_of(door.validated(ticket, more=f"&renew={renew}")) == code


def test_a_store_that_is_away_is_an_internal_error():
    door = CasUnderTest()
    ticket = door.ticket()
    door.world.tickets.available = False
    answer = door.client().get(f"/cas/serviceValidate?service={QUOTED}&ticket={ticket}")
    assert answer.status_code == 503
    assert code_of(valid_document(answer)) == "INTERNAL_ERROR"
    assert len(door.heard.faults) == 1
    with pytest.raises(Unavailable):
        parse_validation(answer.content)


def test_an_unforeseen_fault_is_an_internal_error_and_shows_nothing():
    door = CasUnderTest()
    ticket = door.ticket()

    def broken(*_: object) -> None:
        raise KeyError("arn:aws:secret")

    door.world.tickets.take = broken  # type: ignore[method-assign,assignment]
    answer = door.client().get(f"/cas/serviceValidate?service={QUOTED}&ticket={ticket}")
    assert answer.status_code == 500
    assert code_of(valid_document(answer)) == "INTERNAL_ERROR"
    assert "secret" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-correlation-id"] == door.heard.correlation_ids[-1]
    assert len(door.heard.faults) == 1


def test_names_of_every_kind_are_valid_xml():
    door = CasUnderTest()
    identity = door.world.sign_in.add("a<&>\"'é東😀", "word", "<b>", "]]>")
    grant = door.sign_in("word", identity.username).headers["location"].rpartition("/")[2]
    told = said(door.validated(door.ticket(grant=grant)))
    assert (told["user"], told["profiles"]) == (identity.username, "<b>,]]>")


def test_who_has_no_profile_is_read_back_so():
    door = CasUnderTest()
    bob: Identity = door.world.sign_in.add("bob", "word")
    grant = door.sign_in("word", "bob").headers["location"].rpartition("/")[2]
    answer = door.client().get(
        f"/cas/serviceValidate?service={QUOTED}&ticket={door.ticket(grant=grant)}"
    )
    valid_document(answer)
    assert parse_validation(answer.content) == bob.account


def test_what_is_answered_is_what_a_unit_reads():
    door = CasUnderTest()
    asked = f"/cas/p3/serviceValidate?service={QUOTED}&ticket={door.ticket()}"
    assert parse_validation(door.client().get(asked).content) == ANN.account
    with pytest.raises(NotAuthenticated, match="INVALID_TICKET: The ticket was never issued"):
        parse_validation(door.client().get(asked).content)
    with pytest.raises(DataError):
        parse_validation(door.client().get("/cas/login").content)
