"""A Collection is what STAC's schema says, and its extensions' readers read it."""

import json

import pystac
import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from pystac.extensions.datacube import DatacubeExtension, DimensionType
from pystac.extensions.scientific import ScientificExtension
from pystac.validation.local_validator import get_local_schema_cache
from referencing import Registry, Resource

from tests.dialects.catalogue.builders import RECORDS, text_of

COLLECTION = "https://schemas.stacspec.org/v1.1.0/collection-spec/json-schema/collection.json"
KEPT = get_local_schema_cache()
REGISTRY = Registry().with_resources(
    (address, Resource.from_contents(schema)) for address, schema in KEPT.items()
)
VALIDATOR = Draft7Validator(KEPT[COLLECTION], registry=REGISTRY)


def collection(name: str):
    return json.loads(text_of(RECORDS[name], "stac"))


@pytest.mark.parametrize("name", RECORDS)
def test_the_collection_is_valid(name):
    VALIDATOR.validate(collection(name))


@pytest.mark.parametrize("member", ["license", "extent", "links", "description", "stac_version"])
def test_the_schema_finds_what_is_missing(member):
    document = collection("told")
    del document[member]
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize("name", RECORDS)
def test_its_cube_is_read(name):
    cube = DatacubeExtension.ext(pystac.Collection.from_dict(collection(name)))
    known = {dimension.name: dimension for dimension in RECORDS[name].dimensions}
    assert set(cube.dimensions) == set(known)
    for variable in (cube.variables or {}).values():
        assert set(variable.dimensions) <= set(known)
    for key, dimension in cube.dimensions.items():
        if dimension.dim_type == DimensionType.SPATIAL:
            assert known[key].kind in {"longitude", "latitude", "vertical"}
            assert dimension.to_dict()["axis"] in "xyz"
            assert None not in dimension.to_dict()["extent"]
        else:
            assert "axis" not in dimension.to_dict()
            assert len(dimension.to_dict()["extent"]) == 2


def test_its_citation_and_revision_are_read():
    read = pystac.Collection.from_dict(collection("told"))
    science = ScientificExtension.ext(read)
    assert (science.doi, science.citation) == ("10.7289/V5NZ85MT", "Please cite Levitus (1994).")
    assert read.extra_fields["version"] == "r1"
    assert read.license == "CC-BY-4.0"
    assert [one.name for one in read.providers or []] == ["NOAA", "levitus"]


def test_a_unit_is_not_said_to_have_made_what_it_has():
    (host,) = collection("navy-winds")["providers"]
    assert (host["name"], host["roles"]) == ("levitus", ["host"])


def test_one_without_a_citation_claims_no_such_extension():
    said = collection("navy-winds")["stac_extensions"]
    assert not any("scientific" in address for address in said)


def test_a_dataset_that_tells_no_box_may_lie_anywhere():
    assert collection("heights")["extent"]["spatial"]["bbox"] == [[-180, -90, 180, 90]]
