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
FORMS = ("netcdf4", "netcdf3")
# A table of standard names that a file asks for is not fetched: the bundled one is used.
OFFLINE = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def findings(shop):
    """File -> number of messages by rule of CF. Lenient: faults, no recommendations."""
    results = [shop.result(case, form) for case in CASES for form in FORMS]
    files = [*results, *(shop.sources(case)[0] for case in CASES)]
    options = ("--test=cf:1.11", "--criteria=lenient", "--format=json_new", "--output=-")
    done = subprocess.run(
        [CHECKER, *options, *files], stdout=subprocess.PIPE, text=True, check=False,
        env=os.environ | OFFLINE,
    )  # fmt: skip
    reports = json.loads(done.stdout[done.stdout.index("{") :])
    return {
        Path(name): Counter(
            {rule["name"]: len(rule["msgs"])
             for suite in suites.values() for rule in suite["high_priorities"] if rule["msgs"]}
        )
        for name, suites in reports.items()
    }  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_checker_finds_no_more_than_in_the_source(shop, findings, case, form):
    assert findings[shop.result(case, form)] <= findings[shop.sources(case)[0]]


@pytest.mark.parametrize("form", FORMS)
def test_the_checker_finds_what_the_product_has_repaired(shop, findings, form):
    """What is compared above is something: the file of 1997 has faults, its result has none."""
    (case,) = (case for case in CASES if case.name == "levitus-climatology")
    assert any("Units" in rule for rule in findings[shop.sources(case)[0]])
    assert findings[shop.result(case, form)] == Counter()
