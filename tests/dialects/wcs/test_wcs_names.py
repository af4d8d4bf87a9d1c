"""Ids of coverages are NCNames, and say dataset and variable."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.dialects.wcs.exceptions import OwsException
from atoll.dialects.wcs.names import coverage_id, dataset_and_variable, ncname

NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")
TRICKY = st.text("_xX0Aa41.-: é\U0001f30a", min_size=1, max_size=12)
NAMES = st.one_of(TRICKY, st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8))


@given(NAMES, NAMES)
def test_every_pair_has_an_id_of_its_own(dataset, variable):
    name = coverage_id(dataset, variable)
    assert NCNAME.fullmatch(name)
    assert dataset_and_variable(name) == (dataset, variable)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("thetao", "thetao"),
        ("tau_x", "tau_x"),
        ("2t", "_x0032_t"),
        ("a__b", "a_x005F__x005F_b"),
        ("_FillValue", "_x005F_FillValue"),
        ("wind speed", "wind_x0020_speed"),
        ("a_x0041_", "a_x005F_x0041_x005F_"),
        ("-1", "_x002D_1"),
    ],
)
def test_what_no_name_may_have_is_written_by_its_number(name, written):
    assert ncname(name) == written


@pytest.mark.parametrize(
    "name",
    ["", "sea", "sea__", "__thetao", "a__b__c", "sea__the tao", "sea__2t", "sea___x0074_hetao",
     "sea___xFFFFFF_", "sea__" + "a" * 3000, "sea@thetao"],
)  # fmt: skip
def test_what_is_no_id_of_ours_is_no_coverage(name):
    with pytest.raises(OwsException) as caught:
        dataset_and_variable(name)
    assert caught.value.code == "NoSuchCoverage"
