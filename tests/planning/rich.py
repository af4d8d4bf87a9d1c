"""A dataset of everything that can come along with a variable, and a short way to ask for it."""

from atoll.model.coverage import Coverage
from atoll.model.plan import SubsetPlan
from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset
from tests.planning.builders import (
    coverage,
    depth_axis,
    latitude_axis,
    levitus_coverage,
    longitude_axis,
    packed_variable,
    regular,
    time_axis,
    variable,
)

SIZES = {"time": 10, "depth": 6, "latitude": 18, "longitude": 36, "bnds": 2}
DIMENSIONS = ("time", "depth", "latitude", "longitude")


def rich_coverage() -> Coverage:
    """Packed and plain variables, bounds, a grid mapping, an auxiliary one with its own bounds."""
    cells = {"bounds": "time_bnds"}
    return coverage(
        [
            time_axis(regular(0, 24, 10), attributes=cells, dtype="<i4"),
            depth_axis([0.5, 1.5, 3, 6, 12, 25], dtype="<f4", attributes={"bounds": "depth_bnds"}),
            latitude_axis(regular(85, -10, 18), dtype="<f4"),
            longitude_axis(regular(20, 10, 36), dtype="<f4"),
        ],
        [
            packed_variable(
                "thetao",
                DIMENSIONS,
                {"geo": (1, 1, 18, 20), "time": (10, 2, 6, 6)},
                standard_name="sea_water_potential_temperature",
                companions=("crs", "run_time"),
            ),
            variable("uo", DIMENSIONS, standard_name="sea_water_velocity", dtype="<f8"),
            variable("vo", DIMENSIONS, standard_name="sea_water_velocity"),
            variable("mask", ("latitude", "longitude"), dtype="|i1", standard_name="vo"),
            variable("crs", (), role="grid_mapping", dtype="<i4"),
            variable(
                "run_time", ("time",), role="auxiliary", dtype="<f8",
                companions=("run_bnds", "cell_area"), standard_name="forecast_reference_time",
            ),
            variable("run_bnds", ("time", "bnds"), role="bounds", dtype="<f8"),
            variable("time_bnds", ("time", "bnds"), role="bounds", dtype="<i4"),
            variable("depth_bnds", ("depth", "bnds"), role="bounds", dtype="<f4"),
        ],
        layouts=("geo", "time"),
        other_dimensions={"bnds": 2},
    )  # fmt: skip


RICH = rich_coverage()
LEVITUS = levitus_coverage()


def ask(dataset: Coverage = RICH, **fields: object) -> SubsetPlan:
    return plan_subset(SubsetRequest.model_validate({"dataset": dataset.dataset} | fields), dataset)


def names(plan: SubsetPlan) -> list[str]:
    return [one.name for one in plan.variables]
