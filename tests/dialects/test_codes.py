"""Every error has its status on the REST door."""

from atoll.dialects.rest.codes import CODES, render_problem
from atoll.errors import BrokerError, InvalidParameter, UnknownJob, family


def test_the_table_is_total():
    assert set(CODES) == set(family(BrokerError))


def test_codes_are_stable_and_unlike():
    codes = [kind.code() for kind in family()]
    assert len(set(codes)) == len(codes)
    assert UnknownJob.code() == "unknown-job"


def test_facts_become_members_and_never_the_status():
    document = render_problem(InvalidParameter("bbox[1]", 91.0, "latitudes lie in -90..90"), "c")
    assert document.model_dump() == {
        "type": "urn:atoll:error:invalid-parameter",
        "title": "Invalid parameter",
        "status": 400,
        "detail": "bbox[1]: 91.0 is not accepted; latitudes lie in -90..90",
        "correlation_id": "c",
        "parameter": "bbox[1]",
        "value": "91.0",
        "accepted": "latitudes lie in -90..90",
    }
    assert render_problem(UnknownJob("x", {"status": "failed"})).status == 404
