"""Every error has its number and its sentence at the Motu door."""

import pytest

from atoll.dialects.motu import codes
from atoll.dialects.motu.codes import CODES, Fault, fault_of, fault_of_reason, one_line
from atoll.errors import (
    BrokerError,
    DataError,
    EmptySelection,
    Fact,
    InvalidParameter,
    QuotaExceeded,
    TooLarge,
    Unavailable,
    UnknownDataset,
    UnknownJob,
    UnknownVariable,
    family,
)
from atoll.model.job import Reason


def test_the_table_is_total():
    assert set(CODES) == set(family(BrokerError))


@pytest.mark.parametrize(
    ("error", "number"),
    [
        (EmptySelection("", {"parameter": "datetime"}), 6),
        (EmptySelection("", {"parameter": "bbox"}), 8),
        (EmptySelection("", {"parameter": "depth"}), 9),
        (EmptySelection("", {"parameter": "axes.plev"}), 9),
        (EmptySelection(""), 2),
        (InvalidParameter("x_lo", "a", "b"), 26),
        (InvalidParameter("t_lo", "a", "b"), 26),
        (InvalidParameter("datetime", "a", "b"), 3),
        (InvalidParameter("action", "a", "b"), 28),
        (UnknownDataset("", {"parameter": "product"}), 29),
        (UnknownDataset("", {"parameter": "service"}), 30),
        (UnknownVariable(""), 13),
        (UnknownJob(""), 19),
        (TooLarge(""), 7),
        (QuotaExceeded(""), 16),
        (Unavailable(""), 1),
        (DataError(""), 27),
    ],
)
def test_numbers_are_those_of_motu(error, number):
    assert fault_of(error).number == number


def test_a_date_range_is_told_with_what_lies_beside_it():
    facts: dict[str, Fact] = {
        "parameter": "datetime",
        "axis": "time",
        "lower": "2020-01-01T06:00:00Z",
        "upper": "2020-01-01T18:00:00.000Z",
        "below": "2020-01-01T00:00:00Z",
        "above": "2020-01-02T00:00:00Z",
        "first": "1990-01-01T00:00:00Z",
        "last": "2026-01-01T00:00:00Z",
    }
    between = fault_of(EmptySelection("datetime: nothing", facts))
    assert between.line("010") == (
        "010-6 : The date range is invalid. No data in date range: "
        "[2020-01-01 06:00:00,2020-01-01 18:00:00]. Surrounding dates with data are "
        "values <= 2020-01-01 00:00:00 and values >= 2020-01-02 00:00:00. "
        "For information, dataset range is: [1990-01-01 00:00:00,2026-01-01 00:00:00]."
    )
    outside = fault_of(EmptySelection("datetime: nothing", facts | {"above": None}))
    assert outside.line("010") == (
        "010-6 : The date range is invalid. Invalid date range: "
        "[2020-01-01 06:00:00,2020-01-01 18:00:00]. "
        "Valid range is: [1990-01-01 00:00:00,2026-01-01 00:00:00]."
    )


def test_a_depth_range_likewise():
    facts: dict[str, Fact] = {
        "parameter": "depth",
        "lower": 3.0,
        "upper": None,
        "below": 1.0,
        "above": 5.5,
        "first": 0.0,
        "last": 9.0,
    }
    for parameter in ("depth", "axes.plev"):
        assert fault_of(EmptySelection("", facts | {"parameter": parameter})).text == (
            "The depth range is invalid. No data in depth range: [3.0,]. "
            "Surrounding depths with data are values <= 1.0 and values >= 5.5. "
            "For information, dataset range is: [0.0,9.0]."
        )


def test_an_axis_without_values_has_no_range_to_tell():
    facts: dict[str, Fact] = {"parameter": "depth", "lower": 3.0, "upper": 4.0}
    assert fault_of(EmptySelection("", facts)).text == (
        "The depth range is invalid. No data in depth range: [3.0,4.0]. There are none at all."
    )


def test_parameters_have_the_names_that_users_of_this_door_know():
    bounds = InvalidParameter("bbox", [1, 2], "there is no axis of longitude")
    assert fault_of(bounds).text == (
        "Parameter 'x_lo, x_hi, y_lo, y_hi' has not a valid value [1, 2]. "
        "there is no axis of longitude"
    )
    unknown = UnknownVariable("variables: none is called 'x'", {"parameter": "variables"})
    assert fault_of(unknown).text == "variable: none is called 'x'"
    missing = InvalidParameter("service", None, "It is mandatory")
    assert fault_of(missing).text == "Parameter 'service' is not defined. It is mandatory"


def test_sizes_are_in_mebibytes_the_result_rounded_up():
    facts = {"output_bytes": 2**20 + 1, "limit_bytes": 2**19}
    text = fault_of(TooLarge("Why.", facts)).text
    assert text.startswith("The result file size, 2Mb, is too big and shall be less than 0.5Mb.")
    assert text.endswith("Why.")
    assert fault_of(TooLarge("No numbers.")).text == "No numbers."


def test_of_very_many_datasets_some_are_named():
    known = [f"ds-{number:03}" for number in range(30)]
    facts: dict[str, Fact] = {"parameter": "product", "value": "x", "accepted": known}
    text = fault_of(UnknownDataset("", facts)).text
    assert text.startswith("The requested product/dataset is unknown: 'x'. Known to this account:")
    assert text.endswith("ds-019 and 10 more.")


def test_only_what_is_away_passes():
    assert fault_of(Unavailable("away")).passes
    assert not fault_of(DataError("damaged")).passes


def test_why_a_job_failed_is_told_as_the_error_would_be():
    facts = {"parameter": "bbox", "value": "x", "accepted": "y"}
    reason = Reason(code="invalid-parameter", detail="bbox: x", facts=facts)
    assert fault_of_reason(reason).number == 26
    assert fault_of_reason(Reason(code="data-error", detail="chunk 7")) == Fault(27, "chunk 7")
    assert fault_of_reason(Reason(code="internal-error", detail="It broke.")).number == 1


def test_a_text_is_one_line_that_xml_can_hold_and_not_endless():
    assert one_line("a\n\tb\0c\u2028d\ud800") == "a b?c d?"
    assert len(one_line("x" * 10_000)) == codes.LONGEST_TEXT + 3
