"""What CloudFormation says of a template that should not be deployed."""

import json

import pytest
from botocore.exceptions import ClientError

from stacks.parts.layers import NOT_DEPLOYABLE
from tests.journeys.local import Local
from tests.stacks.synthesis import unit

pytestmark = pytest.mark.slow


def test_layers_without_packages_are_refused_before_anything_is_made(local: Local):
    rule = unit().body["Rules"]["LayersHoldPackages"]
    handle = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
    template = {"Rules": {"LayersHoldPackages": rule}, "Resources": {"Handle": handle}}
    formation = local.client("cloudformation")
    with pytest.raises(ClientError, match=NOT_DEPLOYABLE):
        formation.create_stack(StackName="unbundled", TemplateBody=json.dumps(template))
    names = [stack["StackName"] for stack in formation.describe_stacks()["Stacks"]]
    assert "unbundled" not in names
