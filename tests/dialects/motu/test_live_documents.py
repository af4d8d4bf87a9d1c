"""What the running door answers in XML is valid too, whatever it was asked."""

from typing import Any

import pytest
from lxml import etree

from tests.dialects.motu.coverages import COVERAGES
from tests.dialects.motu.test_schemas import SCHEMAS, schema_of
from tests.fakes import FakeCatalogue
from tests.web.motu.builders import ORDER, MotuUnderTest
from tests.world import World

NAMES = [name for name, one in COVERAGES.items() if one.profiles is None]
DESCRIBING = ("describeproduct", "gettimecov", "getsize")
WRONG = ["", "&service=nope&product=x", "&service=coads&product=x", "&service=coads&product=%ff"]


def door():
    return MotuUnderTest(World(FakeCatalogue(*COVERAGES.values())))


def validated(answer) -> Any:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/xml; charset=UTF-8"
    root = etree.fromstring(answer.content)
    is_refusal = root.tag == "productMetadataInfo" and root.get("code") != "0"
    schema = (
        etree.XMLSchema(etree.parse(SCHEMAS / "refusal.xsd")) if is_refusal else schema_of(root)
    )
    schema.assertValid(root)
    return root


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("action", DESCRIBING)
def test_every_dataset_is_described(action, name):
    root = validated(door().ask(f"action={action}&service={name}-TDS&product={name}"))
    assert root.get("code").endswith("0") or name == "empty"


@pytest.mark.parametrize("name", NAMES)
def test_every_dataset_is_described_in_short(name):
    validated(door().ask(f"action=describecoverage&service={name}&datasetID={name}"))


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("action", [*DESCRIBING, "productdownload&mode=status", "getreqstatus"])
def test_refusals_are_valid(action, wrong):
    root = validated(door().ask(f"action={action}{wrong}"))
    number = int(root.get("code").partition("-")[2])
    assert number > 0
    assert root.get("msg").startswith(root.get("code"))


@pytest.mark.parametrize("action", [*DESCRIBING, "productdownload&mode=status", "getreqstatus"])
def test_what_is_told_while_all_is_away_is_valid(action):
    under_test = door()
    under_test.world.catalogue.available = False
    under_test.world.ledger.available = False
    validated(under_test.ask(f"action={action}&service=coads&product=coads&requestid=id-1"))


def test_an_order_from_beginning_to_end_is_valid():
    under_test = door()
    order = ORDER.replace("Levitus-TDS", "levitus-climatology")
    job_id = validated(under_test.ask(order)).get("requestId")
    assert validated(under_test.ask(f"action=getreqstatus&requestid={job_id}")).get("status") != "1"
    under_test.settle(job_id)
    done = validated(under_test.ask(f"action=getreqstatus&requestid={job_id}"))
    assert done.get("status") == "1"
    assert done.get("remoteUri")
