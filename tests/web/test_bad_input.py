"""Bad input by HTTP: a problem that names parameter, value and what would be accepted.

Nothing is reserved, nothing is started.
"""

import json
from typing import Any

import pytest

from tests.web.builders import FOREIGN_KEY, DoorUnderTest, token
from tests.world import T0

LEVITUS = "levitus-climatology"
HUGE = "1" + "0" * 399
ACCEPTED_FORMATS = "'netcdf4', 'netcdf3', 'zarr', 'csv', 'parquet' or 'geotiff'"

INPUTS = [
    # what is sent, type of the problem, parameter, a part of what would be accepted
    ({"dataset": "nosuch"}, "unknown-dataset", "dataset", LEVITUS),
    ({"dataset": "LEVITUS"}, "unknown-dataset", "dataset", LEVITUS),
    ({"variables": ["chlorophyll"]}, "unknown-variable", "variables", "sea_water_temperature"),
    ({"stride": {"member": 2}}, "unknown-axis", "stride", "longitude"),
    ({"axes": {"member": [0, 1]}}, "unknown-axis", "axes", "longitude"),
    ({"bbox": [0, 60, 10, 30]}, "invalid-parameter", "bbox", "south"),
    ({"bbox": [0, 0, 10, 91]}, "invalid-parameter", "bbox[3]", "-90..90"),
    ({"bbox": [0, 0, 10]}, "invalid-parameter", "bbox", "4 items"),
    ({"bbox": [0, 0, 10, "90"]}, "invalid-parameter", "bbox[3]", "number"),
    ({"bbox": [0, 0, 10, True]}, "invalid-parameter", "bbox[3]", "number"),
    ({"bbox": "0,0,1,1"}, "invalid-parameter", "bbox", "list"),
    ({"bbox": [0.6, 30.6, 0.7, 31]}, "empty-selection", "bbox", "30.5"),
    ({"depth": [500, 0]}, "invalid-parameter", "depth", "first"),
    ({"depth": [6000, 9000]}, "empty-selection", "depth", "5000"),
    ({"depth": [11, 12]}, "empty-selection", "depth", "10"),
    ({"datetime": "2020-01-01"}, "invalid-parameter", "datetime", "no axis of time"),
    ({"selection": "fuzzy"}, "invalid-parameter", "selection", "nearest"),
    ({"stride": {"longitude": 0}}, "invalid-parameter", "stride", "1 to 360"),
    ({"stride": {"longitude": 361}}, "invalid-parameter", "stride", "1 to 360"),
    ({"stride": {"depth": 21}}, "invalid-parameter", "stride", "1 to 20"),
    ({"stride": {"latitude": -1}}, "invalid-parameter", "stride", "1 to 180"),
    ({"stride": {"longitude": 1.5}}, "invalid-parameter", "stride.longitude", "integer"),
    ({"format": "shapefile"}, "invalid-parameter", "format", ACCEPTED_FORMATS),
    ({"format": "NetCDF4"}, "invalid-parameter", "format", ACCEPTED_FORMATS),
    ({"format": "geotiff"}, "format-unfit", "format", '"netcdf4"'),
    ({"packing": "zip"}, "invalid-parameter", "packing", "keep"),
    ({"revision": "nosuch"}, "unknown-dataset", "dataset", LEVITUS),
    ({"colour": "blue"}, "invalid-parameter", "colour", "variables"),
    ({"dataset": None}, "invalid-parameter", "dataset", "string"),
    ({"dataset": 7}, "invalid-parameter", "dataset", "string"),
    ({"variables": "TEMP"}, "invalid-parameter", "variables", "list"),
]
NAVY_INPUTS = [
    ({"datetime": "1983-01-01/1982-01-01"}, "invalid-parameter", "datetime", "before the start"),
    ({"datetime": "yesterday"}, "invalid-parameter", "datetime", "1982-01-16"),
    ({"datetime": "1983-02-30"}, "invalid-parameter", "datetime", "standard calendar"),
    ({"datetime": "1850-01-01/1851-01-01"}, "empty-selection", "datetime", "1982"),
    ({"depth": [0, 10]}, "invalid-parameter", "depth", "no axis of depth"),
]
BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'{"inputs": null}',
    b'{"dataset": "levitus-climatology"}',
    b'{"inputs": {"dataset": "levitus-climatology", "bbox": [0, 0, NaN, 1]}}',
    b'{"inputs": {"dataset": "levitus-climatology", "bbox": [0, 0, Infinity, 1]}}',
    b'{"inputs": {"dataset": "levitus-climatology", "bbox": [0, 0, 1e999, 1]}}',
    f'{{"inputs": {{"dataset": "{LEVITUS}", "bbox": [0, 0, {HUGE}, 1]}}}}'.encode(),
    f'{{"inputs": {{"dataset": "{LEVITUS}", "depth": [0, {HUGE}]}}}}'.encode(),
    f'{{"inputs": {{"dataset": "{LEVITUS}", "stride": {{"depth": {HUGE}}}}}}}'.encode(),
    b'{"inputs": {"dataset": "\xff\xfe"}}',
    b"[" * 50_000,
    json.dumps({"inputs": {"dataset": LEVITUS, "axes": {"x" * 60_000: 1}}}).encode(),
]


