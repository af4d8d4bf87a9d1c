"""Results that are sets of files, at the door."""

from typing import Any

from atoll.services.completion import settle_job
from tests.web.builders import DoorUnderTest
from tests.web.test_rest import order


def set_of_three(door: DoorUnderTest, form: str, ending: str) -> str:
    """A job that has ended with three files, one byte more in each."""
    world, job_id = door.world, str(order(door, format=form)["jobID"])
    job = world.ledger.rows[job_id]
    world.ledger.rows[job_id] = job.model_copy(update={"tier": "big", "files": 3})
    world.results.reports[job_id] = tuple(
        world.make_result(job_id, bytes(number), name=f"box_{number:04}{ending}")
        for number in (1, 2, 3)
    )
    settle_job(job_id, None, world.ports.ends)
    return job_id


def test_every_file_of_a_set_has_an_address_in_order_of_time():
    door = DoorUnderTest()
    job_id = set_of_three(door, "netcdf4", ".nc")
    document: dict[str, Any] = door.client().get(f"/jobs/{job_id}/results").json()
    assert document.keys() == {"subset", "files"}
    files = document["files"]
    assert document["subset"] == files[0]
    assert [(one["file_name"], one["size_bytes"]) for one in files] == [
        ("box_0001.nc", 1),
        ("box_0002.nc", 2),
        ("box_0003.nc", 3),
    ]
    assert all(f"results/{job_id}/{one['file_name']}" in one["href"] for one in files)


def test_every_store_of_a_set_has_a_manifest():
    door = DoorUnderTest()
    job_id = set_of_three(door, "zarr", ".zarr.zip")
    document: dict[str, Any] = door.client().get(f"/jobs/{job_id}/results").json()
    assert document["manifest"] == document["files"][0]["manifest"]
    for one in document["files"]:
        assert one["manifest"]["href"] == one["href"].replace(".zip", ".json")


def test_the_status_says_how_many_files_there_are():
    door = DoorUnderTest()
    job_id = set_of_three(door, "netcdf4", ".nc")
    status = door.client().get(f"/jobs/{job_id}").json()
    assert status["message"] == (
        "The result can be fetched. It is a set of 3 files, in order of time. "
        "21 of its cells have data."
    )
