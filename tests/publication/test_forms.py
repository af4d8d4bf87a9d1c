"""Files that no description can tell: refused with what would pass, or mended."""

from contextlib import contextmanager

import netCDF4
import numpy as np
import pytest

from atoll.errors import DataError
from tests.publication.builders import Grid, plain, steps

pytestmark = pytest.mark.slow


@contextmanager
def changed(path, form="NETCDF4"):
    """A plain file, open to be made odd."""
    Grid(steps(1)).write(path, form)
    with netCDF4.Dataset(path, "a") as dataset:
        dataset.set_auto_maskandscale(False)
        yield dataset


def test_groups_are_not_left_out_in_silence(tmp_path, bench):
    path = tmp_path / "a.nc"
    with changed(path) as dataset:
        dataset.createGroup("empty")
        for name in ("flags", "deep/below"):
            dataset.createGroup(name).createVariable("w", "f4", ("time",))[:] = 1
    with pytest.raises(DataError, match=r"groups are not published: flags, deep/below; add"):
        bench.publish([path])
    with pytest.raises(DataError, match=r"groups are not published: deep/below; add"):
        bench.publish([path], plain(drop=["flags"]))
    coverage = bench.publish([path], plain(drop=["flags", "deep/below"]))
    assert [each.name for each in coverage.variables] == ["t2m"]


def test_a_group_to_drop_that_is_not_there_is_a_slip(tmp_path, bench):
    with pytest.raises(DataError, match=r"drop.flags: the file has no such variable or group"):
        bench.publish([Grid(steps(1)).write(tmp_path / "a.nc")], plain(drop=["flags"]))


def test_plane_coordinates_named_like_their_dimensions_are_refused(tmp_path, bench):
    path = tmp_path / "a.nc"
    with changed(path) as dataset:
        dataset.createDimension("row", 2)
        dataset.createVariable("row", "f4", ("row", "longitude"))[:] = 0
    with pytest.raises(DataError, match=r"row\(row, longitude\) has the name of a dimension.*drop"):
        bench.publish([path])


def test_a_single_number_named_like_a_dimension_is_refused(tmp_path, bench):
    path = tmp_path / "a.nc"
    with changed(path) as dataset:
        dataset.createDimension("height", 1)
        dataset.createVariable("height", "f4", ())[...] = 2
        dataset.createVariable("w", "f4", ("time", "height"))[:] = 1
    with pytest.raises(
        DataError, match=r"height\(\) has the name of a dimension.*height\(height\)"
    ):
        bench.publish([path])
    bench.publish([path], plain(drop=["height"]))


@pytest.mark.parametrize("dimensions", [("station",), ("time", "station", "latitude", "longitude")])
def test_an_empty_dimension_is_refused(tmp_path, bench, dimensions):
    path = tmp_path / "a.nc"
    with changed(path) as dataset:
        dataset.createDimension("station", 0)
        dataset.createVariable("q", "f4", dimensions)
    with pytest.raises(DataError, match=r"q: dimension station is empty.*drop q"):
        bench.publish([path])
    bench.publish([path], plain(drop=["q"]))


def published(bench, tmp_path, dtype, **attributes):
    path = Grid(steps(1).astype(dtype), attributes=attributes).write(tmp_path / "a.nc")
    return bench.publish([path]).variable_by_name["t2m"].attributes


@pytest.mark.parametrize(
    ("dtype", "told", "numbers"),
    [
        ("i2", {"flag_values": "0, 1, 2"}, [0, 1, 2]),
        ("i1", {"flag_masks": "1b 2b 4b"}, [1, 2, 4]),
        ("f4", {"valid_range": "0 1.5e2f"}, [0.0, 150.0]),
        ("i4", {"valid_min": "-3"}, -3),
        ("f4", {"flag_values": ["1", "2"]}, [1.0, 2.0]),
        ("f4", {"valid_max": np.inf}, "inf"),
        ("f4", {"valid_range": [0.0, np.inf]}, ["0.0", "inf"]),
        ("i2", {"valid_range": np.array([0, 5], "i2")}, [0, 5]),
    ],
)
def test_numbers_that_are_spelt_become_numbers(tmp_path, bench, dtype, told, numbers):
    stored = published(bench, tmp_path, dtype, **told)
    assert [stored[key] for key in told] == [numbers]


@pytest.mark.parametrize(
    ("dtype", "key", "text"),
    [
        ("f4", "valid_range", "0 to 100"),
        ("i2", "flag_values", "none"),
        ("i2", "flag_values", ""),
        ("i2", "valid_max", "1.5"),
        ("i2", "valid_max", np.inf),
    ],
)
def test_texts_that_are_no_numbers_are_refused(tmp_path, bench, dtype, key, text):
    with pytest.raises(DataError, match=rf"a.nc: t2m: {key} .* set attributes.t2m.{key} in"):
        published(bench, tmp_path, dtype, **{key: text})


FOREIGN = {"NAME": "a", "CLASS": "b", "DIMENSION_LIST": "c", "_ChunkSizes": [1, 3, 4],
           "_Storage": "chunked", "DODS.strlen": 8}  # fmt: skip
OF_THE_SERVER = {"CLASS": "x", "_CoordSysBuilder": "ucar.nc2.dataset.conv.CF1Convention",
                 "DODS_EXTRA.Unlimited_Dimension": "time", "DODS.dimName": "strlen",
                 "EXTRA_DIMENSION.bnds": 2}  # fmt: skip


def test_attributes_that_mean_nothing_elsewhere_are_taken_away(tmp_path, bench):
    path = tmp_path / "a.nc"
    with changed(path, "NETCDF3_CLASSIC") as dataset:
        dataset.setncatts({**OF_THE_SERVER, "source": "a model"})
        for name in ("latitude", "t2m"):
            dataset[name].setncatts({**FOREIGN, "_CoordinateAxisType": "Lat"})
    coverage = bench.publish([path])
    told = [coverage.attributes, coverage.variable_by_name["t2m"].attributes,
            coverage.axis_by_name["latitude"].attributes]  # fmt: skip
    assert not any(each.keys() & (FOREIGN | OF_THE_SERVER).keys() for each in told)
    assert coverage.attributes == {"Conventions": "CF-1.11", "source": "a model"}
    assert told[1].keys() == {"units", "_CoordinateAxisType"}
    assert not bench.open("geo").attrs.keys() & OF_THE_SERVER.keys()
