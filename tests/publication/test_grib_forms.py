"""Forms of GRIB that the real files have not: each as eccodes writes it."""

import eccodes
import numpy as np
import pytest

from atoll.errors import DataError
from atoll.publication.grib_names import units_of
from atoll.publication.repair import repair
from atoll.publication.source import open_any
from tests.publication.builders import plain
from tests.publication.grib_bench import handles, made

pytestmark = pytest.mark.slow

GRIB1, GRIB2, LEVELS = "regular_ll_sfc_grib1", "regular_ll_sfc_grib2", "regular_ll_pl_grib2"
SMALL = {"Ni": 4, "Nj": 3, "longitudeOfLastGridPointInDegrees": 6,
         "latitudeOfLastGridPointInDegrees": 56}  # fmt: skip
RAMP = np.arange(12.0).reshape(3, 4) + 250


def contents_of(path, **settings):
    """Whole numbers and attributes of every field."""
    with open_any(path, plain(**settings)) as contents:
        return {name: (field.whole(), field) for name, field in contents.fields.items()}


def read(path, name, **settings):
    return contents_of(path, **settings)[name][0]


@pytest.mark.parametrize("sample", [GRIB1, GRIB2])
def test_points_of_the_bitmap_are_no_values(tmp_path, sample):
    values = RAMP.copy()
    values[1, 2] = 9999
    path = made(tmp_path / "a.grib", sample, {**SMALL, "bitmapPresent": 1, "values": values})
    name = "t2m" if sample == GRIB1 else "t"
    found = read(path, name)[0]
    assert np.isnan(found[1, 2])
    assert np.allclose(found[~np.isnan(found)], np.delete(RAMP.ravel(), 6), atol=0.01)
    with open_any(path, plain()) as source:
        fill = repair(source, plain()).fields[name].fill_value
        assert fill is not None
        assert np.isnan(fill)


def test_9999_is_a_value_where_there_is_no_bitmap(tmp_path):
    path = made(
        tmp_path / "a.grib", GRIB2, {**SMALL, "bitsPerValue": 16, "values": RAMP * 0 + 9999}
    )
    assert np.array_equal(read(path, "t"), np.full((1, 3, 4), 9999, "f4"))


def test_numbers_that_run_along_columns_are_rows_and_columns(tmp_path):
    keys = {**SMALL, "jPointsAreConsecutive": 1, "bitsPerValue": 16, "values": RAMP.T}
    found = contents_of(made(tmp_path / "a.grib", GRIB2, keys))
    assert found["t"][1].dimensions == ("time", "latitude", "longitude")
    assert np.allclose(found["t"][0][0], RAMP, atol=0.001)
    assert np.allclose(found["latitude"][0], [60, 58, 56])
    assert np.allclose(found["longitude"][0], [0, 2, 4, 6])


def test_rows_from_the_south_keep_their_latitudes(tmp_path):
    south = {"latitudeOfFirstGridPointInDegrees": 56, "latitudeOfLastGridPointInDegrees": 60,
             "jScansPositively": 1}  # fmt: skip
    found = contents_of(made(tmp_path / "a.grib", GRIB2, {**SMALL, **south, "values": RAMP}))
    assert np.allclose(found["latitude"][0], [56, 58, 60])
    assert np.allclose(found["t"][0][0], RAMP, atol=0.01)


def test_a_region_is_what_it_is_of_the_whole(tmp_path):
    fields = [{**SMALL, "shortName": "t", "level": level, "dataDate": 20200101 + day,
               "bitsPerValue": 16, "values": RAMP + level / 10 + day}
              for level in (850, 500) for day in (1, 0, 2)]  # fmt: skip
    with open_any(made(tmp_path / "a.grib", LEVELS, *fields), plain()) as contents:
        field = contents.fields["t"]
        whole = field.whole()
        part = field.read((slice(1, 3), slice(0, 1), slice(1, 3), slice(2, 4)))
        assert np.array_equal(part, whole[1:3, 0:1, 1:3, 2:4])
        assert contents.fields["level"].whole().tolist() == [500, 850]
    expected = [[RAMP + level / 10 + day for level in (500, 850)] for day in range(3)]
    assert np.allclose(whole, expected, atol=0.01)


