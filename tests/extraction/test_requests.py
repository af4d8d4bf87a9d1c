"""From a random request to a file, against NumPy's own slicing of the source."""

from pathlib import Path
from tempfile import TemporaryDirectory

import netCDF4
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atoll.errors import EmptySelection
from atoll.model.request import Interval, LongitudeInterval, SubsetRequest
from atoll.planning.subset import plan_subset
from tests.extraction.builders import nodes, taken_values, work_of
from tests.extraction.datasets import Dataset, ocean
from tests.extraction.stores import Shelf

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["icechunk", "zarr"])
def dataset(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return ocean(Shelf(request.param, tmp_path_factory.mktemp("stores")))


@st.composite
def requests(draw: st.DrawFn) -> SubsetRequest:
    def pair(low: int, high: int) -> tuple[int, int]:
        one, other = draw(st.tuples(st.integers(low, high), st.integers(low, high)))
        return min(one, other), max(one, other)

    south, north = pair(-50, 50)
    top, bottom = pair(0, 120)
    return SubsetRequest(
        dataset="ocean",
        variables=draw(st.sampled_from([(), ("thetao",), ("so",), ("sea_water_salinity",)])),
        longitude=draw(
            st.none()
            | st.builds(LongitudeInterval, west=st.integers(-400, 400), east=st.integers(-400, 400))
        ),
        latitude=Interval(lower=south, upper=north),
        depth=Interval(lower=top, upper=bottom),
        selection=draw(st.sampled_from(["inside", "outside", "nearest"])),
        stride={"longitude": draw(st.integers(1, 5)), "latitude": draw(st.integers(1, 3))},
        packing=draw(st.sampled_from(["keep", "decode"])),
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(request=requests(), slab_bytes=st.sampled_from([1, 500, 5_000, 2**23]))
def test_a_request_gives_what_the_source_has(
    dataset: Dataset, request: SubsetRequest, slab_bytes: int
) -> None:
    try:
        plan = plan_subset(request, dataset.coverage)
    except EmptySelection:
        return
    with TemporaryDirectory() as folder:
        target = Path(folder) / "result.nc"
        work = work_of(plan).model_copy(update={"request": request})
        dataset.extract(work, target, slab_bytes=slab_bytes)
        with netCDF4.Dataset(target) as file:
            file.set_auto_mask(False)
            for axis in plan.axes:
                described = dataset.coverage.axis_by_name[axis.name]
                assert np.array_equal(file[axis.name][:], nodes(described, axis.pieces))
            file.set_auto_scale(False)
            for planned in plan.variables:
                variable = dataset.coverage.variable_by_name[planned.name]
                if variable.role == "data":
                    stored = dataset.values[planned.name]
                    wanted = taken_values(dataset.coverage, plan, planned.name, stored)
                    if request.packing == "decode" and variable.packed:
                        physical = wanted.astype("f8") * 0.001 + 20
                        wanted = np.where(wanted == -32767, np.nan, physical).astype("f4")
                    found = file[planned.name][:]
                    assert found.dtype == wanted.dtype
                    assert np.array_equal(found, wanted, equal_nan=found.dtype.kind == "f")
