"""The record of a dataset at the REST door."""

import pytest

from atoll.model.record import RENDERINGS
from tests.web.builders import PUBLISHER, DoorUnderTest

URL = "/datasets/levitus-climatology/record"


@pytest.mark.parametrize(("form", "media_type"), RENDERINGS.items())
def test_each_form_is_had_by_its_name_and_by_its_media_type(form, media_type):
    client = DoorUnderTest().client(None)
    named = client.get(URL, params={"f": form}, headers={"accept": "text/plain"})
    liked = client.get(URL, headers={"accept": f"text/html, {media_type}"})
    for answer in (named, liked):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == media_type
        assert "levitus-climatology" in answer.text
    assert named.content == liked.content


def test_who_names_none_has_ogcs_record():
    for headers in ({}, {"accept": "*/*"}, {"accept": "text/html"}):
        answer = DoorUnderTest().client(None).get(URL, headers=headers)
        assert answer.headers["content-type"] == "application/geo+json"


def test_a_form_that_there_is_not_is_refused_by_name():
    answer = DoorUnderTest().client(None).get(URL, params={"f": "marc"})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "f")
    assert "records" in answer.json()["accepted"]


def test_a_record_is_kept_from_whom_the_dataset_is_kept():
    door = DoorUnderTest()
    hidden = door.client("ann").get("/datasets/navy-winds/record")
    unknown = door.client("ann").get("/datasets/nowhere-seas/record")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["detail"] == unknown.json()["detail"].replace("nowhere-seas", "navy-winds")
    seen = door.client("nav").get("/datasets/navy-winds/record")
    assert seen.status_code == 200
    assert seen.json()["properties"]["access"] == "restricted"


def test_the_dataset_leads_to_its_record_and_the_record_back():
    client = DoorUnderTest().client(None)
    dataset = client.get("/datasets/levitus-climatology")
    (link,) = [one for one in dataset.json()["links"] if one["rel"] == "describedby"]
    record = client.get(str(dataset.request.url.join(link["href"])))
    assert record.headers["content-type"] == link["type"]
    links = {one["rel"]: one["href"] for one in record.json()["links"]}
    assert links["about"] == f"{PUBLISHER.url}/datasets/levitus-climatology"
    assert links["self"] == f"{PUBLISHER.url}{URL}?f=records"


@pytest.mark.parametrize("form", RENDERINGS)
def test_every_form_leads_to_all_doors(form):
    text = DoorUnderTest().client(None).get(URL, params={"f": form}).text
    for path in ("/datasets/levitus-climatology", "/motu-web/Motu?", "/wcs?service=WCS"):
        assert f"{PUBLISHER.url}{path}" in text
