"""Every template passes cfn-lint, through its own library."""

import pytest
from cfnlint.api import lint_file  # type: ignore[import-untyped]
from cfnlint.config import ManualArgs  # type: ignore[import-untyped]

from tests.stacks.synthesis import Template, demo, fronted


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["atoll-central-identity", "atoll-central-catalogue", "atoll-levitus", "atoll-navy"]
)
def test_cfn_lint_finds_nothing(name: str):
    assert faults(demo()[name]) == []


@pytest.mark.slow
def test_cfn_lint_finds_nothing_in_a_load_balancer():
    assert faults(fronted()) == []


def faults(template: Template) -> list[str]:
    return [str(match) for match in lint_file(template.path, ManualArgs(regions=["eu-west-1"]))]
