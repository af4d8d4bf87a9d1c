"""A program that is missing is a reason to skip at home, and a fault where all are required."""

import pytest

from tests.interoperability.tools import ncdump

HOW = "ncdump is not installed: apt-get install netcdf-bin"


@pytest.fixture(autouse=True)
def _no_programs(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


def test_a_test_is_skipped_with_its_reason(monkeypatch):
    monkeypatch.delenv("ATOLL_TOOLS", raising=False)
    with pytest.raises(pytest.skip.Exception, match=HOW):
        ncdump("-h")


def test_a_test_fails_where_all_programs_are_required(monkeypatch):
    monkeypatch.setenv("ATOLL_TOOLS", "required")
    with pytest.raises(AssertionError, match=HOW):
        ncdump("-h")
