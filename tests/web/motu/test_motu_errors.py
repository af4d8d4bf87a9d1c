"""Every number of MOTU's table of errors: how this door tells it, or why it never does."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from atoll.dialects.motu.codes import BY_PARAMETER, CODES, OK, UNFORESEEN
from atoll.dialects.motu.status import DISMISSED
from atoll.web.motu.operations import NO_CACHE
from tests.web.motu.errors import PAGES, REQUESTS, answer_with, file_name

TESTS = Path(__file__).parents[2]
GOLDEN = TESTS / "golden" / "motu"
SCHEMA = etree.XMLSchema(etree.parse(TESTS / "schemas" / "motu" / "statusModeResponse.xsd"))
HINT = "the door has changed; if that is meant: python -m tests.dialects.motu.test_golden"
MOTU_NUMBERS = range(35)  # those of 101 and above are of WCS, which has codes of its own
NEVER: Mapping[int, str] = {
    4: "a latitude beyond a pole is a bad parameter, 26; one off the grid an empty box, 8",
    5: "a longitude that is no number is a bad parameter, 26; one off the grid an empty box, 8",
    11: "a variable that cannot be read ends its job, 27",
    12: "who names no variable is given all of them",
    14: "attributes were read at publication; what cannot be written ends its job, 27",
    15: "the queue has no end; what an account may have in it has one, 16",
    17: "a depth that is no number is a bad parameter, 26; one between levels an empty range, 9",
    18: "no request has a priority",
    20: "there is a queue for every size; what may not be made at all is too large, 7",
    21: "functions are replaced, and no request is sent to one that ends",
    22: "a door without its settings does not start",
    23: "no catalogue is loaded; where it does not answer that is 1",
    24: "sentences are a part of the program",
    25: "a source that cannot be opened ends its job, 27",
    31: "a box across the seam of longitudes has as many levels as are asked for",
    32: "files are written here, in either format, and not by a TDS",
    33: "there is no cache to refresh, whatever the pass phrase, 10",
    34: "there is no cache to refresh, of any kind, 10",
}


@pytest.mark.parametrize("number", REQUESTS)
def test_the_committed_answer_is_the_doors(number):
    answer = answer_with(number)
    kind = "text/html" if number in PAGES else "text/xml"
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{kind}; charset=UTF-8")
    assert answer.text == (GOLDEN / file_name(number)).read_text(), HINT


@pytest.mark.parametrize("number", sorted(PAGES))
def test_a_page_tells_its_number(number):
    told = re.findall(r">\d{3}-(\d+) : ", (GOLDEN / file_name(number)).read_text())
    assert told == [f"{number}"]


@pytest.mark.parametrize("number", sorted(REQUESTS.keys() - PAGES))
def test_a_document_tells_its_number_and_is_valid(number):
    root: Any = etree.parse(GOLDEN / file_name(number)).getroot()
    SCHEMA.assertValid(root)
    assert re.fullmatch(rf"\d{{3}}-{number}", root.attrib["code"])
    assert root.attrib["status"] == ("0" if number == OK else "2")
    assert number == OK or re.match(rf"\d{{3}}-{number} : .", root.attrib["msg"])


def test_every_number_that_the_door_has_is_asked_for():
    single = {OK, UNFORESEEN.number, NO_CACHE.number, DISMISSED.number}
    assert {*CODES.values(), *BY_PARAMETER.values()} | single == set(REQUESTS)


def test_every_number_of_motu_is_told_or_never_is():
    assert sorted([*REQUESTS, *NEVER]) == list(MOTU_NUMBERS)


def test_there_is_no_other_answer():
    committed = {path.name for path in GOLDEN.glob("error-*")}
    assert committed == {file_name(number) for number in REQUESTS}
