"""What cfgrib drops in silence, and our reader names: every field has its place, or is told.

Each test first shows that the naive reading of its file loses fields without a word.
"""

import warnings

import numpy as np
import pytest
import xarray as xr

from atoll.errors import DataError, InvalidParameter
from atoll.publication.grib import open_grib
from atoll.publication.source import open_any
from tests.publication.builders import plain
from tests.publication.grib_bench import ERA5, KEYS, kept, made, messages

pytestmark = pytest.mark.slow

HEIGHT = KEYS.index("level")


def naive(path, **options):
    """Fields that cfgrib's dataset holds, without holes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options = {"indexpath": "", **options}
        with xr.open_dataset(path, engine="cfgrib", backend_kwargs=options) as found:
            whole = [np.isfinite(each.transpose(..., "latitude", "longitude").values).all((-1, -2))
                     for each in found.data_vars.values()]  # fmt: skip
            return int(sum(np.count_nonzero(each) for each in whole))


def ours(path, **settings):
    """Fields that our contents hold."""
    with open_any(path, plain(**settings)) as contents:
        data = [field for field in contents.fields.values() if len(field.shape) > 2]
        return sum(int(np.isfinite(field.whole()).all((-1, -2)).sum()) for field in data)


def refused(path, told, **settings):
    with pytest.raises(DataError, match=told), open_any(path, plain(**settings)):
        pass


def test_a_whole_file_is_all_there():
    assert naive(ERA5) == ours(ERA5) == 160


def test_parameters_on_different_levels_are_all_there(tmp_path):
    path = kept(tmp_path / "a.grib", lambda key: not (key[0] == "z" and key[HEIGHT] == 500))
    assert naive(path) == 80
    assert ours(path) == 120
    with open_any(path, plain()) as contents:
        assert contents.fields["z"].attributes["coordinates"] == "isobaricInhPa_850"


def test_a_message_that_is_missing_is_named(tmp_path):
    gone = messages()[77][0]
    path = kept(tmp_path / "a.grib", lambda key: key != gone)
    assert naive(path, errors="raise") == 159  # a hole, and no error even so
    refused(path, r"159 fields for 160 places, missing are t level 850 2017-01-01T12:00Z member 7")


def test_a_message_whose_first_bytes_are_damaged_is_named(tmp_path):
    data = bytearray(ERA5.read_bytes())
    data[3 * 14760 : 3 * 14760 + 4] = b"GRUB"
    (tmp_path / "a.grib").write_bytes(data)
    assert naive(tmp_path / "a.grib") == 159
    refused(tmp_path / "a.grib", r"message at byte 44280, after 3 fields: no message begins there")


def test_a_message_that_is_cut_off_is_told(tmp_path):
    (tmp_path / "a.grib").write_bytes(ERA5.read_bytes()[:-100])
    refused(tmp_path / "a.grib", r"after 159 fields: cut off: it tells 14752 bytes, 14660 are")


def test_a_file_that_ends_between_messages_is_told(tmp_path):
    (tmp_path / "a.grib").write_bytes(ERA5.read_bytes()[: 150 * 14760])
    refused(tmp_path / "a.grib", "150 fields for 160 places")


# Of GRIB1: its start, lengths, edition; table, centre, parameter, level, time, member, grid.
LABELS = (0, 4, 7, 8, 11, 12, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 28, 32, 57, 64, 69)


@pytest.mark.parametrize("offset", LABELS)
def test_a_flipped_byte_of_a_label_is_told(tmp_path, offset):
    damaged = bytearray(ERA5.read_bytes())
    damaged[5 * 14760 + offset] ^= 0x15
    (tmp_path / "a.grib").write_bytes(damaged)
    refused(tmp_path / "a.grib", "a.grib: ")


def test_a_message_that_is_there_twice_is_named(tmp_path):
    data = ERA5.read_bytes()
    (tmp_path / "a.grib").write_bytes(data + data[14760 : 2 * 14760])
    both = "fields 2 and 161 are both z level 500 2017-01-01T00:00Z member 1"
    refused(tmp_path / "a.grib", both)


def test_what_is_not_selected_is_not_missed():
    assert ours(ERA5, grib={"select": {"shortName": ["t"], "level": [850]}}) == 40


def test_a_selection_that_takes_nothing_lists_what_there_is():
    told = r"grib.select takes none of its fields; there are t \(isobaricInhPa, instant\), z"
    refused(ERA5, told, grib={"select": {"shortName": ["q"]}})


def test_parameters_of_different_levels_are_listed(tmp_path):
    levels = (("t", 500), ("t", 850), ("z", 850), ("z", 1000))
    path = made(tmp_path / "a.grib", "regular_ll_pl_grib2",
                *({"shortName": name, "level": level} for name, level in levels))  # fmt: skip
    refused(path, r"different levels: t \(isobaricInhPa, instant\) 500 850 / z .* 850 1000")


def test_fields_on_two_grids_are_told(tmp_path):
    grids = ({"shortName": "t"}, {"shortName": "z", "latitudeOfFirstGridPointInDegrees": 61})
    refused(made(tmp_path / "a.grib", "regular_ll_sfc_grib2", *grids), "on 2 grids")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InvalidParameter, match="a GRIB file"), open_grib(tmp_path / "a", plain()):
        pass
