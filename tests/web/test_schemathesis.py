"""Every operation of the OpenAPI document, with what it allows and what it does not.

Whatever is sent, the answer is one that the document names, of its form, and never a fault of ours.
"""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from atoll.services.completion import settle_job
from tests.dialects.delivery.builders import DELIVERY_ID, WINDS
from tests.services.deliverers import taken
from tests.web.builders import DoorUnderTest, token_of_groups
from tests.web.test_api_document import GOLDEN
from tests.web.test_rest import BOX

pytestmark = pytest.mark.slow

# Ann's, who is an operator here: her requests come to what a route does.
BEARER = {"authorization": f"Bearer {token_of_groups('public', 'operators')}"}
KNOWN = {
    "job_id": "id-00004",
    "dataset": "levitus-climatology",
    "licence": "terms",
    "delivery_id": DELIVERY_ID,
}
DOCUMENT = json.loads(GOLDEN.read_text())
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def takes(operation: dict[str, Any]) -> bool:
    """Whether there is anything to be sent wrongly."""
    places = {one["in"] for one in operation.get("parameters", [])}
    return "requestBody" in operation or bool(places - {"path"})


# Which data there are no schema says; and the other would send the token again: see the last test.
EXCLUDED: list[Any] = [positive_data_acceptance, ignored_auth]
# Unknown query parameters are nobody's business.
CONFIG = SchemathesisConfig.from_dict({"generation": {"allow-extra-parameters": False}})
SEEDED = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
POLICY = """\
datasets: [{match: ['*'], licence: terms}]
licences: {terms: {title: Terms, revision: 1, url: 'https://example.org/terms'}}
"""


def lived_in() -> DoorUnderTest:
    """A door with a policy, a licence that is accepted, a job, and a delivery."""
    door = DoorUnderTest()
    door.world.products.kept[KNOWN["dataset"]] = WINDS
    taken(door.world, dataset=KNOWN["dataset"])
    client = door.client()
    client.headers.update(BEARER)
    answers = [
        client.put("/admin/policy", content=POLICY, headers={"if-match": '"0"'}),
        client.put("/me/licences/terms", json={"revision": 1}),
        client.post("/processes/subset/execution", json={"inputs": BOX}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 202]
    assert answers[-1].json()["jobID"] == KNOWN["job_id"]
    return door


def schema_of(door: DoorUnderTest) -> BaseSchema:
    schema: BaseSchema = schemathesis.openapi.from_asgi("/api", door.app(door.pause), config=CONFIG)
    return schema


def operation_named(schema: BaseSchema, name: str) -> APIOperation[Any, Any, Any, Any]:
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    return next(one for one in found if f"{one.method.upper()} {one.path}" == name)


def tried(name: str, mode: GenerationMode, known: dict[str, str]) -> None:
    """Send what the mode says; the first answer that is not documented fails."""
    door = lived_in()
    if name.endswith("/results"):
        settle_job(KNOWN["job_id"], door.world.make_result(KNOWN["job_id"]), door.world.ports.ends)
    operation = operation_named(schema_of(door), name)
    path = {key: value for key, value in known.items() if f"{{{key}}}" in operation.path}

    @SEEDED
    @given(case=operation.as_strategy(mode, path_parameters=path or None))
    def run(case: Any) -> None:
        case.call_and_validate(headers=BEARER, excluded_checks=EXCLUDED)

    run()
    assert door.heard.faults == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_the_document_allows_is_answered_as_it_says(name: str):
    tried(name, GenerationMode.POSITIVE, KNOWN)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if "{" in name])
def test_what_there_is_not_is_answered_as_the_document_says(name: str):
    tried(name, GenerationMode.POSITIVE, {})


@pytest.mark.parametrize("name", [name for name, one in OPERATIONS.items() if takes(one)])
def test_what_the_document_does_not_allow_is_refused_as_it_says(name: str):
    tried(name, GenerationMode.NEGATIVE, KNOWN)


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_needs_a_token_says_so(name: str):
    method, path = name.split()
    answer = lived_in().client(None).request(method, path.format(**KNOWN))
    is_open = {} in OPERATIONS[name].get("security", [{}])
    assert (answer.status_code != 401) == is_open
