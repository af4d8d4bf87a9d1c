"""What a unit believes of who somebody is, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.dialects.cas.validation import (
    LONGEST_DOCUMENT_BYTES,
    parse_validation,
    render_failure,
    render_success,
)
from atoll.errors import BrokerError, DataError, NotAuthenticated, Unavailable
from atoll.model.job import Account
from atoll.model.ticket import Identity, InvalidTicket, ServiceTicket
from tests.sign_in_world import SERVICE
from tests.world import T0

# As an Apereo server writes it, with our attributes.
SUCCESS = """<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>
    <cas:authenticationSuccess>
        <cas:user>ann</cas:user>
        <cas:attributes>
            <cas:status>active</cas:status>
            <cas:profiles>public,navy</cas:profiles>
            <cas:accountId>
                ann-id
            </cas:accountId>
        </cas:attributes>
    </cas:authenticationSuccess>
</cas:serviceResponse>"""
FAILURE = """<serviceResponse xmlns="http://www.yale.edu/tp/cas"><authenticationFailure
code="INVALID_TICKET">Ticket ST-1
   not recognized</authenticationFailure></serviceResponse>"""

# What XML 1.0 can hold and Cognito may call a group.
NAMES = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters=","), min_size=1)


def test_a_document_of_another_server_is_read():
    assert parse_validation(SUCCESS.encode()) == Account(
        account_id="ann-id", profiles=("public", "navy")
    )


@given(NAMES, NAMES, st.lists(NAMES, max_size=5))
def test_what_is_written_is_read_back(username, account_id, groups):
    account = Account(account_id=account_id, profiles=tuple(groups))
    ticket = ServiceTicket(
        identity=Identity(username=username, account=account),
        authenticated_at=T0,
        service=SERVICE,
        is_from_new_login=True,
    )
    assert parse_validation(render_success(ticket).encode()) == account


def test_a_failure_is_told_with_its_own_reason():
    with pytest.raises(NotAuthenticated, match=r"INVALID_TICKET: Ticket ST-1 not recognized$"):
        parse_validation(FAILURE.encode())
    ours = render_failure(InvalidTicket(code="INVALID_SERVICE", reason="Of <another> & so on."))
    with pytest.raises(
        NotAuthenticated, match=r"INVALID_SERVICE: Of <another> & so on\.$"
    ) as fault:
        parse_validation(ours.encode())
    assert fault.value.facts == {"code": "INVALID_SERVICE"}


def test_an_internal_error_is_to_be_tried_again():
    document = render_failure(InvalidTicket(code="INTERNAL_ERROR", reason="Away."))
    with pytest.raises(Unavailable):
        parse_validation(document.encode())


@pytest.mark.parametrize("status", ["inactive", "Active", ""])
def test_an_account_that_is_not_active_is_not_let_in(status):
    with pytest.raises(NotAuthenticated):
        parse_validation(SUCCESS.replace("active", status).encode())


ENTITIES = '<!DOCTYPE x [<!ENTITY a "ann-id">]>' + SUCCESS.replace("ann-id", "&a;")


@pytest.mark.parametrize(
    "document",
    [
        "",
        "yes\nann\n",
        "<html>",
        "<html/>",
        '{"serviceResponse": {}}',
        SUCCESS[:-3],
        SUCCESS.replace("yale", "jale"),
        SUCCESS.replace("serviceResponse", "response"),
        SUCCESS.replace("authenticationSuccess", "proxySuccess"),
        SUCCESS.replace("accountId", "uid"),
        SUCCESS.replace("ann-id", ""),
        SUCCESS.replace("cas:attributes", "cas:other"),
        ENTITIES,
        ENTITIES.encode("utf-16"),
        ENTITIES.encode("utf-16-le"),
        '<?xml version="1.0" encoding="x"?>' + SUCCESS,
        SUCCESS + " " * LONGEST_DOCUMENT_BYTES,
        b"\xff" + SUCCESS.encode(),
    ],
)
def test_anything_else_says_of_nobody_who_it_is(document):
    with pytest.raises(DataError):
        parse_validation(document if isinstance(document, bytes) else document.encode())


def test_success_and_failure_in_one_document_is_a_failure():
    success = "<cas:authenticationSuccess>"
    both = SUCCESS.replace(success, f'<cas:authenticationFailure code="X"/>{success}')
    with pytest.raises(NotAuthenticated):
        parse_validation(both.encode())


def test_a_comment_hides_no_part_of_a_name():
    document = SUCCESS.replace("ann-id", "ann-id<!-- -->-and-more")
    assert parse_validation(document.encode()).account_id == "ann-id-and-more"


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_otherwise(document):
    with pytest.raises(BrokerError):
        parse_validation(document)
