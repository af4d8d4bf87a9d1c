"""Whatever is sent to the CAS door, it is answered, and leads nobody to strangers."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sign_in_world import PASSWORD, SERVICE
from tests.web.cas.builders import FORM, CasUnderTest, valid_document

pytestmark = pytest.mark.slow

ENDS = st.sampled_from(
    ["login", "hosted", "callback", "logout", "signed-out", "serviceValidate", "p3/serviceValidate",
     "v1/tickets", "v1/tickets/x", "v1/tickets/%ff", "", "/", "x"]
)  # fmt: skip
NAMES = st.sampled_from(
    ["service", "ticket", "username", "password", "state", "code", "error", "renew", "format"]
)
STATE = "f" * 64
MEANT = st.sampled_from(
    [
        SERVICE, "https://evil.test/", "https://unit.test@evil.test/motu-web/", "//evil.test",
        "https://unit.test/motu-web/..%2f", "https://unit.test/motu-web/\r\nX: 1", "https://[::1",
        "https://unit.test:99999/motu-web/", "https://unit.test/motu-web\\evil", "ann", PASSWORD,
        STATE, f"ST-{'0' * 64}", "\0", "JSON",
    ]
)  # fmt: skip
VALUES = st.one_of(MEANT, st.text(max_size=12), st.binary(max_size=8)).map(
    lambda said: quote(said, safe="")
)
QUERIES = st.lists(
    st.one_of(st.builds(lambda name, value: f"{name}={value}", NAMES, VALUES), VALUES), max_size=6
).map("&".join)
COOKIES = st.sampled_from(
    ["", "zz", "ff", *(url.encode().hex() for url in (SERVICE, "https://evil.test/", "a\r\nb"))]
)
ONWARD = ("https://unit.test/motu-web/", "https://login.test/")


@given(method=st.sampled_from(["GET", "POST", "DELETE"]), end=ENDS, query=QUERIES, cookie=COOKIES)
def test_any_request_is_answered(method, end, query, cookie):
    door = CasUnderTest()
    cookies = f"cas-signed-out-to={cookie}; cas-login-{STATE}=begun"
    answer = door.client().request(
        method, f"/cas/{end}?{query}", content=query.encode(), headers=FORM | {"cookie": cookies}
    )
    assert door.heard.faults == []
    assert answer.status_code in {200, 201, 302, 400, 404, 405}
    assert answer.headers.get("location", ONWARD[0]).startswith((*ONWARD, f"{door.url}/v1/"))
    if end.endswith("serviceValidate"):
        valid_document(answer)
