"""Every error has its exception on the WCS door."""

import pytest

from atoll import errors
from atoll.dialects.wcs.exceptions import CODES, STATUS, ows_exception
from atoll.errors import BrokerError, family


def test_the_table_is_total():
    assert set(CODES) == set(family(BrokerError))


@pytest.mark.parametrize("kind", [kind for kind in CODES if kind is not errors.InvalidParameter])
def test_every_error_is_told(kind):
    fault = ows_exception(kind("What it was."))
    assert (fault.code, fault.status) == CODES[kind]
    assert fault.code in STATUS
    assert fault.detail


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.InvalidParameter("stride.x", 0, "y"), ("InvalidParameterValue", "stride.x", 400)),
        (errors.InvalidParameter("datetime", "x", "y"), ("InvalidSubsetting", "time", 404)),
        (errors.InvalidParameter("depth", "x", "y"), ("InvalidSubsetting", "depth", 404)),
        (errors.InvalidParameter("axes.n", "x", "y"), ("InvalidSubsetting", "n", 404)),
        (errors.EmptySelection("", {"parameter": "bbox", "axis": "lat"}),
         ("InvalidSubsetting", "lat", 404)),
        (errors.FormatUnfit("", {"parameter": "format"}), ("InvalidParameterValue", "format", 400)),
        (errors.UnknownDataset("b, c", {"parameter": "dataset", "value": "a"}),
         ("NoSuchCoverage", "coverageId", 404)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_located(error, expected):
    fault = ows_exception(error)
    assert (fault.code, fault.locator, fault.status) == expected


def test_when_it_may_be_tried_again_is_told():
    assert ows_exception(errors.TooManyRequests("", {"retry_after_s": 7})).retry_after_s == 7
    assert ows_exception(errors.TooManyRequests("")).retry_after_s is None


def test_bounds_are_told_in_words_of_a_subset():
    error = errors.EmptySelection("bbox: nothing", {"parameter": "bbox", "axis": "lat"})
    fault = ows_exception(error, {"lat": "Lat"})
    assert (fault.locator, fault.detail) == ("Lat", "subset: nothing")


def test_an_unknown_dataset_names_no_other():
    error = errors.UnknownDataset("it may use: secret", {"accepted": ["secret"]})
    assert "secret" not in ows_exception(error).detail
