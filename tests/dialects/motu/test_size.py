"""requestSize, and doubles as Java prints them."""

from dataclasses import replace
from math import nan
from typing import Any

import pytest
from lxml import etree

from atoll.dialects.motu.codes import Fault
from atoll.dialects.motu.size import double_text, most_bytes, render_no_size, render_size
from atoll.model.parts import MOST_FILE_BYTES
from atoll.model.policy import Allowance
from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset
from tests.planning.builders import levitus_coverage, navy_coverage
from tests.world import LIMITS


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"),
        (1152.0, "1152.0"),
        (151049330.0, "1.5104933E8"),
        (996147200.0, "9.961472E8"),
        (1e7, "1.0E7"),
        (9999999.0, "9999999.0"),
        (0.001, "0.001"),
        (0.00012, "1.2E-4"),
        (-123456789.5, "-1.234567895E8"),
        (nan, "NaN"),
    ],
)
def test_doubles_are_printed_as_java_prints_them(value, text):
    assert double_text(value) == text


def test_sizes_are_in_kibibytes():
    document = render_size(154_674_513_92, 2**30)
    root: Any = etree.fromstring(document.encode())
    assert dict(root.attrib) == {
        "code": "005-0",
        "msg": "OK",
        "unit": "kB",
        "size": double_text(154_674_513_92 / 1024),
        "maxAllowedSize": "1048576.0",
    }


def test_a_size_that_is_refused_is_told_nevertheless():
    told = etree.fromstring(render_size(2048, 1024, Fault(7, "too big")).encode()).attrib
    assert (told["code"], told["msg"]) == ("005-7", "005-7 : too big")
    assert (told["size"], told["maxAllowedSize"]) == ("2.0", "1.0")


def test_no_size_is_negative():
    document = render_no_size(Fault(26, '<&">'))
    assert etree.fromstring(document.encode()).attrib["msg"] == '005-26 : <&">'
    assert float(etree.fromstring(document.encode()).attrib["size"]) < 0


def test_the_largest_result_is_what_is_really_made():
    timed, still = navy_coverage(), levitus_coverage()
    of_many = plan_subset(SubsetRequest(dataset=timed.dataset), timed)
    of_none = plan_subset(SubsetRequest(dataset=still.dataset), still)
    limits = replace(LIMITS, small_bytes=10, file_bytes=1000)
    free = Allowance()
    assert most_bytes(of_many, timed, limits, free) == 1000
    assert most_bytes(of_none, still, limits, free) == MOST_FILE_BYTES
    assert most_bytes(of_many, timed, replace(limits, small_bytes=2000), free) == 2000
    assert most_bytes(of_many, timed, replace(limits, hard_limit_bytes=500), free) == 500
    assert most_bytes(of_many, timed, limits, Allowance(bytes_per_job=5)) == 5
