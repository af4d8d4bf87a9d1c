"""The CAS door over a world of fakes; a client that follows nothing by itself."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from httpx2 import Response
from lxml import etree
from starlette.testclient import TestClient

from atoll.web.cas.app import make_cas_app
from atoll.web.cas.context import CasDoor
from tests.sign_in_world import HOST, PASSWORD, SERVICE, SignInWorld
from tests.web.builders import Heard

CAS_URL = "https://cas.test/cas"
SCHEMA = etree.XMLSchema(file=Path(__file__).parents[2] / "schemas/cas/cas-3.0.xsd")
FORM = {"content-type": "application/x-www-form-urlencoded"}
NAMES = {"cas": "http://www.yale.edu/tp/cas"}


@dataclass
class CasUnderTest:
    """The application, and what is seen from outside."""

    world: SignInWorld = field(default_factory=SignInWorld)
    heard: Heard = field(default_factory=Heard)
    url: str = CAS_URL

    def client(self, address: str = HOST) -> TestClient:
        app = make_cas_app(CasDoor(self.world.ports, self.heard, self.url))
        return TestClient(
            app,
            base_url="https://cas.test",
            client=(address, 50_000),
            follow_redirects=False,
            raise_server_exceptions=False,
        )

    def post(self, path: str, body: str | bytes, address: str = HOST) -> Response:
        content = body.encode() if isinstance(body, str) else body
        return self.client(address).post(f"/cas/v1/tickets{path}", content=content, headers=FORM)

    def sign_in(self, password: str = PASSWORD, username: str = "ann") -> Response:
        return self.post("", f"username={quote(username)}&password={quote(password)}")

    def grant(self) -> str:
        """A ticket-granting ticket of Ann's."""
        return str(self.sign_in().headers["location"]).rpartition("/")[2]

    def ticket(self, service: str = SERVICE, grant: str = "") -> str:
        answer = self.post(f"/{grant or self.grant()}", f"service={quote_plus(service)}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def validate(self, query: str, path: str = "/serviceValidate") -> etree._Element:
        """A validation's document, which must be one by its schema."""
        return valid_document(self.client().get(f"/cas{path}?{query}"))

    def validated(self, ticket: str, service: str = SERVICE, more: str = "") -> etree._Element:
        return self.validate(f"service={quote(service, safe='')}&ticket={ticket}{more}")


def valid_document(answer: Response) -> etree._Element:
    document = etree.fromstring(answer.content)
    SCHEMA.assertValid(document)
    assert answer.headers["content-type"] == "application/xml; charset=UTF-8"
    return document


def code_of(document: etree._Element) -> str:
    """The failure's code; empty = success."""
    found = document.find("cas:authenticationFailure", NAMES)
    return "" if found is None else str(found.get("code"))


def said(document: etree._Element) -> dict[str, str | None]:
    """User and attributes of a success."""
    (success,) = document
    attributes = success.find("cas:attributes", NAMES)
    assert attributes is not None
    named = {etree.QName(one).localname: one.text for one in attributes}
    return {"user": success.findtext("cas:user", namespaces=NAMES)} | named
