"""Results larger than a file may be: sets of files along time, from medium and big tiers."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
import xarray as xr

from atoll.model.job import Tier
from stacks.local.door import call
from stacks.local.seed import DATA
from tests.journeys.local import Local
from tests.journeys.tiers import Orders, orders_in

pytestmark = pytest.mark.slow

WINDS = {"dataset": "navy-winds"}
FILE_BYTES = 3 * 2**20
STEPS = 132


@pytest.fixture(scope="module")
def orders(local: Local) -> Iterator[Orders]:
    with orders_in(local, "nav", "navy") as orders:
        yield orders


def fetched(file: dict[str, Any], folder: Path) -> Path:
    """A file of the set, as it was promised."""
    body = call("GET", file["href"]).body
    assert (len(body), sha256(body).hexdigest()) == (file["size_bytes"], file["sha256"])
    path = folder / str(file["file_name"])
    path.write_bytes(body)
    return path


@pytest.mark.parametrize("tier", ["medium", "big"])
def test_a_set_of_files_is_the_source_along_time(
    local: Local, orders: Orders, tmp_path: Path, tier: Tier
) -> None:
    nav, job = local.customer("nav", "navy"), orders.place(WINDS, tier, FILE_BYTES)
    assert job.files == 4
    status = nav.wait(job.job_id)
    assert (status["status"], status["tier"]) == ("successful", tier), status
    assert "a set of 4 files" in status["message"]
    result = nav.ask("GET", f"/jobs/{job.job_id}/results").json()
    assert result["subset"]["sha256"] == result["files"][0]["sha256"]
    paths = [fetched(file, tmp_path) for file in result["files"]]
    assert paths == sorted(paths)
    with (
        xr.open_mfdataset(paths, combine="nested", concat_dim="time", data_vars="minimal",
                          compat="equals", join="exact", coords="minimal") as ours,
        netCDF4.Dataset(DATA / "monthly_navy_winds.cdf") as source,
    ):  # fmt: skip
        assert ours.sizes["time"] == STEPS
        assert (np.diff(ours["time"].values) > np.timedelta64(0, "s")).all()
        for name in ("UWND", "VWND"):
            expected = source[name][:].filled(np.nan)
            np.testing.assert_array_equal(ours[name].values, expected)