def test_layers_are_levels_with_bounds(tmp_path):
    soil = {"typeOfFirstFixedSurface": 106, "typeOfSecondFixedSurface": 106,
            "scaleFactorOfFirstFixedSurface": 2, "scaleFactorOfSecondFixedSurface": 2}  # fmt: skip
    ends = ((28, 100), (0, 7), (7, 28))
    fields = [{**SMALL, **soil, "scaledValueOfFirstFixedSurface": top,
               "scaledValueOfSecondFixedSurface": bottom, "values": RAMP + top}
              for top, bottom in ends]  # fmt: skip
    found = contents_of(made(tmp_path / "a.grib", GRIB2, *fields))
    assert np.allclose(found["level"][0], [0.035, 0.175, 0.64])
    assert np.allclose(found["level_bnds"][0], [[0, 0.07], [0.07, 0.28], [0.28, 1]])
    assert found["level"][1].attributes == {
        "long_name": "depthBelowLandLayer", "units": "m", "standard_name": "depth",
        "positive": "down", "bounds": "level_bnds"}  # fmt: skip
    name = next(name for name, (_, field) in found.items() if len(field.dimensions) == 4)
    assert np.allclose(found[name][0][0, :, 0, 0], [250, 257, 278], atol=0.01)


def forecast(day, step, **keys):
    return {**SMALL, "shortName": "2t", "dataDate": day, "dataTime": 0, "endStep": step,
            "values": RAMP + step, **keys}  # fmt: skip


def test_a_forecast_is_at_the_times_that_it_is_of(tmp_path):
    path = made(tmp_path / "a.grib", GRIB1, forecast(20200101, 30), forecast(20200101, 6))
    found = contents_of(path)
    assert found["time"][0].tolist() == [1577836800 + 6 * 3600, 1577836800 + 30 * 3600]
    assert found["forecast_reference_time"][0].tolist() == [1577836800, 1577836800]
    assert found["t2m"][1].attributes["coordinates"] == "forecast_reference_time"
    assert np.allclose(found["t2m"][0][:, 0, 0], [256, 280], atol=0.01)


def test_a_control_forecast_is_a_member_and_a_single_one_is_none(tmp_path):
    member = {**SMALL, "productDefinitionTemplateNumber": 1, "values": RAMP}
    fields = [{**member, "numberOfForecastsInEnsemble": 3, "perturbationNumber": each}
              for each in (2, 0, 1)]  # fmt: skip
    found = contents_of(made(tmp_path / "a.grib", GRIB2, *fields))
    assert found["number"][0].tolist() == [0, 1, 2]
    assert found["t"][1].dimensions == ("number", "time", "latitude", "longitude")
    single = {**member, "numberOfForecastsInEnsemble": 0, "perturbationNumber": 0}
    assert "number" not in contents_of(made(tmp_path / "b.grib", GRIB2, single))
    with pytest.raises(DataError, match="some fields are of an ensemble and some are not; choose"):
        contents_of(made(tmp_path / "c.grib", GRIB2, fields[0], single))


def test_a_time_of_two_forecasts_is_told(tmp_path):
    path = made(tmp_path / "a.grib", GRIB1, forecast(20200101, 30), forecast(20200102, 6))
    with pytest.raises(DataError, match=r"2t 2020-01-02T06:00Z is told by 2 forecasts; choose"):
        contents_of(path)
    assert read(path, "t2m", grib={"select": {"dataDate": [20200102]}}).shape == (1, 3, 4)


def test_sums_over_time_are_told_as_such(tmp_path):
    path = made(tmp_path / "a.grib", GRIB2,
                {**SMALL, "productDefinitionTemplateNumber": 8, "shortName": "tp",
                 "stepRange": "0-6", "values": RAMP})  # fmt: skip
    found = contents_of(path)
    assert found["tp"][1].attributes["cell_methods"] == "time: sum"
    assert found["tp"][1].attributes["units"] in {"kg m-2", "m"}


def test_a_parameter_without_a_name_has_its_numbers(tmp_path):
    keys = {**SMALL, "parameterCategory": 191, "parameterNumber": 250, "values": RAMP}
    found = contents_of(made(tmp_path / "a.grib", GRIB2, keys))
    assert found["parameter_0_191_250"][0].shape == (1, 3, 4)
    keys = {**SMALL, "table2Version": 254, "indicatorOfParameter": 99, "values": RAMP}
    assert "parameter_254_99" in contents_of(made(tmp_path / "b.grib", GRIB1, keys))


def test_winds_along_a_turned_grid_are_no_eastward_winds(tmp_path):
    for sample, along, expected in (
        ("rotated_ll_pl_grib2", 1, "x_wind"), ("rotated_ll_pl_grib2", 0, "eastward_wind"),
        ("regular_ll_pl_grib2", 1, "eastward_wind"),
    ):  # fmt: skip
        keys = {"shortName": "u", "uvRelativeToGrid": along}
        found = contents_of(made(tmp_path / "a.grib", sample, keys))
        assert found["u"][1].attributes["standard_name"] == expected


