"""Whole plans: sizes against really indexed arrays, and every way to say something wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atoll.errors import (
    BrokerError,
    DataError,
    EmptySelection,
    InvalidParameter,
    UnknownAxis,
)
from atoll.model.moment import Moment, Period
from atoll.model.plan import SubsetPlan
from atoll.model.request import Format, Interval, LongitudeInterval, Packing, SubsetRequest
from atoll.planning.subset import plan_subset
from tests.planning.builders import (
    axis,
    coverage,
    depth_axis,
    latitude_axis,
    longitude_axis,
    packed_variable,
    regular,
    time_axis,
    values_of,
    variable,
)
from tests.planning.rich import DIMENSIONS, LEVITUS, RICH, SIZES, ask, names


def really_indexed(plan: SubsetPlan, packing: Packing) -> int:
    """Bytes of arrays that NumPy has cut out as the plan says."""
    nodes = {a.name: [i for p in a.pieces for i in p.indices] for a in plan.axes} | {"bnds": [0, 1]}
    total = 0
    for one in plan.variables:
        stored = RICH.variable_by_name[one.name]
        dtype = stored.packed.dtype if stored.packed and packing == "decode" else stored.dtype
        whole = np.zeros([SIZES[d] for d in stored.dimensions], dtype)
        cut = whole[np.ix_(*(nodes[d] for d in stored.dimensions))] if whole.ndim else whole
        assert one.output_bytes == cut.nbytes
        total += cut.nbytes
    for one_axis in plan.axes:
        stored_axis = RICH.axis_by_name[one_axis.name]
        values = np.array(values_of(stored_axis), stored_axis.dtype)[nodes[one_axis.name]]
        total += values.nbytes
    return total


@settings(max_examples=60)
@given(
    variables=st.sets(st.sampled_from(["thetao", "uo", "sea_water_velocity", "mask"])),
    longitude=st.tuples(st.integers(-400, 400), st.integers(-400, 400)),
    latitude=st.tuples(st.integers(-90, 90), st.integers(-90, 90)).map(sorted),
    strides=st.fixed_dictionaries(
        {}, optional={w: st.integers(1, 6) for w in ("time", "longitude")}
    ),
    packing=st.sampled_from(["keep", "decode"]),
)
def test_output_bytes_are_those_of_really_indexed_arrays(
    variables: set[str],
    longitude: tuple[int, int],
    latitude: list[int],
    strides: dict[str, int],
    packing: Packing,
) -> None:
    try:
        plan = ask(
            variables=tuple(variables),
            longitude={"west": longitude[0], "east": longitude[1]},
            latitude={"lower": latitude[0], "upper": latitude[1]},
            stride=strides,
            packing=packing,
        )
    except EmptySelection:
        return
    assert plan.output_bytes == really_indexed(plan, packing)
    assert plan.read_bytes == sum(one.read_bytes for one in plan.variables)
    assert plan.chunks == sum(one.chunks for one in plan.variables)


@pytest.mark.parametrize(
    ("form", "packing", "packed_bytes", "byte_bytes"),
    [
        ("netcdf4", "keep", 2, 1),
        ("zarr", "decode", 4, 1),
        ("netcdf3", "keep", 2, 2),  # it has no unsigned byte
        ("csv", "keep", 4, 1),  # values of tables are physical
        ("parquet", "keep", 4, 1),
    ],
)
def test_output_bytes_are_those_of_the_formats_types(
    form: Format, packing: Packing, packed_bytes: int, byte_bytes: int
) -> None:
    axes, names = [latitude_axis(regular(0, 1, 30), dtype="<f4")], ["latitude"]
    dataset = coverage(axes, [packed_variable("p", names), variable("u", names, dtype="|u1")])
    plan = ask(dataset, format=form, packing=packing)
    assert [one.output_bytes for one in plan.variables] == [30 * packed_bytes, 30 * byte_bytes]
    assert plan.output_bytes == 30 * (packed_bytes + byte_bytes + 4)


def test_the_box_of_the_demo_crosses_the_seam_in_one_plan() -> None:
    plan = ask(
        LEVITUS,
        variables=("sea_water_temperature",),
        longitude={"west": -40, "east": 30},
        latitude={"lower": 30, "upper": 60},
        depth={"lower": 0, "upper": 500},
    )
    depth, latitude, longitude = plan.axes
    assert [piece.indices for piece in depth.pieces] == [range(11)]
    assert [piece.indices for piece in latitude.pieces] == [range(120, 150)]
    assert [(p.indices, p.shift) for p in longitude.pieces] == [
        (range(300, 360), -360),
        (range(10), 0),
    ]
    assert (longitude.first, longitude.last) == (-39.5, 29.5)
    assert plan.output_bytes == 11 * 30 * 70 * 4 + 8 * (11 + 30 + 70)
    assert plan.revision == LEVITUS.revision
    assert len(plan.model_dump_json()) < 1000
    assert SubsetPlan.model_validate_json(plan.model_dump_json()) == plan


def test_nothing_said_is_everything_as_stored() -> None:
    plan = ask()
    assert names(plan) == [one.name for one in RICH.variables]
    assert all(len(one.pieces) == 1 and one.pieces[0].shift == 0 for one in plan.axes)
    assert {one.name: one.count for one in plan.axes} == {d: SIZES[d] for d in DIMENSIONS}
    assert plan == ask(depth={}, time={})


@pytest.mark.parametrize(
    ("fields", "error", "parameter"),
    [
        ({"trims": {"sigma": {}}}, UnknownAxis, "axes"),
        ({"stride": {"sigma": 2}}, UnknownAxis, "stride"),
        ({"stride": {"time": 2}}, UnknownAxis, "stride"),
        ({"stride": {"depth": 0}}, InvalidParameter, "stride.depth"),
        ({"stride": {"depth": -1}}, InvalidParameter, "stride.depth"),
        ({"stride": {"latitude": 181}}, InvalidParameter, "stride.latitude"),
        ({"time": {"start": {"year": 1990}}}, InvalidParameter, "datetime"),
        ({"depth": {"lower": 5001, "upper": 6000}}, EmptySelection, "depth"),
        ({"latitude": {"lower": 0.6, "upper": 0.7}}, EmptySelection, "bbox"),
        ({"longitude": {"west": 0.6, "east": 0.7}}, EmptySelection, "bbox"),
        ({"trims": {"depth": {"lower": 1, "upper": 2}}}, EmptySelection, "axes.depth"),
        (
            {"trims": {"depth": {"upper": 2}}, "depth": {"upper": 2}},
            InvalidParameter,
            "axes.depth",
        ),
        (
            {"latitude": {"lower": -90, "upper": 0}, "selection": "strict-inside"},
            InvalidParameter,
            "bbox",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    fields: dict[str, object], error: type[BrokerError], parameter: str
) -> None:
    with pytest.raises(error) as refused:
        ask(LEVITUS, **fields)
    assert type(refused.value) is error
    assert refused.value.facts["parameter"] == parameter


FLAT = coverage(
    [
        axis("y", regular(0, 1000, 5), "Y", units="m"),
        axis("x", regular(0, 1000, 5), "X", units="m"),
    ],
    [variable("v", ("y", "x"))],
)


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"longitude": {"west": 0, "east": 1}}, "bbox"),
        ({"latitude": {"lower": 0, "upper": 1}}, "bbox"),
        ({"depth": {"upper": 1}}, "depth"),
        ({"time": {"end": {"year": 1990}}}, "datetime"),
    ],
)
def test_a_bound_of_what_the_dataset_lacks_is_refused(
    fields: dict[str, object], parameter: str
) -> None:
    with pytest.raises(InvalidParameter, match="its axes are y, x") as refused:
        ask(FLAT, **fields)
    assert refused.value.facts["parameter"] == parameter


def test_axes_of_a_projection_are_bounded_by_name_in_their_own_units() -> None:
    plan = ask(FLAT, trims={"x": {"lower": 1000, "upper": 2500}})
    assert [one.count for one in plan.axes] == [5, 2]


def test_a_stride_said_twice_must_be_the_same() -> None:
    renamed = coverage([longitude_axis(regular(0, 1, 360), "lon")], [variable("v", ("lon",))])
    assert ask(renamed, stride={"lon": 2, "longitude": 2}).axes[0].count == 180
    with pytest.raises(InvalidParameter, match="another stride already"):
        ask(renamed, stride={"lon": 2, "longitude": 3})


@pytest.mark.parametrize("word", ["longitude", "latitude", "depth"])
def test_a_stride_goes_from_1_to_the_size_of_its_axis(word: str) -> None:
    size = next(one.size for one in LEVITUS.axes if one.name == word)
    counts = {one.name: one.count for one in ask(LEVITUS, stride={word: size}).axes}
    assert counts[word] == 1
    for wrong in (0, -1, size + 1):
        with pytest.raises(InvalidParameter, match=f"from 1 to {size}, the size of axis {word}"):
            ask(LEVITUS, stride={word: wrong})


def test_an_axis_named_as_a_role_word_is_meant_by_its_name() -> None:
    odd = coverage(
        [depth_axis([0, 1, 2], "level"), axis("depth", [1, 2, 3, 4])],
        [variable("v", ("level", "depth"))],
    )
    assert [one.count for one in ask(odd, stride={"depth": 4}).axes] == [3, 1]


@pytest.mark.parametrize("dimension", ["nowhere", "empty"])
def test_a_dimension_of_no_size_is_a_fault_of_the_description(dimension: str) -> None:
    good = coverage([], [variable("v", ("bnds",))], other_dimensions={"bnds": 2})
    broken = good.variables[0].model_copy(update={"dimensions": (dimension,)})
    update = {"variables": (broken,), "other_dimensions": {"empty": 0}}
    with pytest.raises(DataError, match=dimension):
        ask(good.model_copy(update=update))


def test_time_and_trims_go_together() -> None:
    plan = plan_subset(
        SubsetRequest(
            dataset="test",
            time=Period(
                start=Moment(year=1982, month=1, day=2), end=Moment(year=1982, month=1, day=4)
            ),
            longitude=LongitudeInterval(west=-10, east=10),
            trims={"depth": Interval(upper=3)},
            stride={"time": 2},
        ),
        RICH,
    )
    assert {one.name: one.count for one in plan.axes} == {
        "time": 2, "depth": 3, "latitude": 18, "longitude": 3,
    }  # fmt: skip


@pytest.mark.parametrize("count", [10**3, 10**6, 10**12])
def test_a_plan_makes_nothing_as_long_as_an_axis(count: int) -> None:
    """Of 1e12 steps and chunks: whoever listed them would not come back."""
    time = time_axis(regular(0, 1, count), "seconds since 1970-01-01")
    endless = coverage(
        [time, latitude_axis(regular(-89.5, 1, 180))],
        [variable("v", ("time", "latitude"), {"geo": (1, 180), "time": (7, 1)})],
    )
    whole = ask(endless, stride={"time": 7})
    assert whole.axes[0].count == -(-count // 7)
    assert (whole.variables[0].layout, whole.chunks) == ("geo", whole.axes[0].count)
    day = ask(endless, time={"start": {"year": 1970, "month": 1, "day": 1}}, selection="outside")
    assert day.axes[0].first == 0
