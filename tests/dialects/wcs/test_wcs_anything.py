"""Whatever is sent is a request, or is refused by an exception of OGC's; and examples are true."""

import doctest
import importlib
import pkgutil
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

import atoll.dialects.wcs
from atoll.dialects.wcs.exception_report import render_exception
from atoll.dialects.wcs.exceptions import OwsException
from atoll.dialects.wcs.kvp import parse_query
from atoll.dialects.wcs.post import parse_post
from atoll.errors import InvalidRequest
from tests.dialects.wcs.builders import query, sea, wanted
from tests.dialects.wcs.test_wcs_post import get_coverage

pytestmark = pytest.mark.slow

MODULES = [
    f"atoll.dialects.wcs.{module.name}"
    for module in pkgutil.iter_modules(atoll.dialects.wcs.__path__)
]
KEYS = st.sampled_from(
    ["subset", "SUBSET1", "rangeSubset", "scaleFactor", "scaleAxes", "scaleSize", "scaleExtent",
     "interpolation", "subsettingCrs", "outputCrs", "format", "mediaType", "version", "coverageId"]
)  # fmt: skip
AXES = st.sampled_from(["Lat", "Long", "time", "depth", "i", "j", "x", ""])
VALUES = st.one_of(
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["*", '"*"', "", "2026-01-02", '"2026-01-02T00:00:00Z"', "1e400", "0:9"]),
    st.text(max_size=6),
)
CUTS = st.one_of(
    st.builds("{}({})".format, AXES, VALUES),
    st.builds("{}({},{})".format, AXES, VALUES, VALUES),
    st.builds("{},{}({},{})".format, AXES, VALUES, VALUES, VALUES),
)


@given(st.dictionaries(KEYS, st.one_of(VALUES, CUTS), max_size=4), st.lists(CUTS, max_size=3))
def test_any_keys_and_values(said, subsets):
    try:
        wanted(sea(), *subsets, **said)
    except OwsException as fault:
        render_exception(fault)  # which every one can be written as
    except InvalidRequest:
        pass  # the planner's, of how many nodes there are to be scaled


@given(st.text(max_size=60))
def test_any_query(text):
    with suppress(OwsException):
        parse_query(text)
    with suppress(OwsException):
        parse_query(f"{query('a__b')}&{text}")


@given(st.binary(max_size=60))
def test_any_body(body):
    with pytest.raises(OwsException):
        parse_post(body)
    with suppress(OwsException):
        parse_post(get_coverage().replace(b"a__b", body))


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
