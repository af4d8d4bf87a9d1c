"""No text of a source breaks out of a rendering, whatever is in it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from atoll.dialects.characters import writable
from atoll.model.record import RENDERINGS, Record, Rendering
from tests.dialects.catalogue.builders import record, text_of
from tests.dialects.catalogue.test_iso_schemas import SCHEMA
from tests.planning.builders import coverage, latitude_axis, longitude_axis, variable

pytestmark = pytest.mark.slow

ATTRIBUTES = (
    "summary", "keywords", "institution", "creator_name", "creator_email", "creator_url", "license",
    "source", "history", "doi", "citation",
)  # fmt: skip
BREAKERS = st.sampled_from(
    ['"', "</gmd:title>", "<!--", "]]>", "&lt;&amp;", "'", '"}', "\\", "\x00", "\ufffe", "\x85",
     "https://a.example/ b", "https://a.example/x", "x@example.org", "10.1000/<x>", "\n\n"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=12), BREAKERS, st.tuples(BREAKERS, BREAKERS).map("".join))
SOURCES = st.tuples(
    st.fixed_dictionaries(dict.fromkeys(ATTRIBUTES, TEXTS)),
    st.lists(TEXTS, min_size=4, max_size=4),
)
NO_ADDRESS = set(' "<>{}|\\^`\n\x00')
JSON_FORMS: list[Rendering] = [form for form in RENDERINGS if form != "iso"]


def told(attributes: dict[str, str], words: list[str]) -> Record:
    title, product, standard_name, units = words
    said = {"standard_name": standard_name, "long_name": title, "units": units}
    return record(
        coverage(
            [latitude_axis([0, 1]), longitude_axis([2, 3])],
            [variable("v", ("latitude", "longitude"), attributes=dict(said))],
            title=title,
            product=product,
            licence=units,
            attributes=dict(attributes),
        )
    )


def names(node: Any) -> Iterator[str]:
    """Names of all members of a document."""
    if isinstance(node, dict):
        yield from node
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from names(part)


def addresses(node: Any) -> Iterator[str]:
    """All that a document says are addresses."""
    if isinstance(node, dict):
        yield from (node[name] for name in ("href", "@id", "url") if name in node)
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from addresses(part)


def everything(word: str) -> Record:
    """Of a source that has a good text wherever there can be one."""
    given = dict.fromkeys(ATTRIBUTES, word) | {"creator_email": "a@b.example", "doi": "10.1000/x"}
    return told(given, [word] * 4)


FULL = [everything("https://a.example/x"), everything("word"), everything("")]
KNOWN = {
    form: {name for one in FULL for name in names(json.loads(text_of(one, form)))}
    for form in JSON_FORMS
}


@pytest.mark.parametrize("form", JSON_FORMS)
@given(source=SOURCES)
def test_json_has_no_other_members_and_its_addresses_are_such(form, source):
    document = json.loads(text_of(told(*source), form))
    assert set(names(document)) <= KNOWN[form]
    assert not any(NO_ADDRESS & set(address) for address in addresses(document))


def elements(text: str) -> list[str]:
    return [one.tag for one in etree.fromstring(text.encode()).iter()]


@given(source=SOURCES)
def test_xml_has_no_other_elements_and_its_texts_are_whole(source):
    one = told(*source)
    root = etree.fromstring(text_of(one, "iso").encode())
    known = {tag for full in FULL for tag in elements(text_of(full, "iso"))}
    assert {element.tag for element in root.iter()} <= known
    SCHEMA.assertValid(root)
    abstract = root.findtext(".//{*}abstract/{*}CharacterString")
    assert abstract == writable(one.abstract).replace("\r\n", "\n").replace("\r", "\n")
