"""Orders over HTTP, from the door to the file, and the file held against the producer's own."""

from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import netCDF4
import numpy as np
import pytest

from stacks.local.door import call
from stacks.local.orders import job_url
from stacks.local.seed import DATA
from tests.journeys.local import BOX, WHOLE, WINDS, Local

pytestmark = pytest.mark.slow

SOURCE = DATA / "levitus_climatology.cdf"


@pytest.fixture(scope="module")
def box(local: Local, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """The box's last status, and its file."""
    ann, target = local.customer("ann"), tmp_path_factory.mktemp("box") / "box.nc"
    ordered = ann.order(BOX, x_correlation_id="journey-of-the-box")
    assert ordered.status == HTTPStatus.ACCEPTED
    status = ann.wait(ordered.json()["jobID"])
    assert status["status"] == "successful", status
    ann.download(status["jobID"], target)
    return status, target


def values(file: netCDF4.Dataset, standard_name: str) -> Any:
    (variable,) = file.get_variables_by_attributes(standard_name=standard_name)
    return variable[:]


def assert_equal_to_source(path: Path) -> None:
    """Every value and every gap is the source's at the same longitude, latitude and depth."""
    with netCDF4.Dataset(path) as result, netCDF4.Dataset(SOURCE) as source:
        x = values(result, "longitude")
        y = np.searchsorted(source["YAXLEVITR"][:], values(result, "latitude"))
        z = np.searchsorted(source["ZAXLEVITR"][:], values(result, "depth"))
        columns = {float(west) % 360: i for i, west in enumerate(source["XAXLEVITR"][:])}
        cells = np.ix_(z, y, [columns[float(one) % 360] for one in x])
        np.testing.assert_array_equal(source["YAXLEVITR"][:][y], values(result, "latitude"))
        np.testing.assert_array_equal(source["ZAXLEVITR"][:][z], values(result, "depth"))
        for ours, theirs in (("sea_water_temperature", "TEMP"), ("sea_water_salinity", "SALT")):
            got, expected = values(result, ours), source[theirs][:][cells]
            assert got.dtype == expected.dtype
            np.testing.assert_array_equal(np.ma.getmaskarray(got), np.ma.getmaskarray(expected))
            np.testing.assert_array_equal(got.compressed(), expected.compressed())


def test_the_box_equals_the_source_file(box: tuple[dict[str, Any], Path]) -> None:
    status, path = box
    assert status["tier"] == "small"
    assert_equal_to_source(path)
    with netCDF4.Dataset(path) as file:
        np.testing.assert_array_equal(values(file, "longitude"), np.arange(-39.5, 30))
        np.testing.assert_array_equal(values(file, "latitude"), np.arange(30.5, 60))
        assert values(file, "depth")[-1] <= 500


def test_the_whole_dataset_goes_through_the_worker(local: Local, tmp_path: Path) -> None:
    ann = local.customer("ann")
    ordered = ann.order(WHOLE, x_correlation_id="journey-of-the-whole")
    status = ann.wait(ordered.json()["jobID"])
    assert (status["status"], status["tier"]) == ("successful", "big"), status
    ann.download(status["jobID"], tmp_path / "whole.nc")
    assert_equal_to_source(tmp_path / "whole.nc")
    assert local.reserved_bytes() == 0
    assert_logged_everywhere(local, "journey-of-the-whole", "RestApi", "ExtractBig", "SettleJob")


def test_one_correlation_id_from_request_to_extraction(
    local: Local, box: tuple[dict[str, Any], Path]
) -> None:
    status, _ = box
    assert status["correlation_id"] == "journey-of-the-box"
    assert_logged_everywhere(local, "journey-of-the-box", "RestApi", "ExtractSmall", "SettleJob")


def assert_logged_everywhere(local: Local, correlation_id: str, *logs: str) -> None:
    for name in logs:
        assert any(correlation_id in line for line in local.log(name)), name


def test_location_leads_to_the_job(local: Local) -> None:
    ann = local.customer("ann")
    ordered = ann.order(BOX)
    assert job_url(ordered, ann.unit) == f"{ann.unit}/jobs/{ordered.json()['jobID']}"
    assert ann.wait(ordered.json()["jobID"])["status"] == "successful"


def test_presigned_urls_are_checked(local: Local, box: tuple[dict[str, Any], Path]) -> None:
    status, _ = box
    ann = local.customer("ann")
    url = ann.ask("GET", f"/jobs/{status['jobID']}/results").json()["subset"]["href"]
    refused = [
        url.replace("Signature=", "Signature=0"),
        url.replace(status["jobID"], "another-job"),
        urlsplit(url)._replace(query="").geturl(),
    ]
    assert {call("GET", altered).status for altered in refused} == {HTTPStatus.FORBIDDEN}
    fetched = call("GET", url)
    assert fetched.headers["Content-Type"] == "application/x-netcdf"
    assert ".nc" in fetched.headers["Content-Disposition"]


def test_a_restricted_dataset_is_unknown_to_others(local: Local) -> None:
    refused = local.customer("ann", "navy").order(WINDS)
    assert refused.status == HTTPStatus.NOT_FOUND
    assert refused.json()["type"] == "urn:atoll:error:unknown-dataset"
    assert local.customer("ann", "navy").ask("GET", "/datasets").json()["datasets"] == []


def test_a_restricted_dataset_is_delivered_to_its_profile(local: Local, tmp_path: Path) -> None:
    nav = local.customer("nav", "navy")
    status = nav.wait(nav.order(WINDS).json()["jobID"])
    assert status["status"] == "successful", status
    nav.download(status["jobID"], tmp_path / "winds.nc")
    with netCDF4.Dataset(tmp_path / "winds.nc") as file:
        assert values(file, "eastward_wind").shape[0] == 132


def test_another_users_job_is_unknown(local: Local, box: tuple[dict[str, Any], Path]) -> None:
    status, _ = box
    for method, path in (("GET", ""), ("GET", "/results"), ("DELETE", "")):
        answer = local.customer("nav").ask(method, f"/jobs/{status['jobID']}{path}")
        assert answer.status == HTTPStatus.NOT_FOUND
        assert answer.json()["type"] == "urn:atoll:error:unknown-job"


def test_the_issuer_is_the_one_in_tokens(local: Local) -> None:
    outputs = local.stacks["central"].outputs
    assert outputs["Issuer"].endswith(outputs["UserPoolId"])
