"""What the CF checker says of a file as it shall be published, and ACDD's advice.

The checker (IOOS compliance-checker) is asked without a network: the tables that it needs come
with it. High priority rejects, as its `lenient` criteria do; so does a check that fails to run.
"""

import re
import tempfile
import warnings
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from compliance_checker.suite import CheckSuite

from atoll.model.delivery import Finding
from atoll.model.product import Product
from atoll.publication.fields import Contents
from atoll.publication.gate.events import text
from atoll.publication.gate.skeleton import write_skeleton

_NEWEST = 11  # CF-1.11
_OLDEST = 6
_ACDD = "acdd:1.3"
_SEVERITY: Mapping[str, str] = {"high": "error", "medium": "warning", "low": "advice"}
_ASKED: Mapping[str, str] = {
    "high": "highly recommended", "medium": "recommended", "low": "suggested",
}  # fmt: skip
_CONVENTIONS = re.compile(r"\bCF-1\.(\d+)")
_WORD = re.compile(r"[A-Za-z_][\w.]*")
_ABSENT = re.compile(r"([\w/]+) not present")
_VARIABLE = re.compile(r'variable "(.+)" missing the following attributes')
# That messages name; others that they may use as plain words are not taken for attributes.
_ATTRIBUTES = frozenset(
    {"standard_name", "long_name", "units", "calendar", "axis", "positive", "bounds", "coordinates",
     "cell_methods", "cell_measures", "grid_mapping", "formula_terms", "flag_values",
     "flag_meanings", "flag_masks", "valid_min", "valid_max", "valid_range", "scale_factor",
     "add_offset", "_FillValue", "missing_value", "Conventions", "units_metadata", "climatology",
     "ancillary_variables", "compress", "actual_range", "title", "history", "featureType"}
)  # fmt: skip

type _Result = Mapping[str, Any]


def check_conventions(contents: Contents, product: Product) -> Generator[Finding]:
    """Findings of the CF checker that the product does not waive.

    Args:
        contents: repaired, with sound axes.
        product: its settings.
    """
    checker = f"cf:1.{_version(contents)}"
    results, failed = _results(contents, checker)
    accepted = checker.upper().replace(":", "-")
    for priority, severity in _SEVERITY.items():
        for result in _unmet(results, priority):
            if result["name"] in product.waivers:
                continue
            for message in result["msgs"] or ["is not met"]:
                yield _finding(contents, message, severity, f"{accepted}, {result['name']}")
    for name, error in failed.items():
        if name not in product.waivers:
            problem = f"the check {name} fails on it ({error})"
            yield _finding(contents, problem, "error", f"attributes that {accepted} can be held to")


def check_discovery(contents: Contents) -> Generator[Finding]:
    """Attributes that ACDD asks for and the file has not: one piece of advice for each lack."""
    results, _ = _results(contents, _ACDD)
    lacking: dict[str, list[str]] = {}
    for priority, asked in _ASKED.items():
        missing: list[str] = []
        for result in _unmet(results, priority):
            named = _VARIABLE.fullmatch(result["name"].rstrip(":"))
            if named is not None:
                for attribute in result["msgs"]:
                    lacking.setdefault(attribute, []).append(named[1])
            missing += [found[1] for each in result["msgs"] if (found := _ABSENT.fullmatch(each))]
        if missing:
            yield _advice(contents, f"{', '.join(missing)} are missing", f"global, {asked}")
    for attribute, variables in lacking.items():
        problem = f"is missing of {', '.join(variables)}"
        yield _advice(contents, problem, "of variables, highly recommended", attribute)


def _version(contents: Contents) -> int:
    told = _CONVENTIONS.search(str(contents.attributes.get("Conventions", "")))
    version = _NEWEST if told is None else int(told[1])
    return version if _OLDEST <= version <= _NEWEST else _NEWEST


@cache
def _suite() -> CheckSuite:
    CheckSuite.load_all_available_checkers()
    return CheckSuite()


def _results(contents: Contents, checker: str) -> tuple[_Result, Mapping[str, Exception]]:
    """The checker's report, and the checks that failed to run."""
    suite = _suite()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own code's age, and of every file's oddities
        path = Path(folder) / "skeleton.nc"
        write_skeleton(contents, path)
        with suite.load_dataset(str(path)) as dataset:
            groups, errors = suite.run_all(dataset, [checker])[checker]
            report: _Result = suite.dict_output(checker, groups, contents.origin, 1)
    return report, {name: error for name, (error, _) in errors.items()}


def _unmet(report: _Result, priority: str) -> Iterator[_Result]:
    results: Sequence[_Result] = report[f"{priority}_priorities"]
    yield from (each for each in results if each["value"][0] != each["value"][1])


def _finding(contents: Contents, message: str, severity: str, accepted: str) -> Finding:
    words = _WORD.findall(message)
    variable = next((word for word in words if word in contents.fields), "")
    attribute = next((word for word in words if word in _ATTRIBUTES), "")
    return Finding.model_validate(
        {"check": "cf", "severity": severity, "file": contents.origin, "variable": variable,
         "attribute": attribute, "problem": text(message), "accepted": text(accepted)}
    )  # fmt: skip


def _advice(contents: Contents, problem: str, asked: str, attribute: str = "") -> Finding:
    return Finding(check="acdd", severity="advice", file=contents.origin, attribute=attribute,
                   problem=text(problem), accepted=f"ACDD-1.3: {asked}")  # fmt: skip
