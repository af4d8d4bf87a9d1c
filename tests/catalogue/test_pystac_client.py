"""pystac-client looks through the catalogue and searches it; PySTAC takes what it finds."""

from collections.abc import Iterator

import pystac
import pytest
import requests
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from pystac.validation.local_validator import get_local_schema_cache
from pystac_client import Client
from referencing import Registry, Resource

from tests.catalogue.server import served_catalogue
from tests.dialects.catalogue.builders import RECORDS
from tests.web.builders import nav_token
from tests.web.catalogue.world import CatalogueUnderTest, announcements

pytestmark = pytest.mark.slow

LEVITUS, ACROSS = "levitus.levitus-climatology", "levitus.across"
NAVY = "levitus.navy-winds"


@pytest.fixture(scope="module")
def catalogue() -> Iterator[CatalogueUnderTest]:
    with served_catalogue(announcements()) as served:
        yield served


@pytest.fixture(scope="module")
def client(catalogue) -> Client:
    return Client.open(f"{catalogue.url}/stac")


def ids(found) -> list[str]:
    return [item.id for item in found.items()]


def test_it_lists_collections_and_follows_their_links(client):
    (across, levitus) = client.get_collections()
    assert (across.id, levitus.id) == (ACROSS, LEVITUS)
    one = client.get_collection(LEVITUS)
    assert one.title == RECORDS["levitus-climatology"].title
    assert set(one.to_dict()["cube:variables"]) == {"TEMP", "SALT"}
    assert [item.id for item in one.get_items()] == [LEVITUS]
    item = one.get_item(LEVITUS)
    assert item is not None
    assert item.get_collection().id == LEVITUS
    doors = {
        point.door.lower(): point.url for point in RECORDS["levitus-climatology"].access_points
    }
    assert doors.items() <= {name: asset.href for name, asset in item.assets.items()}.items()
    assert {link.rel for link in client.get_child_links()} == {"child"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_searches(client, method):
    def found(**said) -> list[str]:
        return ids(client.search(method=method, **said))

    assert found() == [ACROSS, LEVITUS]
    assert found(limit=1) == [ACROSS, LEVITUS]  # two pages
    assert found(max_items=1) == [ACROSS]
    assert found(collections=[LEVITUS]) == [LEVITUS]
    assert found(ids=[ACROSS, "nowhere"]) == [ACROSS]
    assert found(bbox=[178, -1, -178, 1]) == [ACROSS, LEVITUS]
    assert found(bbox=[-10, 40, 10, 50]) == [LEVITUS]
    assert found(bbox=[-10, 89.9, 10, 90]) == []
    point = {"type": "Point", "coordinates": [177, 0.5]}
    assert found(intersects=point, collections=[ACROSS]) == [ACROSS]
    assert found(intersects={"type": "Point", "coordinates": [0, 0.5]}) == [LEVITUS]
    assert client.search(method=method, limit=1).matched() == 2


def test_times_of_datasets_that_have_some(catalogue):
    headers = {"authorization": f"Bearer {nav_token()}"}
    client = Client.open(f"{catalogue.url}/stac", headers=headers)
    times = RECORDS["navy-winds"].times
    assert times is not None
    for period, is_met in (
        (times.start, True),
        (f"../{times.start}", True),
        ("1800-01-01/1800-12-31", False),
        (f"{times.end}/..", True),
    ):
        assert (NAVY in ids(client.search(datetime=period))) is is_met
    (item,) = client.search(ids=[NAVY]).items()
    told = item.to_dict()["properties"]
    assert (told["start_datetime"], told["end_datetime"]) == (times.start, times.end)


def test_collections_are_searched(client):
    assert [one.id for one in client.collection_search(q="salinity").collections()] == [LEVITUS]
    found = client.collection_search(bbox=[-10, 40, 10, 50])
    assert [one.id for one in found.collections()] == [LEVITUS]


SCHEMAS = "https://schemas.stacspec.org/v1.1.0"
KEPT = get_local_schema_cache()
REGISTRY = Registry().with_resources(
    (address, Resource.from_contents(schema)) for address, schema in KEPT.items()
)


def check(kind: str, document: object) -> None:
    schema = KEPT[f"{SCHEMAS}/{kind}-spec/json-schema/{kind}.json"]
    Draft7Validator(schema, registry=REGISTRY).validate(document)


def test_documents_are_valid(catalogue):
    headers = {"authorization": f"Bearer {nav_token()}"}

    def got(path: str):
        return requests.get(f"{catalogue.url}/stac{path}", headers=headers, timeout=10).json()

    check("catalog", got(""))
    for collection in got("/collections")["collections"]:
        check("collection", collection)
    features = got("/search")["features"]
    assert len(features) == 3
    for item in features:
        check("item", item)
        again = pystac.Item.from_dict(item)
        assert again.to_dict(include_self_link=True, transform_hrefs=False)["id"] == item["id"]
