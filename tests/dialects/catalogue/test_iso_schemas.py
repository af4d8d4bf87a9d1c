"""Every ISO record is what its schemas say; see tests/schemas/iso/README.md."""

from pathlib import Path

import pytest
from lxml import etree

from tests.dialects.catalogue.builders import RECORDS, text_of

SCHEMAS = Path(__file__).parents[2] / "schemas" / "iso"
SCHEMA = etree.XMLSchema(etree.parse(SCHEMAS / "record.xsd"))


@pytest.mark.parametrize("name", RECORDS)
def test_the_record_is_valid(name):
    SCHEMA.assertValid(etree.fromstring(text_of(RECORDS[name], "iso").encode()))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<gmd:title>", "<gmd:titel>"),
        ("<gco:Decimal>-180.0</gco:Decimal>", "<gco:Decimal>west</gco:Decimal>"),
        ("<gco:DateTime>2026", "<gco:DateTime>26"),
        ('gml:id="period"', 'gml:id="a period"'),
        ("Z</gml:beginPosition>", "of May</gml:beginPosition>"),
        ('codeListValue="grid"', 'list="grid"'),
        ("<gmx:Anchor ", "<gmx:Rope "),
        ("<gmd:MD_TopicCategoryCode>oceans", "<gmd:MD_TopicCategoryCode>Oceans"),
        ('uom="deg"', ""),
    ],
)
def test_the_schemas_find_faults(right, wrong):
    text = text_of(RECORDS["navy-winds"], "iso")
    assert right in text
    end = f"</{right[1:]}" if right.startswith("<gmd:title") else None
    spoilt = text.replace(right, wrong, 1)
    if end:
        spoilt = spoilt.replace(end, f"</{wrong[1:]}", 1)
    assert not valid(spoilt)


def valid(text: str) -> bool:
    try:
        return SCHEMA.validate(etree.fromstring(text.encode()))
    except etree.XMLSyntaxError:
        return False
