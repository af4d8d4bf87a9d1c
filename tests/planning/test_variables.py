"""Which variables a request means, and what comes along with them."""

import pytest

from atoll.errors import UnknownVariable
from tests.planning.builders import axis, coverage, regular, variable
from tests.planning.rich import LEVITUS, ask, names


@pytest.mark.parametrize(
    ("asked", "planned"),
    [
        (("uo",), ["uo", "time_bnds", "depth_bnds"]),
        (("mask",), ["mask"]),
        (("vo",), ["vo", "time_bnds", "depth_bnds"]),
        (("sea_water_velocity",), ["uo", "vo", "time_bnds", "depth_bnds"]),
        (("uo", "uo", "sea_water_velocity"), ["uo", "vo", "time_bnds", "depth_bnds"]),
        (
            ("sea_water_potential_temperature",),
            ["thetao", "crs", "run_time", "run_bnds", "time_bnds", "depth_bnds"],
        ),
        (("run_time",), ["run_time", "run_bnds", "time_bnds"]),
    ],
)
def test_variables_bring_what_belongs_to_them(asked: tuple[str, ...], planned: list[str]) -> None:
    assert names(ask(variables=asked)) == planned


def test_the_terms_of_a_vertical_coordinate_come_along() -> None:
    terms = {"formula_terms": "s: s_rho eta: zeta depth: h", "climatology": "cells"}
    sigma = coverage(
        [axis("s_rho", regular(0, 0.1, 5), "Z", units="1", attributes=terms)],
        [variable(name, ("s_rho",)) for name in ("temp", "zeta", "h", "cells", "other")],
    )
    assert names(ask(sigma, variables=("temp",))) == ["temp", "zeta", "h", "cells"]


def test_only_axes_that_planned_variables_have_are_planned() -> None:
    plan = ask(variables=("mask",), time={"start": {"year": 1982}})
    assert [one.name for one in plan.axes] == ["latitude", "longitude"]


def test_unknown_variables_are_listed_beside_those_that_exist() -> None:
    with pytest.raises(UnknownVariable) as refused:
        ask(LEVITUS, variables=("TEMP", "temperature", "salt"))
    assert refused.value.facts == {
        "parameter": "variables",
        "value": "'temperature', 'salt'",
        "variables": ["TEMP", "SALT"],
        "standard_names": ["sea_water_salinity", "sea_water_temperature"],
    }
    assert "TEMP (sea_water_temperature)" in refused.value.detail
