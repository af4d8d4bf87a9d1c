"""The board of promises by HTTP: for programs, and as a page."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from atoll.model.document import Document
from atoll.model.product import Product
from tests.dialects.delivery.builders import DATASET, WINDS
from tests.services.deliverers import published
from tests.web.builders import DoorUnderTest, token_of_groups
from tests.world import T0

OPERATOR = token_of_groups("operators", sub="op-id")
PUM = Document(kind="PUM", url="https://example.org/pum.pdf?a=1&b=2")
EVIL = '<script>alert("1")</script>'


def door(**datasets: Product) -> DoorUnderTest:
    made = DoorUnderTest()
    made.world.products.kept.update(datasets or {DATASET: WINDS})
    return made


def lived_in() -> DoorUnderTest:
    """November 3: on the 1st in time, on the 2nd late, on the 3rd not yet."""
    made = door(**{DATASET: WINDS.model_copy(update={"documents": (PUM,)})})
    made.world.time = T0.replace(hour=11)
    published(made.world, "delivery-1", timedelta(minutes=30))
    made.world.time += timedelta(days=1)
    published(made.world, "delivery-2", timedelta(hours=3))
    made.world.time = T0 + timedelta(days=2, hours=1)
    return made


class Cells(HTMLParser):
    """Texts of a page's rows, its links, and the names of its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: list[str] = []
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


def test_the_board_for_a_program():
    answer = lived_in().client(None).get("/sla")
    measures = {
        "due": 3,
        "in_time": 1,
        "late": 1,
        "missing": 1,
        "timeliness_percent": 33.3,
        "median_delay_s": 2_700.0,
        "worst_delay_s": 7_200.0,
    }
    assert answer.json() == {
        "month": "2026-11",
        "products": [
            {
                "product": "WINDS",
                "documents": [{"kind": "PUM", "url": PUM.url}],
                "datasets": [{"dataset": DATASET} | measures],
            }
            | measures
        ],
    }
    assert answer.headers["vary"] == "Accept"


def test_the_board_for_a_person():
    client = lived_in().client(None)
    answer = client.get("/sla", headers={"accept": "text/html"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    cells = Cells(answer.text)
    said = ["3", "1", "1", "1", "33.3 %", "0 h 45 min", "2 h 00 min"]
    assert cells.rows[1:] == [["WINDSPUM", *said], [DATASET, *said]]
    assert cells.links == [PUM.url]
    assert client.get("/sla?f=html").text == answer.text
    assert client.get("/sla?f=json", headers={"accept": "text/html"}).json()["month"] == "2026-11"


def test_the_style_is_the_only_one_that_is_let_in():
    answer = door().client(None).get("/sla?f=html")
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]


def test_before_anything_was_due_nothing_is_said():
    client = door().client(None)
    (product,) = client.get("/sla").json()["products"]
    assert (product["due"], product["timeliness_percent"], product["worst_delay_s"]) == (
        0,
        None,
        None,
    )
    assert Cells(client.get("/sla?f=html").text).rows[1] == ["WINDS", *"0000", "", "", ""]


def test_early_is_told_as_such():
    made = door()
    made.world.time = T0.replace(hour=9)
    published(made.world, "delivery-1", timedelta(minutes=30))
    made.world.time = T0 + timedelta(hours=1)
    rows = Cells(made.client(None).get("/sla?f=html").text).rows
    assert rows[1][-2:] == ["-2 h 30 min", "-2 h 30 min"]


def test_what_operators_write_is_text_and_no_markup():
    evil = WINDS.model_copy(update={"id": EVIL, "documents": (PUM,)})
    made = door(**{EVIL: evil})
    page = made.client(OPERATOR).get("/sla?f=html").text
    assert "script" not in Cells(page).names
    assert EVIL not in page


def test_of_what_is_restricted_only_those_are_told_whom_it_is_for():
    kept = WINDS.model_copy(update={"id": "SECRET", "profiles": ("navy",)})
    made = door(**{"kept-winds": kept, DATASET: WINDS})
    for bearer, expected in (
        (None, ["WINDS"]),
        ("ann", ["WINDS"]),
        ("nav", ["SECRET", "WINDS"]),
        (OPERATOR, ["SECRET", "WINDS"]),
    ):
        client = made.client(bearer)
        assert [one["product"] for one in client.get("/sla").json()["products"]] == expected
        assert ("SECRET" in client.get("/sla?f=html").text) == ("SECRET" in expected)


@pytest.mark.parametrize(
    "month", ["2026-12", "2026-13", "2026-1", "1999-12", "0000-01", "november", "٢٠٢٦-11", ""]
)
def test_months_that_there_are_not(month):
    answer = door().client(None).get("/sla", params={"month": month})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "month")
    assert "2000-01 to 2026-11" in answer.json()["accepted"]


def test_other_months():
    assert lived_in().client(None).get("/sla?month=2026-10").json()["products"][0]["due"] == 0


def test_where_the_store_is_away():
    made = door()
    made.world.deliveries.available = False
    made.world.time += timedelta(days=1)
    assert made.client(None).get("/sla").status_code == 503
