"""A federation as large as the one this system takes the place of."""

from pathlib import Path

import pytest

from stacks.assembly import DEMO
from stacks.config import DisseminationUnit, load_federation
from tests.stacks.synthesis import templates, walk

UNITS = 19


def numbered(number: int) -> DisseminationUnit:
    """A unit in an account of its own; every other one in another region."""
    return DisseminationUnit(
        name=f"unit-{number:02}",
        title=f"Production unit {number}",
        account=f"{number:012}",
        region=("eu-west-1", "us-east-1")[number % 2],
        jwt_authorizer=number % 3 == 0,
    )


@pytest.mark.slow
def test_nineteen_units_synthesise_in_one_go_each_alone(tmp_path: Path):
    units = tuple(numbered(number) for number in range(1, UNITS + 1))
    made = templates(load_federation(DEMO).model_copy(update={"units": units}), tmp_path)
    assert len(made) == UNITS + 2  # and what central has
    for template in made.values():
        keys = {key for key, _ in walk(template.body)}
        assert not keys & {"Fn::ImportValue", "Fn::GetStackOutput", "Export"}


@pytest.mark.slow
def test_what_is_retained_is_protected_too(tmp_path: Path):
    made = templates(load_federation(DEMO).model_copy(update={"units": (numbered(1),)}), tmp_path)[
        "atoll-unit-01"
    ]
    for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket"):
        assert {r["DeletionPolicy"] for r in made.of_type(kind).values()} == {"Retain"}
    tables = made.of_type("AWS::DynamoDB::Table").values()
    assert {table["Properties"]["DeletionProtectionEnabled"] for table in tables} == {True}
