"""Programs of other people that users open our files with."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# Command -> the Debian package that has it; .ci/run installs them all.
PACKAGES = {
    "ncdump": "netcdf-bin",
    "cdo": "cdo",
    "gdalinfo": "gdal-bin",
    "gdal_translate": "gdal-bin",
}
TIME_LIMIT_S = 120


def run(command: str, *arguments: object) -> tuple[str, str]:
    """What the program prints, and what it complains of.

    Skips the test where the program is missing, unless ATOLL_TOOLS says that it is required.
    """
    found = shutil.which(command)
    if found is None:
        how = f"{command} is not installed: apt-get install {PACKAGES[command]}"
        if os.environ.get("ATOLL_TOOLS") == "required":
            raise AssertionError(how)
        pytest.skip(how)
    done = subprocess.run(
        [found, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIME_LIMIT_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def warnings_of(command: str, *arguments: object) -> set[str]:
    return {line for line in run(command, *arguments)[1].splitlines() if line.strip()}


def ncdump(*arguments: object) -> str:
    return run("ncdump", *arguments)[0]


def cdo(*arguments: object) -> str:
    return run("cdo", "-s", *arguments)[0]


def gdalinfo(*arguments: object) -> str:
    return run("gdalinfo", *arguments)[0]


def gdal_translate(source: object, target: Path, *options: object) -> None:
    run("gdal_translate", "-q", *options, source, target)
