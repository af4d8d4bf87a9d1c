"""The tables that these suites run on are the tables that the stacks make."""

import aws_cdk
import pytest

from stacks.assembly import DEMO
from stacks.config import load_federation
from stacks.unit.tables import Tables
from tests.contract.tables import EXPIRY, SHAPES

SHAPED_BY = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


@pytest.mark.slow
def test_the_stacks_make_these_tables() -> None:
    app = aws_cdk.App(analytics_reporting=False)
    stack = aws_cdk.Stack(app, "Unit")
    Tables(stack, load_federation(DEMO).units[0])
    resources = app.synth().get_stack_by_name("Unit").template["Resources"]

    made = {
        logical_id.removeprefix("Tables")[:-8]: resource["Properties"]
        for logical_id, resource in resources.items()
        if resource["Type"] == "AWS::DynamoDB::Table"
    }

    assert {name: _shape(properties) for name, properties in made.items()} == {
        name: _shape(dict(shape)) for name, shape in SHAPES.items()
    }
    assert {
        name: properties["TimeToLiveSpecification"]["AttributeName"]
        for name, properties in made.items()
        if "TimeToLiveSpecification" in properties
    } == EXPIRY


def _shape(properties: dict[str, object]) -> dict[str, object]:
    return {name: properties[name] for name in SHAPED_BY if name in properties}
