"""What a cold extraction function imports; its processor time is in the benchmark's table."""

import subprocess
import sys

import pytest

# Everything that functions/extract_small needs before and during its first request.
EXTRACTION = """
import sys
from aws_lambda_powertools import Logger, Metrics
import atoll.extraction.extract, atoll.extraction.documents, atoll.model.job
from atoll.extraction.icechunk_source import native
from atoll.extraction.sources import S3Options, Sources
native()
print(*sorted(sys.modules))
"""
HEAVY = {
    "pandas",
    "xarray",
    "boto3",
    "botocore.session",
    "dask",
    "zarr",
    "s3fs",
    "netCDF4",
    "h5netcdf",
}


@pytest.fixture(scope="module")
def imported() -> set[str]:
    command = [sys.executable, "-c", EXTRACTION]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(found.stdout.split())


def test_a_cold_extractor_imports_nothing_heavy(imported: set[str]) -> None:
    assert imported & HEAVY == set()


def test_icechunk_comes_without_its_python_package(imported: set[str]) -> None:
    assert "icechunk._icechunk_python" in imported
    assert "icechunk" not in imported


def test_the_whole_package_can_still_be_imported_afterwards() -> None:
    code = (
        "from atoll.extraction.icechunk_source import native; before = native();"
        "import icechunk; from icechunk import _icechunk_python as after;"
        "assert after is before is native();"
        "print(icechunk.Repository.__name__)"
    )
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "Repository"
