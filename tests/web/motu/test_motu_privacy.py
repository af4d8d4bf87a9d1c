"""What the Motu door's log may not have: tickets and handles, whatever goes wrong."""

from io import StringIO
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger, Metrics
from starlette.testclient import TestClient

from atoll.bootstrap.ticket_check import make_check_ticket
from atoll.web.motu.app import make_motu_app
from atoll.web.motu.door import CheckTicket, Welcome
from atoll.web.telemetry import PowertoolsTelemetry
from tests.web.motu.builders import BOX, CLOSED, OPEN, ORDER, URL, MotuUnderTest, polling

# Nobody listens there.
AWAY = "http://127.0.0.1:9/cas"
SECRET = "ST-secret"  # noqa: S105


def written(door: MotuUnderTest, check_ticket: CheckTicket, *queries: str) -> str:
    """The log of these requests."""
    stream = StringIO()
    # Loggers of one name have one stream, the first one's.
    logger = Logger(service=uuid4().hex, stream=stream, level="DEBUG")
    telemetry = PowertoolsTelemetry(logger, Metrics(namespace="Atoll", service="motu"))
    welcome = Welcome(URL, guests=True, cas_url=AWAY, check_ticket=check_ticket)
    app = make_motu_app(door.world.ports, welcome, telemetry, door.pause)
    client = TestClient(app, base_url=URL, follow_redirects=False)
    for query in queries:
        client.get(query)
    return stream.getvalue()


@pytest.mark.parametrize("query", [ORDER, polling("1"), "action=listservices", "action=%ff"])
@pytest.mark.parametrize("is_away", [True, False])
def test_a_ticket_is_not_told(query, is_away):
    door = MotuUnderTest()
    check = make_check_ticket(AWAY) if is_away else door.cas.check
    log = written(door, check, f"{CLOSED}?{query}&ticket={SECRET}")
    assert ("sign-in does not answer" in log) == is_away
    assert SECRET not in log


def test_a_handle_is_not_told():
    door = MotuUnderTest()
    on = door.ask(f"action=productdownload&mode=console&{BOX}").headers["location"]
    (handle,) = parse_qs(urlsplit(on).query)["handle"]
    queries = [f"{OPEN}?action=waitfor&handle={text}" for text in (handle, f"{handle}x")]
    door.world.ledger.available = False
    log = written(door, door.cas.check, *queries)
    assert "Unavailable" in log
    assert handle not in log
