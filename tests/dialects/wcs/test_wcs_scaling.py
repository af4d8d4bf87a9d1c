"""Scaling is every n-th node; what no n gives is refused with what is near."""

import pytest

from atoll.dialects.wcs.exceptions import OwsException
from atoll.model.coverage import Coverage, RegularValues
from atoll.planning.subset import plan_subset
from tests.dialects.wcs.builders import sea, told, wanted
from tests.planning.builders import axis, coverage, latitude_axis, longitude_axis, regular, variable


@pytest.mark.parametrize(
    ("said", "stride"),
    [
        ({"scaleFactor": "1"}, {}),
        ({"scaleFactor": "0.5"}, {"longitude": 2, "latitude": 2}),
        ({"scaleFactor": "0.3333333"}, {"longitude": 3, "latitude": 3}),
        ({"scaleAxes": "i(0.25)"}, {"longitude": 4}),
        ({"scaleAxes": "Long(0.5),Lat(0.2)"}, {"longitude": 2, "latitude": 5}),
        ({"scaleSize": "i(18),j(9)"}, {"longitude": 2, "latitude": 2}),
        ({"scaleSize": "http://www.opengis.net/def/axis/OGC/1/i(8)"}, {"longitude": 5}),
        ({"scaleSize": "i(36)"}, {}),
        ({"scaleSize": "i(1)"}, {"longitude": 36}),
        ({"scaleExtent": "i(0:11),j(3:8)"}, {"longitude": 3, "latitude": 3}),
        ({"scaleSize": "depth(1)"}, {}),
    ],
)
def test_whole_strides(said, stride):
    assert wanted(sea(), **said).request.stride == stride


def test_sizes_are_of_what_is_trimmed_across_the_seam_and_of_trimmed_times():
    found = wanted(
        sea(), "Long(150,230)", "Lat(0,90)", "time(*,*)", scaleSize="i(4),j(3),time(2)"
    ).request
    assert found.stride == {"longitude": 2, "latitude": 3, "time": 2}
    assert [axis.count for axis in plan_subset(found, sea()).axes] == [2, 1, 3, 4]


def test_a_factor_is_of_what_a_slice_has_left():
    assert wanted(sea(), "Lat(5)", scaleFactor="0.5").request.stride == {"longitude": 2}
    with pytest.raises(OwsException, match="the nearest: 1/1"):
        wanted(sea(), "Lat(5)", "Long(5)", scaleFactor="0.5")


def test_each_size_that_is_said_to_be_near_is_possible():
    with pytest.raises(OwsException) as caught:
        wanted(sea(), scaleSize="i(10)")
    assert caught.value.detail.endswith("the nearest sizes that this gives: 9 and 12")
    for size in (9, 12):
        request = wanted(sea(), scaleSize=f"i({size})").request
        assert plan_subset(request, sea()).axes[3].count == size


@pytest.mark.parametrize(
    ("said", "expected", "near"),
    [
        ({"scaleFactor": "2"}, ("InvalidScaleFactor", "2"), "of 1 at most"),
        ({"scaleFactor": "0"}, ("InvalidScaleFactor", "0"), "above 0"),
        ({"scaleFactor": "nan"}, ("InvalidScaleFactor", "nan"), "above 0"),
        ({"scaleFactor": "5e-324"}, ("InvalidScaleFactor", "5e-324"), "1/18"),
        ({"scaleFactor": "half"}, ("InvalidScaleFactor", "half"), "above 0"),
        ({"scaleFactor": "0.4"}, ("InvalidScaleFactor", "0.4"), "1/1 and 1/2 and 1/3"),
        ({"scaleFactor": "1e-9"}, ("InvalidScaleFactor", "1e-9"), "1/18"),
        ({"scaleAxes": "i(0.7)"}, ("InvalidScaleFactor", "0.7"), "1/1 and 1/2"),
        ({"scaleAxes": "x(0.5)"}, ("ScaleAxisUndefined", "x"), "i, j, Lat, Long"),
        ({"scaleSize": "i(0)"}, ("InvalidExtent", "0"), "at least one"),
        ({"scaleSize": "i(-3)"}, ("InvalidExtent", "-3"), "at least one"),
        ({"scaleSize": "i(9.5)"}, ("InvalidExtent", "9.5"), "whole numbers"),
        ({"scaleSize": "i(37)"}, ("InvalidExtent", "37"), "36"),
        ({"scaleSize": f"i({10**400})"}, ("InvalidExtent", f"{10**79}"), "36"),
        ({"scaleSize": "i(9),Long(9)"}, ("ScaleAxisUndefined", "Long"), "twice"),
        ({"scaleExtent": "i(9:0)"}, ("InvalidExtent", "9:0"), "at least one"),
        ({"scaleExtent": "i(0:9)"}, ("InvalidExtent", "0:9"), "9 and 12"),
        ({"scaleExtent": "i(0:x)"}, ("InvalidExtent", "0:x"), "whole numbers"),
        ({"scaleExtent": "i(0:)"}, ("InvalidExtent", "0:"), "whole numbers"),
    ],
)
def test_what_no_stride_gives(said, expected, near):
    with pytest.raises(OwsException) as caught:
        wanted(sea(), **said)
    assert told(caught.value) == expected
    assert near in caught.value.detail


def flat(columns: RegularValues) -> Coverage:
    axes = [latitude_axis(regular(-60, 2, 61)), longitude_axis(columns)]
    return coverage(axes, [variable("v", ("latitude", "longitude"))])


@pytest.mark.parametrize("count", [36, 37, 101])
@pytest.mark.parametrize(("first", "step"), [(100, 1), (200, -1), (0, 0.5)])
def test_a_size_is_possible_where_some_stride_gives_it_and_nowhere_else(count, first, step):
    """By trying every stride; the last node of several may be left out."""
    dataset = flat(regular(first, step, count))
    possible = {n for stride in range(1, count + 1) for n in (-(-count // stride), count // stride)}
    for size in range(1, count + 3):
        try:
            request = wanted(dataset, scaleSize=f"i({size})").request
        except OwsException as fault:
            assert size not in possible
            near = {int(word) for word in fault.detail.split("gives: ")[1].split(" and ")}
            assert near == {
                *sorted(n for n in possible if n < size)[-1:],
                *sorted(n for n in possible if n > size)[:1],
            }
        else:
            assert size in possible
            assert plan_subset(request, dataset).axes[1].count == size
            # All of it, but for one node of those that the stride gives.
            stride = request.stride.get("longitude", 1)
            assert count - 1 - (size - 1) * stride < 2 * stride


@pytest.mark.parametrize("first", [0, -180, 20])
def test_halves_of_an_odd_number_of_columns_across_the_seam(first):
    dataset = flat(regular(first, 1, 360))
    for size, east in (("16", 195), ("15", 193)):
        request = wanted(dataset, "Long(165,195)", "Lat(-60,60)", scaleSize=f"i({size}),j(30)")
        rows, columns = plan_subset(request.request, dataset).axes
        assert (columns.count, rows.count, rows.first, rows.last) == (int(size), 30, -60, 56)
        assert columns.last - columns.first == 2 * (int(size) - 1)
        assert abs(columns.last - east) <= 0.5


def test_no_node_of_another_axis_is_left_out():
    members = axis("member", regular(1, 1, 11))
    flat_axes = flat(regular(0, 1, 9)).axes
    names = ("member", "latitude", "longitude")
    dataset = coverage([members, *flat_axes], [variable("v", names)])
    with pytest.raises(OwsException, match="gives: 4 and 6"):
        wanted(dataset, "member(*,*)", scaleSize="member(5)")
