"""Pages: nothing of what they show can be taken for their own words."""

import json
import shlex
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from atoll.dialects.motu.cache import render_cache_status
from atoll.dialects.motu.pages.catalog import render_catalog
from atoll.dialects.motu.pages.debug import render_debug
from atoll.dialects.motu.pages.download import (
    Door,
    Failed,
    Finished,
    Waiting,
    limits,
    render_download,
)
from atoll.dialects.motu.pages.download import script as script_of
from atoll.dialects.motu.pages.error import render_error
from atoll.dialects.motu.pages.product import render_product_page
from atoll.dialects.motu.pages.services import render_services
from atoll.model.job import Reason
from atoll.model.policy import Slots
from atoll.ports import DatasetEntry
from tests.dialects.motu.coverages import COVERAGES
from tests.dialects.motu.documents import DOOR, jobs, pages
from tests.planning.builders import coverage, latitude_axis, longitude_axis, variable

BREAKING = [
    "</title><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onclick='x", "<!--",
    "]]>", "&lt;b&gt;", "&#60;",
]  # fmt: skip
CHARACTERS = st.sampled_from("<>&\"'`=/ \n\x00-!ab;")
NASTY = st.text(CHARACTERS, min_size=1, max_size=30) | st.sampled_from(BREAKING)
PAGES = {name: text for name, text in pages().items() if name.endswith(".html")}


def tree_of(page) -> Any:
    return html.document_fromstring(page)