def refused(door: DoorUnderTest, body: bytes, bearer: str = "ann") -> dict[str, Any]:
    """Send it as a quote and as an order; both refuse alike, and change nothing."""
    answers = [
        door.client(bearer).post(path, content=body)
        for path in ("/quotes", "/processes/subset/execution")
    ]
    problems: list[dict[str, Any]] = [answer.json() for answer in answers]
    for answer, problem in zip(answers, problems, strict=True):
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["status"] == answer.status_code
        assert problem["type"].startswith("urn:atoll:error:")
        assert problem.pop("correlation_id")
    assert problems[0] == problems[1]
    assert door.world.untouched()
    assert door.heard.faults == []
    return problems[0]


@pytest.mark.parametrize(("inputs", "kind", "parameter", "accepted"), INPUTS)
def test_bad_inputs(inputs, kind, parameter, accepted):
    body = json.dumps({"inputs": {"dataset": LEVITUS} | inputs}).encode()
    problem = refused(DoorUnderTest(), body)
    assert problem["type"] == f"urn:atoll:error:{kind}", problem
    assert problem["parameter"].startswith(parameter), problem
    assert "value" in problem or {"lower", "upper"} <= set(problem)
    assert accepted in json.dumps(problem), problem


@pytest.mark.parametrize(("inputs", "kind", "parameter", "accepted"), NAVY_INPUTS)
def test_bad_times(inputs, kind, parameter, accepted):
    body = json.dumps({"inputs": {"dataset": "navy-winds"} | inputs}).encode()
    problem = refused(DoorUnderTest(), body, "nav")
    assert problem["type"] == f"urn:atoll:error:{kind}", problem
    assert problem["parameter"] == parameter
    assert accepted in json.dumps(problem)


@pytest.mark.parametrize("body", BODIES)
def test_bodies_that_are_no_request(body):
    problem = refused(DoorUnderTest(), body)
    assert problem["type"] == "urn:atoll:error:invalid-parameter"
    assert problem["accepted"]
    assert len(json.dumps(problem)) < 2_000


def test_a_megabyte_of_json():
    body = json.dumps({"inputs": {"dataset": LEVITUS, "variables": ["x" * 100] * 10_000}}).encode()
    problem = refused(DoorUnderTest(), body)
    assert problem["type"] == "urn:atoll:error:request-too-long"
    assert problem["limit_bytes"] == 65_536


def test_anothers_job_and_no_job_look_alike():
    door = DoorUnderTest()
    order = {"inputs": {"dataset": LEVITUS, "bbox": [0, 0, 10, 10]}}
    job_id = door.client().post("/processes/subset/execution", json=order).json()["jobID"]
    nav = door.client("nav")
    for method, path in (("GET", ""), ("GET", "/results"), ("DELETE", "")):
        for wanted in (job_id, "nosuch"):
            answer = nav.request(method, f"/jobs/{wanted}{path}")
            assert answer.status_code == 404
            assert answer.json()["type"] == "urn:atoll:error:unknown-job"
    assert door.world.ledger.rows[job_id].status == "accepted"


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=nonsense"])
def test_bad_paging(query):
    answer = DoorUnderTest().client().get(f"/jobs?{query}")
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["parameter"] == query.partition("=")[0]


UNSIGNED = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4taWQifQ."

TOKENS = {
    "expired": lambda: token(exp=int(T0.timestamp()) - 3_600),
    "foreign key": lambda: token(FOREIGN_KEY),
    "unknown key": lambda: token(FOREIGN_KEY, kid="theirs"),
    "foreign issuer": lambda: token(iss="https://elsewhere.test/pool"),
    "foreign client": lambda: token(client_id="elsewhere"),
    "id token": lambda: token(token_use="id"),  # noqa: S106  a kind of token
    "without subject": lambda: token(sub=None),
    "without expiry": lambda: token(exp=None),
    "unsigned": lambda: UNSIGNED,
    "nonsense": lambda: "nonsense",
    "empty": lambda: "",
    "long": lambda: "x." * 10_000,
}


@pytest.mark.parametrize("kind", TOKENS)
def test_tokens_that_are_not_ours(kind):
    problem = refused(
        DoorUnderTest(), json.dumps({"inputs": {"dataset": LEVITUS}}).encode(), TOKENS[kind]()
    )
    assert problem["type"] == "urn:atoll:error:not-authenticated"
    assert problem["status"] == 401
    assert problem["parameter"] == "Authorization"


@pytest.mark.parametrize("path", ["/datasets", f"/datasets/{LEVITUS}", "/jobs"])
def test_a_bad_token_is_refused_even_where_none_is_needed(path):
    answer = DoorUnderTest().client(UNSIGNED).get(path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Basic YW5uOmFubg==", "Bearer", "token x"])
def test_other_schemes(header):
    client = DoorUnderTest().client(None)
    answer = client.get("/jobs", headers={"authorization": header})
    assert answer.status_code == 401


def test_no_token_at_all():
    answer = DoorUnderTest().client(None).post("/quotes", json={"inputs": {"dataset": LEVITUS}})
    assert answer.status_code == 401
    assert "Bearer <access token>" in answer.text


def test_a_correlation_id_that_is_not_safe_is_replaced():
    answer = DoorUnderTest().client().get("/jobs", headers={"x-correlation-id": "a b{}"})
    assert answer.headers["x-correlation-id"] == "id-00001"
