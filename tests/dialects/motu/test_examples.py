"""The examples in the docstrings of the Motu dialect are true."""

import doctest
import importlib
import pkgutil

import pytest

import atoll.dialects.motu

MODULES = [
    f"atoll.dialects.motu.{module.name}"
    for module in pkgutil.iter_modules(atoll.dialects.motu.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_some_modules_have_examples():
    finder = doctest.DocTestFinder()
    modules = [importlib.import_module(name) for name in MODULES]
    assert sum(len(test.examples) for module in modules for test in finder.find(module)) > 5
