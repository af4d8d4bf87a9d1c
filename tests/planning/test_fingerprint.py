"""Equal results have equal fingerprints, others have others."""

import pytest

from atoll.model.plan import SubsetPlan
from atoll.model.request import SubsetRequest
from atoll.planning.fingerprint import fingerprint
from atoll.planning.subset import plan_subset
from tests.planning.builders import levitus_coverage

LEVITUS = levitus_coverage()
BOX: dict[str, object] = {
    "variables": ["TEMP"],
    "longitude": {"west": -40, "east": 30},
    "depth": {"lower": 0, "upper": 500},
}


def plan(**fields: object) -> SubsetPlan:
    return plan_subset(SubsetRequest.model_validate({"dataset": "x"} | BOX | fields), LEVITUS)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"variables": ["sea_water_temperature"]},
        {"longitude": {"west": -39.9, "east": 29.9}},
        {"depth": {"lower": 0, "upper": 599.9}},
        {"latitude": {"lower": -90, "upper": 90}},
        {"selection": "strict-inside"},
        {"stride": {"depth": 1}},
    ],
)
def test_the_same_nodes_said_otherwise_are_the_same(fields: dict[str, object]) -> None:
    assert fingerprint(plan(**fields)) == fingerprint(plan())


@pytest.mark.parametrize(
    "fields",
    [
        {"variables": ["SALT"]},
        {"variables": []},
        {"longitude": {"west": 320, "east": 390}},
        {"longitude": {"west": -41, "east": 30}},
        {"longitude": {"west": -40, "east": 390}},
        {"depth": {"lower": 0, "upper": 600}},
        {"stride": {"depth": 2}},
        {"packing": "decode"},
    ],
)
def test_another_result_has_another_fingerprint(fields: dict[str, object]) -> None:
    assert fingerprint(plan(**fields)) != fingerprint(plan())


def test_another_revision_has_another_fingerprint() -> None:
    other = plan_subset(
        SubsetRequest.model_validate({"dataset": "x"} | BOX), levitus_coverage(revision="r2")
    )
    assert fingerprint(other) != fingerprint(plan())


def test_what_follows_from_the_rest_leaves_no_trace() -> None:
    one = plan()
    variables = tuple(v.model_copy(update={"layout": "other"}) for v in one.variables)
    noisy = one.model_copy(update={"read_bytes": 1, "chunks": 2, "variables": variables})
    assert fingerprint(noisy) == fingerprint(one)
    assert len(fingerprint(one)) == 64


def test_a_fingerprint_never_changes() -> None:
    """Results that are kept are found by it: a new form of it would forget them all."""
    assert fingerprint(plan()) == (
        "7d97941c8ae16de4434236586f540d79f79b8fe90d41b3398fdf7251fa9ec126"
    )