def test_grids_without_rows_of_equal_length_are_refused(tmp_path):
    for sample in ("reduced_gg_pl_32_grib2", "reduced_gg_sfc_grib1"):
        path = made(tmp_path / "a.grib", sample, {"shortName": "t"})
        with pytest.raises(DataError, match=r"grid reduced_gg has no rows and columns of equal"):
            contents_of(path)
    path = made(tmp_path / "a.grib", GRIB2, {**SMALL, "alternativeRowScanning": 1})
    with pytest.raises(DataError, match="rows that run to and fro are not read"):
        contents_of(path)


def test_zeros_between_messages_are_room(tmp_path):
    first = made(tmp_path / "a.grib", GRIB1, forecast(20200101, 6)).read_bytes()
    second = made(tmp_path / "b.grib", GRIB1, forecast(20200101, 12)).read_bytes()
    (tmp_path / "c.grib").write_bytes(first + bytes(70_000) + second + bytes(100))
    assert read(tmp_path / "c.grib", "t2m").shape == (2, 3, 4)
    (tmp_path / "c.grib").write_bytes(first + b"\r\r\n" + second)
    with pytest.raises(DataError, match="after 1 fields: no message begins there"):
        contents_of(tmp_path / "c.grib")


def test_grib1_of_more_than_8_mib_is_read(tmp_path):
    values = np.linspace(200, 300, 2200 * 2000).reshape(2000, 2200)
    keys = {"Ni": 2200, "Nj": 2000, "bitsPerValue": 16, "values": values}
    path = made(tmp_path / "a.grib", GRIB1, keys, {**keys, "dataDate": 20200101})
    assert int.from_bytes(path.read_bytes()[4:7]) & 0x800000
    assert np.allclose(read(path, "t2m")[0], values, atol=0.01)


def sections(message):
    """Number and bytes of each section of a GRIB2 message but its first and last."""
    place = 16
    while message[place : place + 4] != b"7777":
        length = int.from_bytes(message[place : place + 4])
        yield message[place + 4], message[place : place + length]
        place += length


def test_fields_of_one_message_share_what_is_told_once(tmp_path):
    holes = RAMP.copy()
    holes[0, 0] = 9999
    keys = {**SMALL, "bitmapPresent": 1, "values": holes}
    path = made(tmp_path / "a.grib", LEVELS, {**keys, "level": 500}, {**keys, "level": 850})
    one, two = (dict(sections(eccodes.codes_get_message(each))) for each in handles(path))
    before = two[6][:5] + b"\xfe"
    body = b"".join([one[1], *(one[each] for each in (3, 4, 5, 6, 7)), two[4], two[5],
                     (6).to_bytes(4) + before[4:], two[7]])  # fmt: skip
    head = path.read_bytes()[:8] + (16 + len(body) + 4).to_bytes(8)
    (tmp_path / "b.grib").write_bytes(head + body + b"7777")
    assert np.array_equal(read(tmp_path / "b.grib", "t"), read(path, "t"), equal_nan=True)
    assert np.isnan(read(tmp_path / "b.grib", "t")).sum() == 2


def test_sections_that_do_not_fit_are_told(tmp_path):
    message = bytearray(made(tmp_path / "a.grib", GRIB2, SMALL).read_bytes())
    message[16:20] = (10**6).to_bytes(4)
    (tmp_path / "a.grib").write_bytes(message)
    with pytest.raises(DataError, match="section 1 of 1000000 bytes does not fit"):
        contents_of(tmp_path / "a.grib")
    empty = b"GRIB\0\0\0\2" + (20).to_bytes(8) + b"7777"
    (tmp_path / "a.grib").write_bytes(empty)
    with pytest.raises(DataError, match="it holds no field"):
        contents_of(tmp_path / "a.grib")


def test_editions_that_nobody_reads_are_told(tmp_path):
    message = bytearray(made(tmp_path / "a.grib", GRIB2, SMALL).read_bytes())
    message[7] = 3
    (tmp_path / "a.grib").write_bytes(message)
    with pytest.raises(DataError, match="it is of GRIB edition 3; 1 and 2 are read"):
        contents_of(tmp_path / "a.grib")


def test_a_key_that_no_field_has_selects_nothing(tmp_path):
    path = made(tmp_path / "a.grib", GRIB2, SMALL)
    with pytest.raises(DataError, match=r"grib.select takes none of its fields; there are t"):
        contents_of(path, grib={"select": {"nonsense": ["x"]}})


def test_units_are_udunits():
    told = ["m**2 s**-2", "(0 - 1)", "~", "gpm", "K", "(Code table 4.222)", "unknown", "kg m**-2"]
    assert [units_of(each) for each in told] == [
        "m2 s-2", "1", "1", "m", "K", "1", "1", "kg m-2"]  # fmt: skip
