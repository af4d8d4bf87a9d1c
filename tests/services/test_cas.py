"""Tickets: whose they are, for what, how long, how often."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest

from atoll.errors import InvalidParameter, NotAuthenticated, Unavailable
from atoll.model.ticket import InvalidTicket, ServiceTicket
from atoll.services.cas import grant_ticket, issue_ticket, revoke_grant, validate_ticket
from atoll.services.hosted_login import BEGIN_AGAIN, begin_login, finish_login
from tests.sign_in_world import ANN, SERVICE, SignInWorld, credentials
from tests.world import T0


def issued(world: SignInWorld, service: str = SERVICE) -> str:
    ticket = issue_ticket(grant_ticket(credentials(), world.ports), service, world.ports)
    assert ticket is not None
    return ticket


def code_of(answer: ServiceTicket | InvalidTicket) -> str:
    return answer.code if isinstance(answer, InvalidTicket) else "valid"


def test_a_ticket_tells_who_and_since_when():
    world = SignInWorld()
    grant = grant_ticket(credentials(), world.ports)
    world.later(30)
    ticket = issue_ticket(grant, SERVICE, world.ports)
    assert ticket is not None
    assert validate_ticket(ticket, SERVICE, world.ports, renew=True) == ServiceTicket(
        identity=ANN, authenticated_at=T0, service=SERVICE, is_from_new_login=True
    )


def test_a_ticket_is_good_once():
    world = SignInWorld()
    ticket = issued(world)
    assert [code_of(validate_ticket(ticket, SERVICE, world.ports)) for _ in range(3)] == [
        "valid", "INVALID_TICKET", "INVALID_TICKET",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        f"{SERVICE}&x=1",
        SERVICE.replace("%20", "+"),
        SERVICE.replace("%20", " "),
        SERVICE.replace("https://unit.test", "https://unit.test:443"),
        SERVICE.replace("unit", "UNIT"),
        SERVICE[:-1],
    ],
)
def test_a_ticket_is_for_one_service_byte_for_byte_and_used_up_elsewhere(other):
    world = SignInWorld()
    ticket = issued(world)
    assert code_of(validate_ticket(ticket, other, world.ports)) == "INVALID_SERVICE"
    assert code_of(validate_ticket(ticket, SERVICE, world.ports)) == "INVALID_TICKET"


@pytest.mark.parametrize(("seconds", "code"), [(59, "valid"), (60, "INVALID_TICKET")])
def test_a_ticket_is_good_for_a_minute(seconds, code):
    world = SignInWorld()
    ticket = issued(world)
    world.later(seconds)
    assert code_of(validate_ticket(ticket, SERVICE, world.ports)) == code


def test_a_grant_is_good_for_an_hour_and_for_many_tickets():
    world = SignInWorld()
    grant = grant_ticket(credentials(), world.ports)
    assert len({issue_ticket(grant, SERVICE, world.ports) for _ in range(3)}) == 3
    world.later(3_599)
    assert issue_ticket(grant, SERVICE, world.ports) is not None
    world.later(1)
    assert issue_ticket(grant, SERVICE, world.ports) is None


def test_a_grant_that_was_revoked_is_good_for_nothing():
    world = SignInWorld()
    grant, others = grant_ticket(credentials(), world.ports), grant_ticket(
        credentials(), world.ports
    )  # fmt: skip
    revoke_grant(grant, world.ports)
    revoke_grant(grant, world.ports)
    assert issue_ticket(grant, SERVICE, world.ports) is None
    assert issue_ticket(others, SERVICE, world.ports) is not None


def test_grants_and_tickets_do_not_stand_for_one_another_nor_for_what_is_kept():
    world = SignInWorld()
    grant = grant_ticket(credentials(), world.ports)
    ticket = issue_ticket(grant, SERVICE, world.ports)
    assert ticket is not None
    assert code_of(validate_ticket(grant, SERVICE, world.ports)) == "INVALID_TICKET"
    state = begin_login(SERVICE, world.ports).state
    forged = [ticket, ticket.replace("ST-", "TGT-"), f"TGT-{state}", *world.tickets.items]
    forged += [f"TGT-{key.partition('#')[2]}" for key in world.tickets.items]
    forged += ["TGT-", "", "TGT-" + "0" * 64, grant.upper(), f"{grant}\n", f" {grant}"]
    for text in forged:
        assert issue_ticket(text, SERVICE, world.ports) is None
        revoke_grant(text, world.ports)
        assert code_of(validate_ticket(text.replace("TGT", "ST"), "x", world.ports)) != "valid"
    assert issue_ticket(grant, SERVICE, world.ports) is not None


def test_the_table_holds_no_ticket():
    world = SignInWorld()
    grant = grant_ticket(credentials(), world.ports)
    ticket = issue_ticket(grant, SERVICE, world.ports)
    assert ticket is not None
    for secret in (grant, ticket):
        assert secret.partition("-")[2] not in world.held()
        assert hashlib.sha256(secret.encode()).hexdigest() in world.held()


def test_no_ticket_is_issued_for_a_foreign_service():
    world = SignInWorld()
    grant = grant_ticket(credentials(), world.ports)
    held = world.held()
    with pytest.raises(InvalidParameter, match="service"):
        issue_ticket(grant, "https://evil.test/motu-web/Motu?x", world.ports)
    with pytest.raises(InvalidParameter, match="service"):
        begin_login("https://evil.test/", world.ports)
    assert world.held() == held


def test_a_login_in_a_browser_ends_at_its_service_with_a_ticket():
    world = SignInWorld()
    begun = begin_login(SERVICE, world.ports)
    world.hosted_login.codes["code"] = ANN
    onward = finish_login(begun.state, "code", world.ports)
    assert onward is not None
    service, _, ticket = onward.rpartition("&ticket=")
    assert service == SERVICE
    # Nobody knows whether the password was typed for it, or a session was still open.
    assert code_of(validate_ticket(ticket, SERVICE, world.ports, renew=True)) == "INVALID_TICKET"
    ((code, verifier),) = world.hosted_login.exchanged
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert code == "code"
    assert parse_qs(urlsplit(begun.address).query)["code_challenge"] == [challenge]
    assert begun.state not in world.held()


def test_the_ticket_of_a_browser_says_who_it_is():
    world = SignInWorld()
    world.hosted_login.codes["code"] = ANN
    onward = finish_login(begin_login(SERVICE, world.ports).state, "code", world.ports) or ""
    answer = validate_ticket(onward.rpartition("=")[2], SERVICE, world.ports)
    assert isinstance(answer, ServiceTicket)
    assert (answer.identity, answer.is_from_new_login) == (ANN, False)


def test_a_login_is_finished_once_and_in_time():
    world = SignInWorld()
    world.hosted_login.codes |= {"one": ANN, "two": ANN, "three": ANN}
    state = begin_login("", world.ports).state
    assert finish_login(state, "one", world.ports) is None
    late = begin_login("", world.ports).state
    for stale, code, seconds in ((state, "two", 0), ("0" * 64, "two", 0), (late, "three", 600)):
        world.later(seconds)
        with pytest.raises(NotAuthenticated, match=BEGIN_AGAIN):
            finish_login(stale, code, world.ports)
    # A code is shown to nobody but for a login that is known.
    assert [code for code, _ in world.hosted_login.exchanged] == ["one"]


def test_a_code_that_is_not_good_signs_nobody_in():
    world = SignInWorld()
    state = begin_login(SERVICE, world.ports).state
    with pytest.raises(NotAuthenticated, match=BEGIN_AGAIN):
        finish_login(state, "forged", world.ports)
    assert not any(key.startswith("ticket#") for key in world.tickets.items)


def test_where_the_hosted_login_is_away_it_is_said():
    world = SignInWorld()
    state = begin_login(SERVICE, world.ports).state
    world.hosted_login.available = False
    with pytest.raises(Unavailable):
        finish_login(state, "code", world.ports)
