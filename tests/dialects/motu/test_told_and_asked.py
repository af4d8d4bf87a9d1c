"""What is told of a dataset, asked for, is the whole dataset."""

from urllib.parse import urlencode

import pytest

from atoll.dialects.motu.fit import fitted
from atoll.dialects.motu.pages.download import limits
from atoll.dialects.motu.parse import parse_order
from atoll.dialects.motu.query import parse_query
from atoll.dialects.motu.words import service_of
from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset
from tests.dialects.motu.coverages import COVERAGES
from tests.planning.builders import (
    coverage,
    depth_axis,
    explicit,
    latitude_axis,
    longitude_axis,
    regular,
    time_axis,
    variable,
)


def fine():
    """Bounds that no short decimal has."""
    return coverage(
        [
            time_axis(explicit([1 / 3, 0.7, 1.9999999]), "days since 1950-01-01"),
            depth_axis([0.49402499198913574, 1.5413750410079956, 5727.9169921875], dtype="<f4"),
            latitude_axis([*(-80 + i / 12 for i in range(2040)), 90.00000763], dtype="<f4"),
            longitude_axis(regular(-180, 1 / 12, 4320)),
        ],
        [variable("thetao", ("time", "depth", "latitude", "longitude"))],
        "fine",
    )


FILLED = {name: one for name, one in COVERAGES.items() if name != "empty"} | {"fine": fine()}


@pytest.mark.parametrize("name", FILLED)
def test_the_bounds_told_take_everything(name):
    one = FILLED[name]
    asked = {"service": service_of(one), "product": one.dataset, "output": "netcdf4"}
    order = parse_order(parse_query(urlencode(asked | dict(limits(one)))))
    taken = plan_subset(fitted(order.request, one), one)
    whole = plan_subset(SubsetRequest(dataset=one.dataset), one)
    counts = {axis.name: axis.count for axis in taken.axes}
    assert counts == {axis.name: axis.count for axis in whole.axes}
    assert taken.output_bytes == whole.output_bytes