class Skeleton(HTMLParser):
    """A page without its texts: elements, and the names of their attributes."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.texts = []
        self.values = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, [name for name, _ in attrs]))
        self.values += [value for _, value in attrs]

    def handle_endtag(self, tag):
        self.elements.append(tag)

    def handle_comment(self, data):
        self.elements.append(("comment", data))

    def handle_data(self, data):
        self.texts.append(data)


def nasty_coverage(text):
    attributes = {"long_name": text, "units": text, "standard_name": text}
    return coverage(
        [latitude_axis([1, 2], attributes={"long_name": text}), longitude_axis([1, 2], units=text)],
        [variable(text, ("latitude", "longitude"), attributes=attributes)],
        dataset=text, title=text, product=text, licence=text,
    )  # fmt: skip


def all_pages(text):
    """Every page with this text wherever something is shown."""
    one = nasty_coverage(text)
    entry = DatasetEntry(dataset=text, title=text, revision=text, profiles=None, updated_at=text)
    failed = jobs()[2].model_copy(
        update={"job_id": text, "account_id": text, "reason": Reason(code="x", detail=text)}
    )
    door = Door(text, "none")
    return [
        render_services([text]),
        render_catalog(text, [entry]),
        render_error(text),
        render_product_page(one),
        render_download(one, None, door),
        render_download(one, Failed(text), door),
        render_download(one, Finished(text), door),
        render_download(one, Waiting(text), door),
        render_debug([failed], Slots(), []),
    ]


@pytest.mark.slow
@settings(deadline=None)
@given(NASTY)
def test_no_text_breaks_out(text):
    for found, plain in zip(all_pages(text), all_pages("plain"), strict=True):
        assert Skeleton(found).elements == Skeleton(plain).elements


@pytest.mark.slow
@settings(deadline=None)
@given(NASTY)
def test_lxml_sees_the_same_page(text):
    for found, plain in zip(all_pages(text), all_pages("plain"), strict=True):
        shapes = [
            [(one.tag, list(one.attrib)) for one in tree_of(page).iter()] for page in (found, plain)
        ]
        assert shapes[0] == shapes[1]


@pytest.mark.slow
@settings(deadline=None)
@given(NASTY)
def test_what_is_shown_is_what_was_given(text):
    shown = text.replace("\x00", "\ufffd")
    assert shown in Skeleton(render_error(text)).texts
    assert shown in Skeleton(render_download(nasty_coverage(text), None, DOOR)).values


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_html5_without_a_script(name):
    text = PAGES[name]
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    tree = tree_of(text)
    assert tree.findtext(".//title")
    assert len(tree.findall(".//main")) == 1
    assert tree.findall(".//h1")
    assert not tree.findall(".//script")
    assert not [key for one in tree.iter() for key in one.attrib if key.startswith("on")]
    for field in tree.xpath("//input[not(@type='hidden')] | //select"):
        assert field.xpath("ancestor::label"), "a field has a label"
    for cells in tree.findall(".//table"):
        assert cells.findall(".//th")
    assert len(tree.findall(".//h1")) == 1
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_services_as_motu_lists_them():
    tree = tree_of(PAGES["listservices.html"])
    assert tree.findtext(".//h1") == "Motu available services"
    assert [one.text for one in tree.findall(".//th")] == ["Service Description", "Type"]
    assert tree.find(".//td/a").get("href") == "Motu?action=listcatalog&service=FLEET_WINDS"


def test_a_catalog_links_to_forms_and_metadata():
    page = render_catalog("a&b", [DatasetEntry(dataset="d", title="D", revision="r", profiles=None,
                                               updated_at="2026-01-01T00:00:00Z")])  # fmt: skip
    tree = tree_of(page)
    assert [one.get("href") for one in tree.findall(".//td/a")] == [
        "Motu?action=productdownloadhome&service=a%26b&product=d",
        "Motu?action=listproductmetadata&service=a%26b&product=d",
    ]
    assert "Last update" in tree.xpath("//th/text()")


@pytest.mark.parametrize("name", COVERAGES)
def test_the_form_sends_what_motuclient_would(name):
    one = COVERAGES[name]
    tree = tree_of(render_download(one, None, DOOR))
    hidden = {
        field.get("name"): field.get("value") for field in tree.xpath("//input[@type='hidden']")
    }
    assert hidden["action"] == "productdownload"
    assert (hidden["service"], hidden["product"]) == (one.product or one.dataset, one.dataset)
    assert "nexturl" in hidden
    boxes = tree.xpath("//input[@type='checkbox']")
    assert {box.get("name") for box in boxes} == {"variable"}
    assert [box.get("value") for box in boxes] == sorted(
        v.name for v in one.variables if v.role == "data"
    )
    assert [option.get("value") for option in tree.xpath("//select[@name='output']/option")] == [
        "netcdf", "netcdf4"]  # fmt: skip
    fields = {
        field.get("name"): field.get("value") for field in tree.xpath("//input[@type='text']")
    }
    assert fields == limits(one)
    assert {"x_lo", "x_hi", "y_lo", "y_hi"} <= fields.keys()


@pytest.mark.parametrize(
    ("name", "label"), [("pressures", "Level from (Pa)"), ("heights", "Depth from (m)")]
)
def test_the_form_says_what_levels_are_counted_in(name, label):
    tree = tree_of(render_download(COVERAGES[name], None, DOOR))
    (field,) = tree.xpath("//input[@name='z_lo']")
    assert field.getparent().text.strip() == label


@pytest.mark.parametrize("name", COVERAGES)
@pytest.mark.parametrize("auth_mode", ["none", "cas"])
def test_the_script_orders_what_the_form_has(name, auth_mode):
    one = COVERAGES[name]
    words = shlex.split(script_of(one, Door("https://u.test/motu-web/Motu", auth_mode)))
    assert words[0] == "motuclient"
    pairs = list(zip(words[1::2], words[2::2], strict=True))
    options = dict(pairs)
    assert options["--motu"] == "https://u.test/motu-web/Motu"
    assert options["--product-id"] == one.dataset
    assert ("--user" in options) == (auth_mode == "cas")
    given = {"--longitude-min": "x_lo", "--longitude-max": "x_hi", "--latitude-min": "y_lo",
             "--latitude-max": "y_hi", "--depth-min": "z_lo", "--depth-max": "z_hi",
             "--date-min": "t_lo", "--date-max": "t_hi"}  # fmt: skip
    assert {name: options[key] for key, name in given.items() if key in options} == limits(one)
    assert [value for key, value in pairs if key == "--variable"] == sorted(
        v.name for v in one.variables if v.role == "data"
    )


def test_what_became_of_an_order_is_said():
    waiting = tree_of(PAGES["productdownload-waiting.html"])
    assert waiting.xpath("//meta[@http-equiv='refresh']/@content") == ["5;url=Motu?action=a&b=c"]
    assert waiting.xpath("//*[@role='status']/a/@href") == ["Motu?action=a&b=c"]
    done = tree_of(PAGES["productdownload-done.html"])
    assert done.xpath("//*[@role='status']/a/@href")[0].startswith("https://results.test/")
    failed = tree_of(PAGES["productdownload-error.html"])
    assert failed.xpath("//*[@role='alert']/text()")[0].startswith("010-29 : The requested")
    for quiet in (done, failed):
        assert not quiet.xpath("//meta[@http-equiv='refresh']")


def test_debug_tells_requests_by_status_in_the_order_asked():
    def headings(page):
        return tree_of(page).xpath("//h2/text()")

    first = ["INPROGRESS (x1)", "PENDING (x1)", "ERROR (x2)", "DONE (x1)"]
    assert headings(PAGES["debug.html"])[:4] == first
    turned = render_debug(jobs(), Slots(), [], ("DONE", "ERROR", "PENDING", "INPROGRESS"))
    assert headings(turned)[:4] == first[::-1]
    tree = tree_of(PAGES["debug.html"])
    assert tree.findtext(".//title") == "Motu | Debug"
    assert tree.xpath("//h1/text()") == ["Request status"]
    assert headings(PAGES["debug.html"])[4:] == ["Queue server general configuration"]
    assert tree.xpath("(//table)[1]//th/text()") == [
        "Request Id", "Request Type", "User Id", "Time", "Status", "Code", "Message",
        "Remote data", "Local data"]  # fmt: skip
    codes = tree.xpath("//tr/td[6]/text()")
    assert codes == ["010-0", "010-0", "010-27", "010-19", "010-0"]
    assert "Length : 1152.000 MB" in tree.xpath("//td//p/text()")


def test_about_has_motus_four_lines():
    lines = tree_of(PAGES["about.html"]).xpath("//li/text()")
    assert lines == [f"Motu-{part}: 1.0.0" for part in
                     ("products", "distribution", "configuration", "static-files")]  # fmt: skip


def test_an_error_is_one_line():
    assert ">017-29 : The requested" in PAGES["httperror.html"]
    assert tree_of(PAGES["httperror.html"]).xpath("//*[@role='alert']/text()") == [
        "017-29 : The requested product/dataset is unknown: 'x<y>&\"z\"'"]  # fmt: skip


def test_the_state_of_the_cache():
    now = datetime(2026, 11, 1, 13, 5, 0, 250_000, tzinfo=UTC)
    told = json.loads(render_cache_status([("A", "2026-01-01T00:00:00Z"), ("B", "x")], now, "9"))
    state = told["cachestatus"]["state"]
    assert (state["nbTotal"], state["nbSuccess"], state["nbFailure"]) == (2, 2, 0)
    assert state["lastUpdate"] == "2026-11-01T13:05:00.250Z"
    first = told["cachestatus"]["configServices"][0]["A"]
    assert first["state"]["status"] == "SUCCESS"
    assert first["conf"].keys() == {"refreshCacheAutomaticallyEnabled", "type", "ncss"}
    assert told["version"] == {
        "motu-products": "9", "motu-distribution": "9", "motu-configuration": "9"}  # fmt: skip
