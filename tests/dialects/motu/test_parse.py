"""Motu's parameters as the model's request."""

from urllib.parse import quote

import pytest

from atoll.dialects.motu.parse import (
    parse_mode,
    parse_order,
    parse_product,
    parse_request_id,
    parse_statuses,
    service_id,
)
from atoll.dialects.motu.query import parse_query
from atoll.dialects.rest.parse import parse_execute
from atoll.errors import InvalidParameter, UnknownDataset, UnknownJob
from atoll.model.moment import Moment, Period
from atoll.model.request import Interval, LongitudeInterval, SubsetRequest

NAMED = "service=S-TDS&product=ds1"


def parsed(rest: str) -> SubsetRequest:
    return parse_order(parse_query(f"{NAMED}&{rest}")).request


def refused(rest: str) -> InvalidParameter:
    with pytest.raises(InvalidParameter) as raised:
        parsed(rest)
    return raised.value


def test_what_motuclient_sends_of_itself_is_no_bound_but_the_time():
    sent = "x_lo=-180.0&x_hi=180.0&y_lo=-90.0&y_hi=90.0&output=netcdf&t_hi=2026-11-01%2000:00:00"
    end = Moment(year=2026, month=11, day=1, second=0)
    assert parsed(sent) == SubsetRequest(
        dataset="ds1", format="netcdf3", time=Period(start=None, end=end)
    )
    assert parsed("") == SubsetRequest(dataset="ds1", format="netcdf3")


@pytest.mark.parametrize(
    ("motu", "rest"),
    [
        (
            "x_lo=-40.0&x_hi=30.0&y_lo=30.0&y_hi=60.0&z_lo=0.0&z_hi=500.0&variable=so",
            (
                '"bbox": [-40, 30, 30, 60], "depth": [0, 500], "variables": ["so"], '
                '"format": "netcdf3"'
            ),
        ),
        (
            "output=netcdf4&t_lo=1982-01-16%2012:00&t_hi=1983-01-16%2000:00&variable=so&variable=b",
            '"datetime": "1982-01-16T12:00Z/1983-01-16T00:00Z", "variables": ["so", "b"]',
        ),
        ("x_lo=170&x_hi=-170&output=NetCDF", '"bbox": [170, -90, -170, 90], "format": "netcdf3"'),
        ("z_lo=5&z_hi=None&output=netcdf4", '"depth": [5, null], "format": "netcdf4"'),
        ("t_lo=1982-01-16&t_hi=1982-01-16", '"datetime": "1982-01-16", "format": "netcdf3"'),
    ],
)
def test_the_same_box_is_the_same_request_at_the_rest_door(motu, rest):
    said = parse_execute(f'{{"inputs": {{"dataset": "ds1", {rest}}}}}'.encode()).request
    assert said
    latitude = said.latitude if said.latitude != Interval(lower=-90, upper=90) else None
    assert parsed(motu) == said.model_copy(update={"latitude": latitude})


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("x_lo=350.0&x_hi=10.0", (350, 10)),
        ("x_lo=710&x_hi=730", (710, 730)),
        ("x_lo=5&x_hi=5", (5, 5)),
        ("x_lo=0&x_hi=359.75", (0, 359.75)),
        ("x_lo=1e1", (10, 180)),
        ("x_hi=-10", (-180, -10)),
        ("x_lo=0&x_hi=360", None),
        ("x_lo=0&x_hi=720", None),
        ("x_lo=-1e308&x_hi=1e308", None),
    ],
)
def test_longitudes_are_any_numbers_and_a_whole_turn_is_all(said, meant):
    expected = None if meant is None else LongitudeInterval(west=meant[0], east=meant[1])
    assert parsed(said).longitude == expected


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("y_lo=10&y_hi=-10", (-10, 10)),
        ("y_lo=10", (10, 90)),
        ("y_hi=10", (-90, 10)),
        ("y_lo=90&y_hi=-90", None),
    ],
)
def test_latitudes_are_turned_where_they_are_reversed(said, meant):
    expected = None if meant is None else Interval(lower=meant[0], upper=meant[1])
    assert parsed(said).latitude == expected


@pytest.mark.parametrize(
    ("said", "lower", "upper"),
    [
        ("z_lo=10&z_hi=5", 5, 10),
        ("z_lo=0.49&z_hi=Surface", 0, 0.49),
        ("z_lo=surface&z_hi=SURFACE", 0, 0),
        ("z_lo=None&z_hi=5", None, 5),
    ],
)
def test_depths(said, lower, upper):
    assert parsed(said).depth == Interval(lower=lower, upper=upper)


@pytest.mark.parametrize(
    "said",
    [
        "2020-01-02%2012:30:15",
        "2020-01-02T12:30:15",
        "2020-01-02+12:30:15",
        "2020-01-02T12:30:15Z",
        "2020-01-02T12:30:15.999Z",
        "2020-01-02%2012:30:15.0",
    ],
)
def test_a_time_is_written_in_several_ways(said):
    meant = Moment(year=2020, month=1, day=2, second=45_015)
    assert parsed(f"t_lo={said}").time == Period(start=meant)


