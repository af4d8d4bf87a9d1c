"""OWSLib reads of an ISO record what the dataset is."""

import pytest
from lxml import etree
from owslib.iso import MD_Metadata

from tests.dialects.catalogue.builders import RECORDS, text_of

pytestmark = pytest.mark.slow


def read(name: str) -> MD_Metadata:
    return MD_Metadata(etree.fromstring(text_of(RECORDS[name], "iso").encode()))


@pytest.mark.parametrize(
    "name", ["levitus-climatology", "navy-winds", "tripolar", "told", "across"]
)
def test_owslib_reads_identity_extents_and_locators(name):
    one, found = RECORDS[name], read(name)
    (identified,) = found.identification
    assert found.identifier == one.catalogue_id
    assert found.languagecode == "eng"
    assert (identified.title, identified.abstract) == (one.title, one.abstract)
    assert identified.uricode[0] == one.identifier
    assert identified.uricodespace[0] == one.namespace
    box = identified.bbox
    assert one.box is not None
    told = [float(edge) for edge in (box.minx, box.miny, box.maxx, box.maxy)]
    assert told == pytest.approx([one.box.west, one.box.south, one.box.east, one.box.north])
    times = (identified.temporalextent_start, identified.temporalextent_end)
    assert times == ((one.times.start, one.times.end) if one.times else (None, None))
    locators = [online.url for online in found.distribution.online]
    assert locators == [point.url for point in one.access_points]


def test_owslib_reads_contact_keywords_and_conformity():
    found = read("told")
    (contact,) = found.contact
    assert (contact.organization, contact.name) == ("NOAA", "S. Levitus")
    assert contact.email == "levitus@example.org"
    themes = [word.name for words in found.identification[0].keywords for word in words.keywords]
    assert themes[0] == "Oceanographic geographical features"
    assert {"sea_water_temperature", "Levitus"} <= set(themes)
    assert found.dataquality.lineage == "profiles. 1994 made"
    assert found.dataquality.conformancetitle[0].startswith("COMMISSION REGULATION (EU) No 1089")
