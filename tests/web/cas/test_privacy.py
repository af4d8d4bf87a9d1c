"""What nobody may ever read: in logs, in the table, in answers to others."""

import json
from io import StringIO
from urllib.parse import quote

import pytest
from aws_lambda_powertools import Logger, Metrics
from starlette.testclient import TestClient

from atoll.web.cas.app import make_cas_app
from atoll.web.cas.context import CasDoor
from atoll.web.telemetry import PowertoolsTelemetry
from tests.sign_in_world import PASSWORD, SERVICE, SignInWorld
from tests.web.cas.builders import CAS_URL, CasUnderTest

ENDS = ["login", "hosted", "callback", "logout", "signed-out", "serviceValidate", "v1/tickets", "x"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_nothing_is_kept_by_anybody_on_the_way(end, method):
    answer = CasUnderTest().client().request(method, f"/cas/{end}")
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_log_has_neither_passwords_nor_tickets_nor_addresses_of_services():
    world, written = SignInWorld(), StringIO()
    logger = Logger(service="cas", stream=written, level="DEBUG")
    telemetry = PowertoolsTelemetry(logger, Metrics(namespace="Atoll", service="cas"))
    client = TestClient(
        make_cas_app(CasDoor(world.ports, telemetry, CAS_URL)), raise_server_exceptions=False
    )

    def sign_in(password: str) -> str:
        body = f"username=ann&password={quote(password)}"
        answer = client.post("/cas/v1/tickets", content=body.encode())
        return str(answer.headers.get("location", "")).rpartition("/")[2]

    def ticket(service: str) -> str:
        body = f"service={quote(service, safe='')}"
        return client.post(f"/cas/v1/tickets/{grant}", content=body.encode()).text

    grant = sign_in(PASSWORD)
    first, second = ticket(SERVICE), ticket(SERVICE)
    ticket("https://evil.test/private?of=somebody")
    asked = f"/cas/serviceValidate?service={quote(SERVICE, safe='')}&ticket="
    for one in (first, first):
        client.get(asked + one)
    sign_in("wrong-one")
    for part in (world.sign_in, world.tickets):
        part.available = False
        sign_in("another-one")
        client.get(asked + second)
        part.available = True
    client.post("/cas/v1/tickets", content=b"username=ann&password=%FFbroken-one")

    events = [json.loads(line) for line in written.getvalue().splitlines()]
    told = {(event["message"], event.get("facts", {}).get("reason")) for event in events}
    assert told == {("refused", None), ("refused", "wrong-password"), ("failed", None)}
    for secret in (
        PASSWORD, quote(PASSWORD), grant[4:], first[3:], second[3:], "wrong-one", "another-one",
        "broken-one", "private", "productdownload",
    ):  # fmt: skip
        assert secret not in written.getvalue()
    assert PASSWORD not in world.held()


def test_a_correlation_id_is_on_every_answer():
    answer = CasUnderTest().client().get("/cas/login", headers={"x-correlation-id": "my-own-id-1"})
    assert answer.headers["x-correlation-id"] == "my-own-id-1"