@pytest.mark.parametrize(
    ("low", "high", "turned"),
    [
        ("2020-01-02", "2020-01-01", True),
        ("2020-01-02%2001:00:00", "2020-01-02%2000:00:00", True),
        ("2020-01-02%2012:00:00", "2020-01-02", False),
        ("2020-01-02", "2020-01-02%2012:00:00", False),
    ],
)
def test_times_are_turned_where_they_are_reversed_and_a_day_is_whole(low, high, turned):
    as_said = parsed(f"t_lo={low}&t_hi={high}").time
    other = parsed(f"t_lo={high}&t_hi={low}").time
    first = parsed(f"t_lo={low}").time
    assert as_said
    assert first
    assert (as_said.start != first.start) == turned
    if turned:
        assert as_said == other


@pytest.mark.parametrize(
    ("said", "parameter", "value"),
    [
        ("y_lo=100", "y_lo", "100.0"),
        ("y_hi=-90.5", "y_hi", "-90.5"),
        ("y_hi=nan", "y_hi", "'nan'"),
        ("x_lo=inf", "x_lo", "'inf'"),
        ("x_hi=1e400", "x_hi", "'1e400'"),
        ("x_hi=1_0", "x_hi", "'1_0'"),
        ("z_lo=deep", "z_lo", "'deep'"),
        ("z_lo=%D9%A5", "z_lo", "'\u0665'"),
        ("t_lo=yesterday", "t_lo", "'yesterday'"),
        ("t_hi=2020-01-01/2020-01-02", "t_hi", "'2020-01-01/2020-01-02'"),
        ("t_hi=2020-13-01", "t_hi", "'2020-13-01'"),
        ("t_hi=2020-01-01%2025:00:00", "t_hi", "'2020-01-01T25:00:00'"),
        ("t_hi=2020-01-01T00:00:00%2B02:00", "t_hi", "'2020-01-01T00:00:00+02:00'"),
        ("output=csv", "output", "'csv'"),
        (f"x_lo={'1' * 10_000}", "x_lo", f"'{'1' * 79}... (10002 characters)"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(said, parameter, value):
    error = refused(said)
    assert (error.facts["parameter"], error.facts["value"]) == (parameter, value)


@pytest.mark.parametrize("missing", ["service", "product"])
def test_service_and_product_are_mandatory(missing):
    query = "&".join(part for part in NAMED.split("&") if not part.startswith(missing))
    with pytest.raises(InvalidParameter) as raised:
        parse_order(parse_query(query))
    assert (raised.value.facts["parameter"], raised.value.facts["value"]) == (missing, "None")


def test_of_a_prefixed_product_the_end_counts_in_either_case():
    assert parse_product(parse_query("product=http://a/b%23DS-1")) == "ds-1"
    assert parse_product(parse_query("product=http%253A%2523ds-1")) == "ds-1"


@pytest.mark.parametrize("product", ["a b", "../etc", "a&b", "100%", "été", "a\0b", "x" * 5000])
def test_nothing_is_called_so(product):
    with pytest.raises(UnknownDataset) as raised:
        parse_product(parse_query(f"product={quote(product, safe='')}"))
    assert raised.value.facts["parameter"] == "product"


@pytest.mark.parametrize(
    ("sent", "mode"),
    [("", "url"), ("mode=status&mode=console", "status"), ("MODE=Console", "console")],
)
def test_the_mode_is_a_page_unless_another_is_said_first(sent, mode):
    assert parse_mode(parse_query(sent)) == mode


def test_another_mode_there_is_not():
    with pytest.raises(InvalidParameter, match="mode: 'mail'"):
        parse_mode(parse_query("mode=mail"))


@pytest.mark.parametrize("said", ["", "requestid=", "requestid=a%2Fb", f"requestid={'1' * 65}"])
def test_what_names_no_request_is_an_unknown_one(said):
    with pytest.raises(UnknownJob, match="requestid"):
        parse_request_id(parse_query(said))


def test_services_are_the_same_whatever_their_case_and_ending():
    assert len({service_id(name) for name in ("levitus", "LEVITUS", "Levitus-TDS")}) == 1
    assert service_id("levitus-other") != service_id("levitus")


def test_the_order_of_statuses_is_a_permutation():
    turned = ("DONE", "ERROR", "PENDING", "INPROGRESS")
    assert parse_statuses(parse_query(f"order={','.join(turned)}")) == turned
    assert parse_statuses(parse_query(""))[0] == "INPROGRESS"
    for wrong in ("DONE", "DONE,DONE,ERROR,PENDING", "done,ERROR,PENDING,INPROGRESS"):
        with pytest.raises(InvalidParameter, match="order"):
            parse_statuses(parse_query(f"order={wrong}"))
