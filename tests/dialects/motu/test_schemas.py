"""Every XML document of the door is valid under a strict schema of the protocol."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.dialects.motu.documents import describing, ordering

SCHEMAS = Path(__file__).parents[2] / "schemas" / "motu"
BY_ROOT = {"dataset": "describeDataset"}
DOCUMENTS = describing() | ordering()
LEFT_OUT = {
    "statusModeResponse": {"code", "msg", "scriptVersion", "status"},
    "requestSize": {"code", "msg", "unit", "size"},
    "timeCoverage": {"code", "msg"},
    "productMetadataInfo": {"id", "title", "url", "lastUpdate", "code", "msg"},
    "dataset": {"id", "name"},
}


def parsed(name) -> Any:
    return etree.fromstring(DOCUMENTS[name].encode())


def schema_of(root):
    return etree.XMLSchema(etree.parse(SCHEMAS / f"{BY_ROOT.get(root.tag, root.tag)}.xsd"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_valid(name):
    root = parsed(name)
    schema_of(root).assertValid(root)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_begin_as_motus_do(name):
    first = DOCUMENTS[name].splitlines()[0]
    assert first == '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_required_attribute_may_be_left_out_nor_an_unknown_one_be_there(name):
    root = parsed(name)
    schema = schema_of(root)
    for key in LEFT_OUT[root.tag]:
        value = root.attrib.pop(key)
        assert not schema.validate(root), key
        root.set(key, value)
    assert schema.validate(root)
    root.set("other", "x")
    assert not schema.validate(root)


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.startswith("describe")])
def test_the_order_of_parts_is_the_protocols(name):
    root = parsed(name)
    root.append(root[0])
    assert not schema_of(root).validate(root)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_names_have_neither_namespace_nor_prefix(name):
    root = parsed(name)
    assert all("{" not in one.tag and ":" not in one.tag for one in root.iter())
