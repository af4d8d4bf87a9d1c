"""Every template passes cfn-lint, through its own library."""

import pytest
from cfnlint.api import lint_file  # type: ignore[import-untyped]
from cfnlint.config import ManualArgs  # type: ignore[import-untyped]

from tests.stacks.synthesis import demo


@pytest.mark.slow
@pytest.mark.parametrize("name", ["atoll-central-identity", "atoll-levitus", "atoll-navy"])
def test_cfn_lint_finds_nothing(name: str):
    matches = lint_file(demo()[name].path, ManualArgs(regions=["eu-west-1"]))
    assert [str(match) for match in matches] == []
