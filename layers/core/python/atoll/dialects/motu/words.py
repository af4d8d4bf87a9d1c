"""What Motu's documents call a variable or an axis, from its CF attributes."""

from atoll.model.coverage import Attributes, Coverage, Variable

# What each part of a description says of itself; clients test for this very number.
FINE = {"code": "0", "msg": "OK"}


def word(attributes: Attributes, name: str) -> str:
    """A text among the attributes; empty where there is none, or a number."""
    value = attributes.get(name)
    return value if isinstance(value, str) else ""


def described(name: str, attributes: Attributes) -> str:
    """A line for a person: its long name, else what else tells most."""
    keys = ("long_name", "description", "standard_name")
    return next((text for key in keys if (text := word(attributes, key))), name)


def data_variables(coverage: Coverage) -> list[Variable]:
    """What can be asked for, by name."""
    found = (variable for variable in coverage.variables if variable.role == "data")
    return sorted(found, key=lambda variable: variable.name)


def service_of(coverage: Coverage) -> str:
    """The service that a dataset is asked for under: its product; without one, its own id."""
    return coverage.product or coverage.dataset
