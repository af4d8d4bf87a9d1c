"""Settings of datasets as operators write them."""

from pathlib import Path

import pytest

from atoll.dialects.product import _SHAPES, LONGEST_TEXT_BYTES, parse_product
from atoll.errors import InvalidParameter
from atoll.model import product as model
from atoll.model.document import Document
from atoll.model.product import Product, Timeliness, TimeSettings, VariableRules
from atoll.model.value import Value
from atoll.publication.product_file import load_product

FILES = sorted((Path(__file__).parents[1] / "publication" / "products").glob("*.yaml"))
HEAD = "id: a\ntitle: b\nlicence: c\n"
WHOLE = Product(
    id="a",
    title="b",
    licence="c",
    profiles=("navy",),
    attributes={"u": {"comment": None, "flag_values": [1, 2], "scale": 0.5}},
    missing_values={"u": (-999, 1e20)},
    time=TimeSettings(climatology=True),
    chunks={"geo": {"time": 1}},
    producers=("met",),
    variables={"u": VariableRules(units="1", valid_min=-1, may_be_empty=True)},
    timeliness=Timeliness(every="PT6H", target="06:30"),
    documents=(Document(kind="PUM", url="https://example.org/pum.pdf"),),
)
YAML = f"""{HEAD}profiles: [navy]
attributes: {{u: {{comment: null, flag_values: [1, 2], scale: 0.5}}}}
missing_values: {{u: [-999, 1.e+20]}}
time: {{climatology: true}}
chunks: {{geo: {{time: 1}}}}
producers: [met]
variables:
  u: {{units: '1', valid_min: -1, may_be_empty: true}}
timeliness: {{every: PT6H, target: '06:30'}}
documents: [{{kind: PUM, url: 'https://example.org/pum.pdf'}}]
"""


def test_yaml_and_json_mean_the_same():
    assert parse_product(YAML.encode()) == WHOLE
    assert parse_product(WHOLE.model_dump_json().encode()) == WHOLE
    assert parse_product(WHOLE.model_dump_json(indent=2).encode()) == WHOLE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_means_what_it_means_to_who_publishes(path):
    assert parse_product(path.read_bytes()) == load_product(path)


@pytest.mark.parametrize(
    ("text", "key", "line", "accepted"),
    [
        ("", "product", 1, "a mapping"),
        ("[]", "product", 1, "object"),
        ("id: a\nid: b", "id", 2, "already, on line 1"),
        ("a: &x 1\nb: *x", "product", 1, "anchors"),
        ("id: a\ntitle: b", "licence", 1, "must be there"),
        (f"{HEAD}colour: blue", "colour", 4, "id, title, licence"),
        (f"{HEAD}time: {{zone: UTC}}", "time.zone", 4, "variable, calendar, climatology"),
        (f"{HEAD}grib: {{zone: UTC}}", "grib.zone", 4, "select"),
        (f"{HEAD}archive: {{zone: UTC, url_prefix: 's3://abc/'}}", "archive.zone", 4, "url_prefix"),
        (f"{HEAD}mode: virtual", "product", 1, "mode: virtual and archive are told together"),
        (f"{HEAD}timeliness: {{each: P1D, every: P1D}}", "timeliness.each", 4, "every, target"),
        (f"{HEAD}variables:\n  u: {{x: 1}}", "variables.u.x", 5, "units, standard_name"),
        (f"{HEAD}documents: [{{x: 1}}]", "documents[0].kind", 4, "must be there"),
        (f"{HEAD}documents:\n- {{kind: PUM, url: ftp://x}}", "documents[0].url", 5, "pattern"),
        (f"{HEAD}documents: [{{kind: PUM, url: 'https://x/[1]'}}]", "documents[0].url", 4, "3986"),
        (f"{HEAD}variables: {{u: {{valid_min: '5'}}}}", "variables.u.valid_min", 4, "number"),
        (f"{HEAD}variables: {{u: {{valid_min: five}}}}", "variables.u.valid_min", 4, "number"),
        (f"{HEAD}time: {{climatology: maybe}}", "time.climatology", 4, "boolean"),
        (f"{HEAD}time: {{climatology: 1}}", "time.climatology", 4, "boolean"),
        (f"{HEAD}profiles: navy", "profiles", 4, "array"),
        (f"{HEAD}profiles: [5]", "profiles[0]", 4, "string"),
        (f"{HEAD}attributes: {{u: {{f: {{x: 1}}}}}}", "attributes.u.f", 4, "string"),
        (f"{HEAD}chunks: {{geo: {{time: 0}}}}", "chunks.geo.time", 4, "greater than"),
        (f"{HEAD}producers: [met, a/b]", "producers[1]", 4, "1 to 64"),
        (f"{HEAD}timeliness: {{every: P}}", "timeliness.every", 4, "such as P1D"),
        (f"{HEAD}timeliness: {{every: daily}}", "timeliness.every", 4, "pattern"),
        (f"{HEAD}timeliness: {{every: P1D, target: '25:00'}}", "timeliness.target", 4, "pattern"),
        (f"{HEAD}# {'x' * LONGEST_TEXT_BYTES}", "product", None, "131072 bytes"),
    ],
)
def test_what_cannot_be_meant(text, key, line, accepted):
    with pytest.raises(InvalidParameter) as caught:
        parse_product(text.encode())
    facts = caught.value.facts
    assert facts["parameter"] == key
    assert accepted in str(facts["accepted"])
    assert line is None or str(facts["accepted"]).endswith(f"(line {line})")


def test_what_is_no_text():
    with pytest.raises(InvalidParameter, match="UTF-8"):
        parse_product(b"id: \xff")


def test_of_every_part_the_keys_are_known():
    parts = {one for one in vars(model).values() if isinstance(one, type)}
    assert set(_SHAPES.values()) == {one for one in parts if issubclass(one, Value)} - {Value}
