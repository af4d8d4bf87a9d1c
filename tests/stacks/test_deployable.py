"""Layers that hold no packages are never deployed, and always synthesised."""

import re
from pathlib import Path

import aws_cdk
import pytest
from aws_cdk.assertions import Template

from stacks.parts.layers import NOT_DEPLOYABLE, Layers

pytestmark = pytest.mark.slow

RULE = "LayersHoldPackages"
WARNING = re.compile("lists of names.*bundle=true")


def stack_of_layers(outdir: Path, context: dict[str, str]) -> aws_cdk.Stack:
    """Layers that no function asks for: none is built."""
    stack = aws_cdk.Stack(aws_cdk.App(outdir=str(outdir), context=context), "Stack")
    Layers(stack, "Layers", "arm64")
    return stack


def warnings(stack: aws_cdk.Stack) -> list[str]:
    """What the stack's constructs warn of. `assertions.Annotations` needs a class that either of
    two packages gives its file, whichever was installed last.
    """
    entries = (entry for each in stack.node.find_all() for entry in each.node.metadata)
    return [str(entry.data) for entry in entries if entry.type == "aws:cdk:warning"]


@pytest.mark.parametrize("context", [{}, {"bundle": "yes"}, {"bundle": "false"}])
def test_names_of_packages_are_refused_by_cloudformation(tmp_path: Path, context: dict[str, str]):
    stack = stack_of_layers(tmp_path, context)
    rule = Template.from_stack(stack).to_json()["Rules"][RULE]
    never = {"Fn::Contains": [["packages"], "names"]}
    assert rule == {"Assertions": [{"Assert": never, "AssertDescription": NOT_DEPLOYABLE}]}
    assert [told for told in warnings(stack) if WARNING.search(told)]


@pytest.mark.parametrize("context", [{"bundle": "true"}, {"bundle": "installed"}])
def test_packages_are_deployed(tmp_path: Path, context: dict[str, str]):
    stack = stack_of_layers(tmp_path, context)
    assert RULE not in Template.from_stack(stack).to_json().get("Rules", {})
    assert [told for told in warnings(stack) if WARNING.search(told)] == []
