"""The CF checker of IOOS finds no more in our results than in their sources."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.interoperability.cases import CASES

CHECKER = Path(sys.executable).with_name("compliance-checker")
# A table of standard names that a file asks for is not fetched: the bundled one is used.
OFFLINE = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}


def findings(path):
    """Number of messages by rule of CF. Lenient: faults, and not what it merely recommends."""
    options = ("--test=cf:1.11", "--criteria=lenient", "--format=json_new", "--output=-")
    done = subprocess.run(
        [CHECKER, *options, path], stdout=subprocess.PIPE, text=True, check=False,
        env=os.environ | OFFLINE,
    )  # fmt: skip
    (suites,) = json.loads(done.stdout[done.stdout.index("{") :]).values()
    (suite,) = suites.values()
    faults = suite["high_priorities"]
    return Counter({rule["name"]: len(rule["msgs"]) for rule in faults if rule["msgs"]})


@pytest.mark.slow
@pytest.mark.parametrize("form", ["netcdf4", "netcdf3"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_checker_finds_no_more_than_in_the_source(shop, case, form):
    found = findings(shop.result(case, form))
    assert found <= findings(shop.sources(case)[0])


@pytest.mark.slow
def test_the_checker_finds_what_the_product_has_repaired(shop):
    """What is compared above is something: the file of 1997 has faults, its result has none."""
    (case,) = (case for case in CASES if case.name == "levitus-climatology")
    assert any("Units" in rule for rule in findings(shop.sources(case)[0]))
    assert findings(shop.result(case, "netcdf4")) == Counter()
