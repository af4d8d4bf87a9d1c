"""What a GetCoverage request orders."""

import pytest

from atoll.dialects.wcs.describe import render_descriptions
from atoll.dialects.wcs.exceptions import OwsException
from atoll.dialects.wcs.presentation import CRS_84, EPSG_4326, Presentation
from atoll.errors import EmptySelection
from atoll.model.moment import Moment, Period
from atoll.model.request import Interval, LongitudeInterval
from atoll.planning.subset import plan_subset
from tests.dialects.wcs.builders import offer_of, sea, seasons, told, wanted
from tests.planning.builders import axis, coverage, latitude_axis, longitude_axis, regular, variable

LAST = Moment(year=2026, month=1, day=4, second=0)
TOP = Interval(lower=0.5, upper=0.5)


def refused(*subsets: str, **said: str) -> tuple[str, str]:
    with pytest.raises(OwsException) as caught:
        wanted(sea(), *subsets, **said)
    return told(caught.value)


def test_nothing_said_is_the_last_time_and_the_top_of_the_whole_map():
    found = wanted(sea())
    assert found.presentation == Presentation("application/netcdf")
    request = found.request
    assert (request.dataset, request.variables) == ("sea", ("thetao",))
    assert (request.longitude, request.latitude) == (None, None)
    assert (request.time, request.depth) == (Period(start=LAST, end=LAST), TOP)
    assert [axis.count for axis in plan_subset(request, sea()).axes] == [1, 1, 18, 36]


def test_trims_and_slices_of_every_axis():
    request = wanted(
        sea(), "Long(-40,30)", "Lat(0)", 'time("2026-01-02","2026-01-03T12:00:00Z")', "depth(0,20)"
    ).request
    assert request.longitude == LongitudeInterval(west=-40, east=30)
    assert request.latitude == Interval(lower=0, upper=0)
    assert request.depth == Interval(lower=0, upper=20)
    assert request.time == Period(
        start=Moment(year=2026, month=1, day=2),
        end=Moment(year=2026, month=1, day=3, second=43200),
    )


@pytest.mark.parametrize(
    ("subset", "west", "east", "count"),
    [
        ("Long(170,190)", 170, 190, 2),
        ("Long(350,10)", 350, 10, 2),
        ("Long(-180,180)", -180, 180, 36),
        ("Long(*,-160)", -175, -160, 2),
        ("Long(160,*)", 160, 175, 2),
        ("Lon(5)", 5, 5, 1),
    ],
)
def test_longitudes_go_round(subset, west, east, count):
    request = wanted(sea(), subset).request
    assert request.longitude == LongitudeInterval(west=west, east=east)
    assert plan_subset(request, sea()).axes[3].count == count


@pytest.mark.parametrize(
    ("subset", "count"),
    [("Long(0,360)", 37), ("Long(-5,365)", 37), ("Long(*,360)", 37), ("Long(0,350)", 36),
     ("Long(-180,180)", 36), ("Long(10,360)", 36), ("Long(360,720)", 36)],
)  # fmt: skip
def test_all_that_is_described_has_the_first_meridian_again_where_it_is_stored_so(subset, count):
    axes = [latitude_axis(regular(-80, 10, 17)), longitude_axis(regular(0, 10, 37))]
    closed = coverage(axes, [variable("v", ("latitude", "longitude"))])
    assert plan_subset(wanted(closed, subset).request, closed).axes[1].count == count


def test_stars_are_everything():
    request = wanted(sea(), "Long(*,*)", "Lat(*)", "time(*,*)", "depth(*,*)").request
    assert (request.longitude, request.latitude, request.time, request.depth) == (None,) * 4
    half = wanted(sea(), 'time(*,"2026-01-02")', "depth(5,*)", "Lat(*,0)").request
    assert half.time == Period(end=Moment(year=2026, month=1, day=2))
    assert (half.depth, half.latitude) == (Interval(lower=5), Interval(upper=0))


def test_a_slice_has_one_time_and_a_trim_all_of_a_month():
    month = wanted(sea(), 'time("2026-01")').request
    assert month.time == Period(
        start=Moment(year=2026, month=1, day=1, second=0),
        end=Moment(year=2026, month=1, day=1, second=0),
    )
    assert plan_subset(month, sea()).axes[0].count == 1
    assert plan_subset(wanted(sea(), "time(2026-01,2026-01)").request, sea()).axes[0].count == 4
    day = Moment(year=2026, month=1, day=2)
    assert wanted(sea(), "time(2026-01-02)").request.time == Period(start=day, end=day)
    with pytest.raises(EmptySelection):
        wanted(sea(), "time(2027-01)")


def test_a_climatology_is_cut_by_its_own_numbers():
    assert wanted(seasons()).request.trims == {"time": Interval(lower=2557, upper=2557)}
    request = wanted(seasons(), "time(366,1096)").request
    assert (request.trims, request.time) == ({"time": Interval(lower=366, upper=1096)}, None)
    assert wanted(seasons(), "time(*,*)").request.trims == {}


