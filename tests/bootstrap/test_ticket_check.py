"""How the Motu door asks a sign-in whose a ticket is."""

from urllib.parse import parse_qs, urlsplit

import pytest

from atoll.bootstrap.ticket_check import make_check_ticket
from atoll.dialects.cas.validation import (
    LONGEST_DOCUMENT_BYTES,
    render_failure,
    render_success,
)
from atoll.errors import DataError, NotAuthenticated, Unavailable
from atoll.model.ticket import Identity, InvalidTicket, ServiceTicket
from tests.client.test_report import served
from tests.world import ANN, T0

SERVICE = "https://motu.test/motu-web/Motu?action=x&t=2020-01-01%2000:00:00&s=%23&p=+"
VALID = render_success(
    ServiceTicket(
        identity=Identity(username="ann", account=ANN),
        authenticated_at=T0,
        service=SERVICE,
        is_from_new_login=True,
    )
).encode()


def test_the_sign_in_is_asked_for_the_address_and_the_ticket_as_they_are():
    asked: list[str] = []

    def answer(path, _headers):
        asked.append(path)
        return 200, VALID

    with served(answer) as url:
        assert make_check_ticket(f"{url}/cas")(SERVICE, "ST-1&x") == ANN
    parts = urlsplit(asked[0])
    assert parts.path == "/cas/serviceValidate"
    assert parse_qs(parts.query) == {"service": [SERVICE], "ticket": ["ST-1&x"]}


def test_why_a_ticket_is_not_valid_is_told():
    failure = render_failure(InvalidTicket(code="INVALID_TICKET", reason="It was used.")).encode()
    with (
        served(lambda *_: (200, failure)) as url,
        pytest.raises(NotAuthenticated, match="INVALID_TICKET: It was used"),
    ):
        make_check_ticket(f"{url}/cas")(SERVICE, "ST-1")


@pytest.mark.parametrize("body", [b"", b"<html>", b"ok", b" " * LONGEST_DOCUMENT_BYTES + VALID])
def test_what_is_no_answer_signs_nobody_in(body):
    with served(lambda *_: (200, body)) as url, pytest.raises(DataError):
        make_check_ticket(f"{url}/cas")(SERVICE, "ST-1")


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_a_sign_in_that_answers_with_a_fault_is_away(status):
    with served(lambda *_: (status, b"")) as url, pytest.raises(Unavailable):
        make_check_ticket(f"{url}/cas")(SERVICE, "ST-1")


def test_a_sign_in_that_is_not_there_is_away():
    with served(lambda *_: (200, VALID)) as url:
        pass
    with pytest.raises(Unavailable, match="does not answer"):
        make_check_ticket(f"{url}/cas")(SERVICE, "ST-1")
