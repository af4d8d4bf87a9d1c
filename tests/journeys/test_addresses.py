"""Whoever is told an address here is told one where somebody answers."""

import json
import re

import pytest

from stacks.local.addresses import tell_addresses
from stacks.local.door import call
from stacks.local.endpoints import Endpoints
from tests.journeys.local import Local

pytestmark = pytest.mark.slow

# An issuer is a name: who checks a token compares it, and reads keys elsewhere.
NAMES = {"ISSUER"}


def settings(local: Local, stack: str) -> dict[str, dict[str, str]]:
    """Of each function of a stack, by its physical name."""
    functions, deployed = local.client("lambda", stack), local.stacks[stack]
    names = [deployed.physical[logical] for logical in deployed.of_type("AWS::Lambda::Function")]
    return {
        name: functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        for name in names
    }


@pytest.mark.parametrize("stack", ["central", "catalogue", "levitus", "navy"])
def test_no_function_is_told_a_host_of_aws(local: Local, stack: str) -> None:
    told = settings(local, stack)
    foreign = {
        (name, key)
        for name, variables in told.items()
        for key, value in variables.items()
        if re.match("https?://", value) and not value.startswith(local.place.endpoint)
    }
    assert {key for _, key in foreign} <= NAMES
    assert any(
        value.startswith(local.place.doors) for each in told.values() for value in each.values()
    )


def test_telling_them_again_changes_nothing(local: Local) -> None:
    for name, stack in local.stacks.items():
        before = settings(local, name)
        tell_addresses(stack)
        assert settings(local, name) == before


def test_wcs_tells_its_own_address(local: Local) -> None:
    door = Endpoints.read(local.place).units["levitus"]
    document = call("GET", f"{door}/wcs?service=WCS&request=GetCapabilities").body.decode()
    told = set(re.findall(r'xlink:href="([^"?]*)', document))
    assert told
    assert all(address.startswith(door) for address in told), told


def test_a_record_leads_to_doors_that_answer(local: Local) -> None:
    door = Endpoints.read(local.place).units["levitus"]
    answer = call("GET", f"{door}/datasets/levitus-climatology/record?f=records")
    links = [one["href"] for one in json.loads(answer.body)["links"] if one["rel"] == "service"]
    assert [link.removeprefix(door).split("?")[0] for link in links] == [
        "/datasets/levitus-climatology",
        "/motu-web/Motu",
        "/wcs",
    ]
    rest, _, wcs = (call("GET", link) for link in links)
    assert json.loads(rest.body)["id"] == "levitus-climatology"
    assert b"levitus-climatology__TEMP" in wcs.body
