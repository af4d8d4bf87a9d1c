"""The whole report of a rejected delivery, as its producer reads it."""

import json
from pathlib import Path

import numpy as np
import pytest

from atoll.publication.gate import check
from tests.publication.builders import Grid, plain, steps
from tests.publication.gate.builders import NAN, good

pytestmark = pytest.mark.slow

REPORT = Path(__file__).parent / "report.json"
SETTINGS = plain(
    variables={"t2m": {"units": "K", "valid_min": 180, "valid_max": 340}},
    waivers=["§2.6 Attributes", "§4.4 Time Coordinate"],
)


def delivery(folder):
    """Eight files, one of them sound."""
    sound = Grid(steps(2), [0, 1], attributes=NAN)
    sound.write(folder / "0-sound.nc")
    (folder / "1-page.nc").write_text("<!DOCTYPE html><html>Sign in</html>")
    whole = sound.write(folder / "2-cut.nc", "NETCDF3_CLASSIC").read_bytes()
    (folder / "2-cut.nc").write_bytes(whole[:-40])
    good(folder / "3-units.nc", 2, units="Kelvins of air")
    values = steps(3)
    values[1], values[2, 0, 3] = np.nan, 3000
    Grid(values, [4, 5, 6], attributes=NAN).write(folder / "4-values.nc")
    Grid(steps(2), [1, 7], attributes=NAN).write(folder / "5-again.nc")
    Grid(steps(2), [9, 8], attributes=NAN).write(folder / "6-order.nc")
    Grid(steps(1), [10], name="temp", attributes=NAN).write(folder / "7-name.nc")
    return sorted(folder.glob("*.nc"))


def test_a_rejected_delivery_s_report(tmp_path):
    findings = check(delivery(tmp_path), SETTINGS)
    told = [each.model_dump(mode="json", exclude_defaults=True) for each in findings
            if each.check != "acdd"]  # fmt: skip
    assert told == json.loads(REPORT.read_text(encoding="utf-8"))
