"""INSPIRE's rules of dataset metadata that no schema tells (Technical Guidance 2.0.1)."""

from typing import Any

import pytest
from lxml import etree

from tests.dialects.catalogue.builders import RECORDS, text_of, told

NAMES = {
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "xlink": "http://www.w3.org/1999/xlink",
}
IDENTIFIED = "gmd:identificationInfo/gmd:MD_DataIdentification"
LEGAL = f"{IDENTIFIED}/gmd:resourceConstraints/gmd:MD_LegalConstraints"
PARTY = "gmd:CI_ResponsibleParty"
MAIL = ".//gmd:electronicMailAddress/gco:CharacterString"
ONLINE = "gmd:distributionInfo//gmd:onLine/gmd:CI_OnlineResource"
REPORT = "gmd:dataQualityInfo//gmd:DQ_ConformanceResult"
CITED = f"{IDENTIFIED}/gmd:citation/gmd:CI_Citation"
# Requirement -> what each record must have.
RULES = {
    "1.1 unique resource identifier": f"{CITED}/gmd:identifier/*[gmd:code and gmd:codeSpace]",
    "C.5 metadata language": "gmd:language/gmd:LanguageCode[@codeListValue='eng']",
    "C.6 point of contact for metadata": f"gmd:contact/{PARTY}[gmd:organisationName][{MAIL}]",
    "C.7 metadata date": "gmd:dateStamp/*",
    "C.8 resource title": f"{CITED}/gmd:title/gco:CharacterString[text()]",
    "C.9 resource abstract": f"{IDENTIFIED}/gmd:abstract/gco:CharacterString[text()]",
    "C.10 responsible party": f"{IDENTIFIED}/gmd:pointOfContact/{PARTY}[gmd:organisationName]",
    "C.11 temporal reference": f"{CITED}/gmd:date/gmd:CI_Date[gmd:date/* and gmd:dateType]",
    "C.12 lineage": "gmd:dataQualityInfo//gmd:LI_Lineage/gmd:statement/gco:CharacterString",
    "C.15 keyword of a vocabulary": f"{IDENTIFIED}//gmd:MD_Keywords[gmd:thesaurusName]",
    "C.17 limitations on public access": f"{LEGAL}[gmd:accessConstraints]/gmd:otherConstraints/*",
    "C.18 conditions of use": f"{LEGAL}[gmd:useConstraints]/gmd:otherConstraints/*",
    "1.3 resource type": "gmd:hierarchyLevel/gmd:MD_ScopeCode[@codeListValue='dataset']",
    "1.4 theme of GEMET": (
        f"{IDENTIFIED}//gmd:MD_Keywords[gmd:keyword/gmx:Anchor[@xlink:href="
        "'http://inspire.ec.europa.eu/theme/of']]/gmd:thesaurusName//gmd:title/*"
        "[text()='GEMET - INSPIRE themes, version 1.0']"
    ),
    "1.5 topic category": f"{IDENTIFIED}/gmd:topicCategory/gmd:MD_TopicCategoryCode",
    "1.6 bounding box": f"{IDENTIFIED}//gmd:EX_GeographicBoundingBox",
    "1.7 resource language": f"{IDENTIFIED}/gmd:language/gmd:LanguageCode",
    "1.8 resource locator": f"{ONLINE}/gmd:linkage/gmd:URL[starts-with(text(), 'https://')]",
    "1.9 conformity": f"{REPORT}[gmd:specification and gmd:explanation and gmd:pass]",
    "1.9 regulation": f"{REPORT}//gmd:title/*[contains(text(), 'No 1089/2010')]",
    "2.1 reference system": "gmd:referenceSystemInfo//gmx:Anchor[contains(@xlink:href, '/EPSG/')]",
    "2.2 encoding": "gmd:distributionInfo//gmd:distributionFormat/gmd:MD_Format[gmd:name]",
    "2.3 character encoding": f"{IDENTIFIED}/gmd:characterSet/*[@codeListValue='utf8']",
    "2.4 spatial representation": f"{IDENTIFIED}/gmd:spatialRepresentationType/*",
}
KNOWN = ("levitus-climatology", "navy-winds", "tripolar")


def root_of(one) -> etree._Element:
    return etree.fromstring(text_of(one, "iso").encode())


def found(root: etree._Element, path: str) -> Any:
    return root.xpath(path, namespaces=NAMES)


@pytest.mark.parametrize("rule", RULES)
def test_a_dataset_whose_source_tells_its_contact_meets_every_rule(rule):
    assert found(root_of(told()), RULES[rule])


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.startswith("C.6")])
@pytest.mark.parametrize("name", KNOWN)
def test_the_others_meet_all_but_that_of_an_address_of_mail(name, rule):
    assert found(root_of(RECORDS[name]), RULES[rule])


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_finds_its_fault(rule):
    root = root_of(told())
    for one in found(root, RULES[rule]):
        one.getparent().remove(one)
    assert not found(root, RULES[rule])


def constraints_of(name: str, kind: str) -> list[str]:
    path = f"{LEGAL}[gmd:{kind}Constraints]/gmd:otherConstraints/*"
    return [
        one.get(f"{{{NAMES['xlink']}}}href") or one.text
        for one in found(root_of(RECORDS[name]), path)
    ]


def test_access_is_without_limitations_or_its_limits_are_told():
    (open_to_all,) = constraints_of("levitus-climatology", "access")
    assert open_to_all.endswith("/LimitationsOnPublicAccess/noLimitations")
    (limited,) = constraints_of("navy-winds", "access")
    assert limited == "Only accounts that the provider has allowed may order these data."


def test_conditions_of_use_are_the_licence_or_are_told_to_be_unknown():
    assert constraints_of("levitus-climatology", "use") == ["public domain"]
    (unknown,) = constraints_of("navy-winds", "use")
    assert unknown.endswith("/ConditionsApplyingToAccessAndUse/conditionsUnknown")


def test_resolution_is_told_once_where_rows_and_columns_lie_equally_far_apart():
    told_of = {
        name: [
            (one.text, one.get("uom"))
            for one in root_of(RECORDS[name]).iterfind(
                ".//gmd:spatialResolution//gco:Distance", NAMES
            )
        ]
        for name in KNOWN
    }
    assert told_of == {
        "levitus-climatology": [("1.0", "deg")],
        "navy-winds": [("2.5", "deg")],
        "tripolar": [],
    }
