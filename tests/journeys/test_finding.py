"""What a unit publishes is found in the federation's catalogue, by whom it may be found."""

import json
import urllib.request

import pytest

from stacks.local import seed
from stacks.local.endpoints import Endpoints
from stacks.local.finding import await_record, find
from tests.journeys.local import Local

pytestmark = pytest.mark.slow

LEVITUS, NAVY = "levitus.levitus-climatology", "navy.navy-winds"


def test_a_published_dataset_is_found_and_leads_to_its_doors(local: Local) -> None:
    endpoints = Endpoints.read(local.place)
    for demo in seed.DATASETS:
        seed.announce(local.stacks[demo.unit], demo.unit)
    assert await_record(endpoints.catalogue, "salinity", LEVITUS)
    address = f"{endpoints.catalogue}/stac/collections/{LEVITUS}/items/{LEVITUS}"
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
        item = json.load(answer)
    door = item["assets"]["rest"]["href"]
    assert door.startswith(endpoints.units["levitus"])
    with urllib.request.urlopen(door, timeout=60) as answer:  # noqa: S310
        assert json.load(answer)["id"] == "levitus-climatology"


def test_a_restricted_one_is_found_by_its_profile_alone(local: Local) -> None:
    endpoints = Endpoints.read(local.place)
    for demo in seed.DATASETS:
        seed.announce(local.stacks[demo.unit], demo.unit)
    await_record(endpoints.catalogue, "salinity", LEVITUS)
    nav = {"authorization": f"Bearer {endpoints.token('nav')}"}
    ann = {"authorization": f"Bearer {endpoints.token('ann')}"}
    assert NAVY in find(endpoints.catalogue, "wind", nav)
    assert find(endpoints.catalogue, "wind", ann) == {}
    assert find(endpoints.catalogue, "wind") == {}
