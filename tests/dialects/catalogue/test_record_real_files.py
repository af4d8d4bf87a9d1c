"""Records of real files, against what netCDF4 reads from them."""

import json

import numpy as np
import pytest
from lxml import etree

from tests.dialects.catalogue.builders import record, text_of
from tests.dialects.catalogue.test_iso_schemas import SCHEMA
from tests.dialects.catalogue.test_stac import VALIDATOR
from tests.dialects.motu.test_real_files import DATA_VARIABLES, FILES, source
from tests.publication.builders import Bench, product

pytestmark = pytest.mark.slow
ROUNDED = 1e-3  # degrees: tiles are told to four digits


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """The record of each file, published."""
    benches = {name: Bench(tmp_path_factory.mktemp(name)) for name in FILES}
    return {
        name: record(benches[name].publish([path], product(described), name))
        for name, (path, described, _) in FILES.items()
    }


@pytest.mark.parametrize("name", FILES)
def test_its_box_is_the_least_that_holds_all_nodes(records, name):
    box = records[name].box
    latitudes, longitudes = source(name, "Lat")[0], source(name, "Lon")[0]
    assert (box.south, box.north) == pytest.approx((latitudes.min(), latitudes.max()), abs=ROUNDED)
    width = (box.east - box.west) % 360 or 360
    east_of_west = (longitudes.ravel() - box.west + ROUNDED) % 360
    assert east_of_west.max() <= width + 2 * ROUNDED
    if width < 360:
        assert east_of_west.min() <= 2 * ROUNDED
        assert east_of_west.max() >= width - 2 * ROUNDED
    else:
        gaps = np.diff(np.unique(np.round(longitudes.ravel() % 360, 6)))
        assert gaps.max() < 180


@pytest.mark.parametrize("name", FILES)
def test_its_renderings_are_valid_and_have_its_variables(records, name):
    SCHEMA.assertValid(etree.fromstring(text_of(records[name], "iso").encode()))
    VALIDATOR.validate(json.loads(text_of(records[name], "stac")))
    assert sorted(one.name for one in records[name].variables) == DATA_VARIABLES[name]


def test_its_source_is_told_in_its_own_words(records):
    told = records["cmip6"]
    assert told.contact.organisation
    assert told.lineage
    assert told.times is not None
    assert records["levitus"].depths.deepest_m == source("levitus", "Height")[0].max()
