"""Product files: every key that is wrong is named, with its file."""

from pathlib import Path

import pytest

from atoll.errors import InvalidParameter
from atoll.publication.product_file import load_product
from tests.publication.builders import DEMO, PRODUCTS

LEAST = "id: p\ntitle: t\nlicence: l\n"


def load(folder, text):
    path = folder / "product.yaml"
    path.write_text(text)
    return load_product(path)


def test_the_least_is_enough(tmp_path):
    product = load(tmp_path, LEAST)
    assert (product.id, product.profiles, product.time.climatology) == ("p", None, False)


@pytest.mark.parametrize("path", [*DEMO.glob("*.yaml"), *PRODUCTS.glob("*.yaml")], ids=str)
def test_every_product_of_the_demo_and_the_tests_is_one(path):
    assert load_product(path).title


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: t\nlicence: l\n", "product.yaml: id: .*Field required"),
        (LEAST + "name: {a: b}\n", "product.yaml: name: .*Extra inputs"),
        (LEAST + "roles: {x: Q}\n", "product.yaml: roles.x: 'Q'"),
        (LEAST + "time: {climatology: perhaps}\n", "product.yaml: time.climatology: 'perhaps'"),
        (LEAST + "time: {zone: UTC}\n", "product.yaml: time.zone"),
        (LEAST + "chunks: {map: {x: 1}}\n", "product.yaml: chunks.map"),
        (LEAST + "chunks: {geo: {x: 0}}\n", "product.yaml: chunks.geo.x: 0"),
        (LEAST + "packing: {t: half}\n", "product.yaml: packing.t: 'half'"),
        (LEAST + "fill_values: {t: none}\n", "product.yaml: fill_values.t: 'none'"),
        (LEAST + "profiles: navy\n", "product.yaml: profiles: 'navy'"),
        (LEAST.replace("id: p", "id: a b"), "product.yaml: id: 'a b'"),
        ("- a\n", "a mapping with id, title, licence is needed"),
        ("", "a mapping with id, title, licence is needed"),
        ("id: [\n", "YAML is needed: .*line 2"),
        ("\0", "YAML is needed"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, message):
    with pytest.raises(InvalidParameter, match=message):
        load(tmp_path, text)


def test_a_missing_product_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidParameter, match=r"--product: .*gone.yaml"):
        load_product(Path("gone.yaml"))
