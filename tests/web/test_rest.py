"""The REST door: what clients see."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from atoll.model.request import EXTENSIONS, MEDIA_TYPES
from atoll.services.completion import settle_job
from tests.web.builders import DoorUnderTest, token
from tests.world import World

BOX = {
    "dataset": "levitus-climatology",
    "variables": ["sea_water_temperature", "sea_water_salinity"],
    "bbox": [-40, 30, 30, 60],
    "depth": [0, 500],
}


def order(door: DoorUnderTest, **inputs: object) -> dict[str, Any]:
    answer = door.client().post("/processes/subset/execution", json={"inputs": BOX | inputs})
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    return job


def test_an_order_is_accepted_and_says_where_to_follow_it():
    door = DoorUnderTest()
    client = door.client()
    answer = client.post(
        "/processes/subset/execution",
        json={"inputs": BOX},
        headers={"prefer": "respond-async", "x-correlation-id": "my-own-id-1"},
    )
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "respond-async"
    assert answer.headers["x-correlation-id"] == "my-own-id-1"
    job = answer.json()
    assert (job["status"], job["processID"], job["type"]) == ("accepted", "subset", "process")
    assert job["correlation_id"] == "my-own-id-1"
    followed = client.get(str(answer.request.url.join(answer.headers["location"])))
    assert followed.json()["jobID"] == job["jobID"]
    assert door.heard.orders == [job["jobID"]]
    assert door.world.workflow.started[job["jobID"]].correlation_id == "my-own-id-1"


def test_the_reply_states_the_bounds_really_delivered():
    extent = {axis["name"]: axis for axis in order(DoorUnderTest())["extent"]["axes"]}
    assert (extent["longitude"]["first"], extent["longitude"]["last"]) == (-39.5, 29.5)
    assert (extent["latitude"]["first"], extent["latitude"]["last"]) == (30.5, 59.5)
    assert (extent["depth"]["first"], extent["depth"]["last"]) == (0, 400)


def test_a_quote_is_a_dry_run():
    door = DoorUnderTest()
    quoted = door.client().post("/quotes", json={"inputs": BOX}).json()
    assert quoted["accepted"]
    assert quoted["tier"] == "small"
    assert quoted["output_bytes"] >= 70 * 30 * 11 * 2 * 4
    assert quoted["refusals"] == []
    assert door.world.untouched()
    assert order(door)["output_bytes"] == quoted["output_bytes"]


def settled(door: DoorUnderTest, job_id: str, **made: Any) -> dict[str, Any]:
    """The result of an order, once it is there."""
    result: dict[str, Any] = results_document(door, job_id, **made)["subset"]
    return result


def results_document(door: DoorUnderTest, job_id: str, **made: Any) -> dict[str, Any]:
    world = door.world
    ends = world.ports.ends
    settle_job(job_id, world.make_result(job_id, b"1234", **made), ends)
    document: dict[str, Any] = door.client().get(f"/jobs/{job_id}/results").json()
    return document


def test_the_way_of_a_job_to_its_result():
    door = DoorUnderTest()
    client, job_id = door.client(), order(door)["jobID"]
    waiting = client.get(f"/jobs/{job_id}/results")
    assert (waiting.status_code, waiting.json()["type"]) == (
        404,
        "urn:atoll:error:result-not-ready",
    )
    result = settled(door, job_id)
    status = client.get(f"/jobs/{job_id}").json()
    assert status["status"] == "successful"
    assert status["reserved_bytes"] == 0
    assert result["size_bytes"] == 4
    assert result["sha256"] == "0" * 64
    assert result["cells_with_data"] == 7
    assert result["message"] == "7 of its cells have data."
    assert f"results/{job_id}/subset.nc" in result["href"]


@pytest.mark.parametrize("form", MEDIA_TYPES)
def test_every_format_may_be_ordered_and_names_its_type_and_file(form):
    door = DoorUnderTest()
    plane = {"variables": ["sea_water_temperature"], "depth": [0, 0], "format": form}
    job = order(door, **plane)
    assert door.world.ledger.rows[job["jobID"]].plan.format == form
    result = settled(door, job["jobID"], name=f"subset{EXTENSIONS[form]}")
    assert (result["type"], result["file_name"]) == (MEDIA_TYPES[form], f"subset{EXTENSIONS[form]}")
    described = door.client().get("/datasets/levitus-climatology").json()
    assert form in described["formats"]


def test_the_results_document_names_the_manifest_of_a_store_and_of_nothing_else():
    door = DoorUnderTest()
    job_id = order(door, format="zarr")["jobID"]
    document = results_document(door, job_id, name="box.zarr.zip")
    assert document.keys() == {"subset", "manifest"}
    assert document["manifest"] == {
        "href": document["subset"]["href"].replace(".zip", ".json"),
        "type": "application/json",
    }
    assert results_document(door, order(door)["jobID"]).keys() == {"subset"}
    outputs = door.client().get("/processes/subset").json()["outputs"]
    assert outputs.keys() == document.keys() | {"files"}


def test_a_result_without_any_data_says_so():
    door = DoorUnderTest()
    job_id = order(door)["jobID"]
    result = settled(door, job_id, cells_with_data=0)
    assert result["cells_with_data"] == 0
    status = door.client().get(f"/jobs/{job_id}").json()
    for told in (result["message"], status["message"]):
        assert "None of its cells has data" in told


def test_cancelling():
    door = DoorUnderTest()
    job_id = order(door)["jobID"]
    assert door.client().delete(f"/jobs/{job_id}").json()["status"] == "dismissed"
    again = door.client().delete(f"/jobs/{job_id}")
    assert (again.status_code, again.json()["type"]) == (409, "urn:atoll:error:job-already-ended")


def test_the_list_of_jobs_has_pages_and_only_ones_own():
    door = DoorUnderTest()
    ids = [order(door)["jobID"] for _ in range(5)]
    client, path, seen = door.client(), "/jobs?limit=2", []
    while path:
        page = client.get(path).json()
        seen += [job["jobID"] for job in page["jobs"]]
        path = next((f"/{li['href']}" for li in page["links"] if li["rel"] == "next"), "")
    assert sorted(seen) == ids
    assert len(seen) == 5
    assert door.client("nav").get("/jobs").json()["jobs"] == []


def test_datasets_are_listed_by_entitlement():
    door = DoorUnderTest()

    def listed(bearer: str | None) -> dict[str, str]:
        lines = door.client(bearer).get("/datasets").json()["datasets"]
        return {line["id"]: line["access"] for line in lines}

    assert listed(None) == listed("ann") == {"levitus-climatology": "public"}
    assert listed("nav") == {"levitus-climatology": "public", "navy-winds": "restricted"}
    assert door.client("ann").get("/datasets/navy-winds").status_code == 404
    assert door.client(None).get("/datasets/navy-winds").status_code == 404
    assert door.client("nav").get("/datasets/navy-winds").status_code == 200


def test_a_dataset_is_described_in_a_users_words():
    reply = DoorUnderTest().client(None).get("/datasets/levitus-climatology").json()
    axes = {axis["name"]: axis for axis in reply["axes"]}
    assert (axes["longitude"]["first"], axes["longitude"]["last"]) == (20.5, 379.5)
    assert axes["longitude"]["step"] == 1
    assert axes["depth"]["values"][:3] == [0, 10, 20]
    assert axes["depth"]["positive"] == "down"
    names = {v["name"]: v["standard_name"] for v in reply["variables"]}
    assert names["TEMP"] == "sea_water_temperature"
    assert reply["uncompressed_bytes"] == 2 * 20 * 180 * 360 * 4


def test_time_axes_are_described_in_iso_8601():
    reply = DoorUnderTest().client("nav").get("/datasets/navy-winds").json()
    time = next(axis for axis in reply["axes"] if axis["role"] == "T")
    assert time["first_text"].startswith("1982-01-16T20")
    assert time["last_text"].startswith("1992-12-")


def test_landing_conformance_health_and_processes():
    client = DoorUnderTest().client(None)
    for link in client.get("/").json()["links"]:
        expected = 401 if link["href"] == "jobs" else 200
        assert client.get(f"/{link['href']}").status_code == expected, link
    assert client.get("/health").json() == {"status": "ok"}
    # An order is answered with 202: no class that builds on the core of OGC API - Processes.
    classes = client.get("/conformance").json()["conformsTo"]
    assert [one.split("/")[4] for one in classes] == ["ogcapi-common-1", "ogcapi-common-1"]
    process = client.get("/processes/subset").json()
    assert process["inputs"]["dataset"]["minOccurs"] == 1


def test_every_link_of_every_document_leads_somewhere():
    door = DoorUnderTest()
    client, job_id = door.client(), order(door)["jobID"]
    paths = ["/", "/datasets", "/datasets/levitus-climatology", "/processes", "/processes/subset"]
    for path in [*paths, "/jobs", f"/jobs/{job_id}"]:
        answer = client.get(path)
        for link in links_of(answer.json()):
            method = "POST" if link["rel"].endswith("/execute") else "GET"
            followed = client.request(method, str(answer.request.url.join(link["href"])))
            assert followed.status_code not in {404, 405}, (path, link)


def links_of(document: Any) -> list[dict[str, str]]:
    """All links, however deep."""
    if isinstance(document, list):
        return [link for part in document for link in links_of(part)]
    if not isinstance(document, dict):
        return []
    own: list[dict[str, str]] = document.get("links", [])
    return [*own, *links_of([part for name, part in document.items() if name != "links"])]


def test_a_token_made_for_reading_quotes_but_neither_orders_nor_cancels():
    door = DoorUnderTest()
    job_id = order(door)["jobID"]
    reader = door.client(token(scope="atoll/read"))
    assert reader.post("/quotes", json={"inputs": BOX}).status_code == 200
    for answer in (
        reader.post("/processes/subset/execution", json={"inputs": BOX}),
        reader.delete(f"/jobs/{job_id}"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:atoll:error:not-entitled")
    assert list(door.world.ledger.statuses().values()) == ["accepted"]


def test_health_tells_when_the_catalogue_is_away():
    door = DoorUnderTest()
    door.world.catalogue.available = False
    answer = door.client(None).get("/health")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert len(door.heard.faults) == 1


def test_an_unforeseen_error_is_a_problem_without_its_inside():
    world = World()

    def broken(_job_id: str) -> str:
        raise KeyError("arn:aws:secret")

    door = DoorUnderTest(world)
    world.ledger.get = broken  # type: ignore[method-assign,assignment]
    answer = door.client().get("/jobs/some-job")
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:atoll:error:internal-error"
    assert "secret" not in answer.text
    assert answer.headers["x-correlation-id"] == answer.json()["correlation_id"]
    assert [str(fault) for fault in door.heard.faults] == ["'arn:aws:secret'"]


@pytest.mark.parametrize("path", ["/nosuch", "/jobs/a/b/c"])
def test_an_unknown_path_is_a_problem(path):
    answer = DoorUnderTest().client().get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_api_document_has_examples_that_are_valid_requests():
    door = DoorUnderTest()
    document = door.client(None).get("/api").json()
    (example,) = document["components"]["schemas"]["Execute"]["examples"]
    schema = {"$ref": "#/components/schemas/Execute", "components": document["components"]}
    Draft202012Validator(schema).validate(example)
    answer = door.client().post("/processes/subset/execution", json=example)
    assert answer.status_code == 202


def test_every_reference_of_the_api_document_is_defined():
    text = DoorUnderTest().client(None).get("/api").text
    document = json.loads(text)
    named = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert named <= set(document["components"]["schemas"])
    assert "422" not in text
