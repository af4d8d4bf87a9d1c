"""A record of OGC API - Records: its members, geometry and links."""

import doctest
import importlib
import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.dialects.catalogue.builders import RECORDS, text_of

TIMESTAMP = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$"
TEXT = {"type": "string", "minLength": 1}
LINK = {"type": "object", "required": ["href", "rel"], "properties": {"href": TEXT, "rel": TEXT}}
CONTACT = {
    "type": "object",
    "anyOf": [{"required": ["name"]}, {"required": ["organization"]}],
    "properties": {"emails": {"type": "array", "items": {"required": ["value"]}}},
}
# What the standard's recordGeoJSON.yaml (20-004r1) demands of the members that we have.
SCHEMA = {
    "type": "object",
    "required": ["id", "type", "time", "geometry", "properties", "links"],
    "properties": {
        "id": TEXT,
        "type": {"const": "Feature"},
        "conformsTo": {"type": "array", "minItems": 1, "items": TEXT},
        "time": {
            "oneOf": [
                {"type": "null"},
                {
                    "type": "object",
                    "properties": {
                        "interval": {
                            "type": "array",
                            "minItems": 2,
                            "maxItems": 2,
                            "items": {"pattern": TIMESTAMP},
                        },
                        "resolution": {"pattern": "^P"},
                    },
                    "required": ["interval"],
                },
            ]
        },
        "properties": {
            "type": "object",
            "required": ["type", "title"],
            "properties": {
                "type": {"const": "dataset"},
                "title": TEXT,
                "keywords": {"type": "array", "items": TEXT},
                "language": {"required": ["code"]},
                "themes": {"minItems": 1, "items": {"required": ["concepts", "scheme"]}},
                "externalIds": {"items": {"required": ["value"]}},
                "contacts": {"type": "array", "items": CONTACT},
                "license": TEXT,
            },
        },
        "links": {"type": "array", "items": LINK},
    },
}


def document(name: str) -> Any:
    return json.loads(text_of(RECORDS[name], "records"))


@pytest.mark.parametrize("name", RECORDS)
def test_the_record_is_what_the_standard_demands(name):
    Draft202012Validator(SCHEMA).validate(document(name))


def test_a_box_across_the_dateline_is_two_polygons_against_the_clock():
    assert document("across")["geometry"] == {
        "type": "MultiPolygon",
        "coordinates": [
            [[[175, 0], [180, 0], [180, 1], [175, 1], [175, 0]]],
            [[[-180, 0], [-175, 0], [-175, 1], [-180, 1], [-180, 0]]],
        ],
    }


@pytest.mark.parametrize("name", ["heights", "projected"])
def test_what_has_no_box_has_no_geometry(name):
    assert document(name)["geometry"] is None


def test_links_are_absolute_and_say_what_they_lead_to():
    links = document("told")["links"]
    assert all(re.match(r"https://(unit\.example\.org|doi\.org)/", link["href"]) for link in links)
    assert {"self", "about", "service", "cite-as"} <= {link["rel"] for link in links}


@pytest.mark.parametrize("module", ["atoll.dialects.addresses", "atoll.dialects.records.geometry"])
def test_examples_are_true(module):
    assert doctest.testmod(importlib.import_module(module)).failed == 0
