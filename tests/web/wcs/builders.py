"""A WCS door over a world of fakes."""

from dataclasses import dataclass
from typing import override

from fastapi import FastAPI
from lxml import etree
from starlette.types import ASGIApp

from atoll.services.completion import settle_job
from atoll.web.context import Pause
from atoll.web.identity import TokenVerifier
from atoll.web.wcs.app import make_wcs_app
from atoll.web.wcs.place import Place
from tests.web.builders import CLIENT_ID, ISSUER, DoorUnderTest

URL = "https://unit.example.org"
TEMP, UWND = "levitus-climatology__TEMP", "navy-winds__UWND"
JOB = "id-00002"  # the first id is the request's correlation id


@dataclass
class WcsDoor(DoorUnderTest):
    """The application; whoever sends no token is a guest where such are served."""

    guests: bool = False

    @override
    def app(self, pause: Pause) -> FastAPI:
        verifier = TokenVerifier(ISSUER, frozenset({CLIENT_ID}), self.issuer.fetch, self.world.now)
        place = Place(URL, "levitus", self.guests)
        return make_wcs_app(self.world.ports, verifier, self.heard, place, pause)

    @override
    def served(self) -> ASGIApp:
        return self.app(self.pause)

    def makes(self, content: bytes, job_id: str = JOB) -> None:
        """A worker makes the result in a second."""

        def settle() -> None:
            settle_job(job_id, self.world.make_result(job_id, content), self.world.ports.ends)

        self.later(1, settle)


def get(operation: str, **said: str) -> dict[str, str]:
    """The parameters of a request."""
    return {"service": "WCS", "version": "2.0.1", "request": operation} | said


def told(answer) -> tuple[int, str, str]:
    """Status, code and locator of an exception report."""
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.headers["cache-control"] == "no-store"
    (fault,) = etree.fromstring(answer.content).iterfind("{*}Exception")
    return answer.status_code, fault.get("exceptionCode", ""), fault.get("locator", "")


def text_of(answer) -> str:
    """What an exception report says."""
    return etree.fromstring(answer.content).findtext(".//{*}ExceptionText") or ""
