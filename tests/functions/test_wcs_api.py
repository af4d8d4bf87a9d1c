"""The WCS door behind API Gateway."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree
from mangum import Mangum

from tests.functions.environment import run
from tests.functions.test_handlers import ARRAYS, event
from tests.web.builders import token
from tests.web.wcs.builders import TEMP, WcsDoor

IMPORT = """
import json, sys
from wcs_api.handler import handler
print(json.dumps({"callable": callable(handler), "modules": sorted(sys.modules)}))
"""


@pytest.fixture
def loop() -> Iterator[None]:
    """Mangum runs on the thread's own."""
    made = asyncio.new_event_loop()
    asyncio.set_event_loop(made)
    yield
    made.close()
    asyncio.set_event_loop(None)


def answer(door: WcsDoor, query: str, path: str = "/wcs") -> dict[str, Any]:
    sent = json.loads(event("GET", path, authorization=f"Bearer {token()}"))
    app: Any = door.app(door.pause)
    context: Any = SimpleNamespace()
    return Mangum(app, lifespan="off")(sent | {"rawQueryString": query}, context)


@pytest.mark.slow
def test_the_handler_imports_alone_and_loads_nothing_foreign():
    found = run(IMPORT)
    assert found["callable"]
    assert (ARRAYS | {"arro3", "joserfc"}).isdisjoint(found["modules"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"), [("API_URL", ""), ("API_URL", "https://a.test/"), ("GUESTS", "perhaps")]
)
def test_a_missing_or_malformed_setting_is_named(name, value):
    with pytest.raises(AssertionError, match=f"InvalidParameter: {name}"):
        run("import wcs_api.handler", **{name: value})


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize("path", ["/wcs", "/motu-web/wcs"])
def test_a_document_goes_through_the_gateway_as_text(path):
    answered = answer(WcsDoor(), "SERVICE=WCS&REQUEST=GetCapabilities", path)
    assert (answered["statusCode"], answered["isBase64Encoded"]) == (200, False)
    links = etree.fromstring(answered["body"].encode()).iterfind(".//{*}Get")
    assert {one.get("{http://www.w3.org/1999/xlink}href") for one in links} == {
        f"https://unit.example.org{path}?"
    }


@pytest.mark.usefixtures("loop")
def test_a_coverage_goes_through_the_gateway_as_bytes():
    door = WcsDoor()
    door.makes(b"CDF\xff")
    query = f"service=WCS&version=2.0.1&request=GetCoverage&coverageId={TEMP}&subset=Lat%280%2C9%29"
    answered = answer(door, query)
    assert (answered["statusCode"], b64decode(answered["body"])) == (200, b"CDF\xff")
    assert answered["isBase64Encoded"]


@pytest.mark.usefixtures("loop")
def test_the_largest_answer_fits_what_a_function_may_answer():
    door = WcsDoor()
    door.makes(bytes(4 * 2**20))
    query = (
        f"service=WCS&version=2.0.1&request=GetCoverage&coverageId={TEMP}&subset=Lat(0,9)"
        "&mediaType=multipart/related"
    )
    answered = answer(door, query)
    assert answered["statusCode"] == 200
    assert len(json.dumps(answered)) < 6 * 2**20
