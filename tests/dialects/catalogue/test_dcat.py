"""A dataset in DCAT-AP: what the profile demands and recommends, in vocabularies' own words."""

import json
from typing import Any

import pytest

from tests.dialects.catalogue.builders import RECORDS, text_of

MANDATORY = ("dct:title", "dct:description")
RECOMMENDED = ("dcat:contactPoint", "dcat:distribution", "dcat:keyword", "dct:publisher",
               "dct:spatial", "dct:temporal", "dcat:theme")  # fmt: skip


def document(name: str) -> Any:
    return json.loads(text_of(RECORDS[name], "dcat"))


def terms(node: Any) -> set[str]:
    """All terms with a prefix, of members and types."""
    if isinstance(node, list):
        return set().union(*map(terms, node))
    if not isinstance(node, dict):
        return set()
    said = {key for key in node if ":" in key}
    kind = node.get("@type", "")
    inner = [value for key, value in node.items() if key != "@context"]
    return said | ({kind} if ":" in kind else set()) | terms(inner)


@pytest.mark.parametrize("name", RECORDS)
def test_what_is_mandatory_is_there_and_every_prefix_is_declared(name):
    one = document(name)
    assert all(one[term]["@value"] for term in MANDATORY)
    assert {term.partition(":")[0] for term in terms(one)} <= set(one["@context"])
    for distribution in one["dcat:distribution"]:
        assert distribution["dcat:accessURL"]["@id"].startswith("https://unit.example.org/")


def test_what_is_recommended_is_there():
    assert set(RECOMMENDED) <= set(document("navy-winds"))


def test_a_unit_is_not_said_to_have_made_what_it_has():
    assert document("told")["dct:creator"]["foaf:name"] == "NOAA"
    assert "dct:creator" not in document("navy-winds")


def test_a_box_is_told_longitudes_first_and_in_two_where_it_crosses_the_dateline():
    boxes = {name: document(name)["dct:spatial"]["dcat:bbox"]["@value"]
             for name in ("across", "navy-winds")}  # fmt: skip
    assert boxes["navy-winds"].startswith("MULTIPOLYGON(((-180.0 -90.0, 180.0 -90.0, ")
    assert boxes["across"] == (
        "MULTIPOLYGON(((175.0 0.0, 180.0 0.0, 180.0 1.0, 175.0 1.0, 175.0 0.0)), "
        "((-180.0 0.0, -175.0 0.0, -175.0 1.0, -180.0 1.0, -180.0 0.0)))"
    )


def test_rights_are_of_the_authority_tables():
    rights = {name: document(name)["dct:accessRights"]["@id"] for name in ("told", "navy-winds")}
    base = "http://publications.europa.eu/resource/authority/access-right/"
    assert rights == {"told": f"{base}PUBLIC", "navy-winds": f"{base}RESTRICTED"}