def test_an_axis_that_is_called_depth_and_counts_something_else_is_cut_by_its_own_numbers():
    levels = axis("depth", (1.0, 2.0), "Z", units="level")
    flat = [latitude_axis(regular(-80, 10, 17)), longitude_axis(regular(0, 10, 36))]
    names = ("depth", "latitude", "longitude")
    dataset = coverage([levels, *flat], [variable("v", names)])
    assert wanted(dataset).request.trims == {"depth": Interval(lower=1, upper=1)}
    assert wanted(dataset, "depth(2)").request.trims == {"depth": Interval(lower=2, upper=2)}
    assert b'uomLabels="deg deg level"' in render_descriptions([offer_of(dataset)])


@pytest.mark.parametrize(
    ("said", "media_type", "form", "packing"),
    [
        ("", "application/netcdf", "netcdf4", "keep"),
        ("application/netcdf", "application/netcdf", "netcdf4", "keep"),
        ("application/x-netcdf", "application/netcdf", "netcdf4", "keep"),
        ("NetCDF", "application/netcdf", "netcdf4", "keep"),
        ("image/tiff", "image/tiff", "geotiff", "decode"),
        ("image/tiff; application=geotiff", "image/tiff", "geotiff", "decode"),
        ("GeoTIFF", "image/tiff", "geotiff", "decode"),
    ],
)
def test_formats(said, media_type, form, packing):
    found = wanted(sea(), format=said)
    assert found.presentation.media_type == media_type
    assert (found.request.format, found.request.packing) == (form, packing)


def test_a_message_of_two_parts():
    assert wanted(sea(), mediaType="multipart/related").presentation.multipart
    assert not wanted(sea()).presentation.multipart


@pytest.mark.parametrize(
    "crs",
    ["http://www.opengis.net/def/crs/EPSG/0/4326", "urn:ogc:def:crs:EPSG::4326", "epsg:4326",
     "http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
)  # fmt: skip
def test_degrees_by_any_name(crs):
    said = {"subsettingCrs": crs, "outputCrs": crs, "interpolation": "nearest"}
    found = wanted(sea(), f"Long,{crs}(1,20)", **said)
    assert found.request == wanted(sea(), "Long(1,20)").request
    assert found.presentation.crs == (CRS_84 if crs.endswith("CRS84") else EPSG_4326)


def test_the_one_field_by_its_name():
    assert wanted(sea(), rangeSubset="thetao") == wanted(sea())
    assert wanted(sea(), rangeSubset="thetao:thetao") == wanted(sea())


@pytest.mark.parametrize(
    ("subsets", "said", "expected"),
    [
        (["x(1,2)"], {}, ("InvalidAxisLabel", "x")),
        (["i(1,2)"], {}, ("InvalidAxisLabel", "i")),
        (["Long(1,2)", "long(3,4)"], {}, ("InvalidAxisLabel", "long")),
        (["Lat(20,10)"], {}, ("InvalidSubsetting", "Lat")),
        (["Lat(-91,10)"], {}, ("InvalidSubsetting", "Lat")),
        (["Lat(nan,10)"], {}, ("InvalidSubsetting", "Lat")),
        (["Long(1_0,20)"], {}, ("InvalidSubsetting", "Long")),
        (["Long(inf)"], {}, ("InvalidSubsetting", "Long")),
        (["depth(20,10)"], {}, ("InvalidSubsetting", "depth")),
        (["depth(deep)"], {}, ("InvalidSubsetting", "depth")),
        (["time(yesterday)"], {}, ("InvalidSubsetting", "time")),
        (["time(2026-01-01/2026-01-02)"], {}, ("InvalidSubsetting", "time")),
        (["time(2026-13-01)"], {}, ("InvalidSubsetting", "time")),
        (["Long,EPSG:3857(1,2)"], {}, ("SubsettingCrs-NotSupported", "EPSG:3857")),
        ([], {"subsettingCrs": "EPSG:3857"}, ("SubsettingCrs-NotSupported", "EPSG:3857")),
        ([], {"outputCrs": "EPSG:3857"}, ("OutputCrs-NotSupported", "EPSG:3857")),
        ([], {"interpolation": "cubic"}, ("InterpolationMethodNotSupported", "cubic")),
        ([], {"format": "image/png"}, ("InvalidParameterValue", "format")),
        ([], {"mediaType": "text/xml"}, ("InvalidParameterValue", "mediaType")),
        ([], {"rangeSubset": "so"}, ("NoSuchField", "so")),
        ([], {"rangeSubset": "thetao:so"}, ("NoSuchField", "so")),
        ([], {"rangeSubset": "thetao,thetao"}, ("IllegalFieldSequence", "thetao")),
    ],
)
def test_what_cannot_be_ordered(subsets, said, expected):
    assert refused(*subsets, **said) == expected


def test_what_lies_beyond_the_data_is_the_planners_to_refuse():
    with pytest.raises(EmptySelection):
        plan_subset(wanted(sea(), 'time("2027-01-01")').request, sea())
