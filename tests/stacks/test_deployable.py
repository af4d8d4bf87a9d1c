"""Layers that hold no packages are never deployed, and always synthesised."""

from pathlib import Path

import aws_cdk
import aws_cdk.cloud_assembly_schema  # what annotations are told in: known once it is imported
import pytest
from aws_cdk.assertions import Annotations, Match, Template

from stacks.parts.layers import NOT_DEPLOYABLE, Layers

RULE = "LayersHoldPackages"
WARNING = Match.string_like_regexp("lists of names.*bundle=true")


def stack_of_layers(outdir: Path, context: dict[str, str]) -> aws_cdk.Stack:
    """Layers that no function asks for: none is built."""
    stack = aws_cdk.Stack(aws_cdk.App(outdir=str(outdir), context=context), "Stack")
    Layers(stack, "Layers", "arm64")
    return stack


@pytest.mark.parametrize("context", [{}, {"bundle": "yes"}, {"bundle": "false"}])
def test_names_of_packages_are_refused_by_cloudformation(tmp_path: Path, context: dict[str, str]):
    stack = stack_of_layers(tmp_path, context)
    rule = Template.from_stack(stack).to_json()["Rules"][RULE]
    never = {"Fn::Contains": [["packages"], "names"]}
    assert rule == {"Assertions": [{"Assert": never, "AssertDescription": NOT_DEPLOYABLE}]}
    assert Annotations.from_stack(stack).find_warning("*", WARNING)


@pytest.mark.parametrize("context", [{"bundle": "true"}, {"bundle": "installed"}])
def test_packages_are_deployed(tmp_path: Path, context: dict[str, str]):
    stack = stack_of_layers(tmp_path, context)
    assert RULE not in Template.from_stack(stack).to_json().get("Rules", {})
    assert Annotations.from_stack(stack).find_warning("*", WARNING) == []
