"""Which variables a request means, and which come along with them."""

from collections.abc import Iterable

from atoll.errors import UnknownVariable, shorten
from atoll.model.coverage import Attributes, Axis, Coverage, Variable
from atoll.planning.curvilinear import native_grid

# CF 7.1, 7.4: an axis's cells; CF 4.3.3: what a dimensionless vertical coordinate is made from.
_CELLS = ("bounds", "climatology")
_FORMULA = "formula_terms"


def planned_variables(names: tuple[str, ...], coverage: Coverage) -> tuple[Variable, ...]:
    """The variables asked for and their companions, in the coverage's order.

    Args:
        names: variable names or standard names, the name wins; none = all data variables.
        coverage: where they are looked up.

    Raises:
        UnknownVariable: one of the names is neither.
    """
    asked = _named(names, coverage) if names else _data(coverage)
    wanted = {variable.name for variable in asked}
    waiting = sorted(wanted)
    while waiting:
        variable = coverage.variable_by_name[waiting.pop()]
        found = _companions(variable, coverage) - wanted
        wanted |= found
        waiting += sorted(found)
    return tuple(variable for variable in coverage.variables if variable.name in wanted)


def planned_axes(variables: Iterable[Variable], coverage: Coverage) -> tuple[Axis, ...]:
    """The axes that any of the variables has, in the coverage's order."""
    used = {dimension for variable in variables for dimension in variable.dimensions}
    return tuple(axis for axis in coverage.axes if axis.name in used)


def _data(coverage: Coverage) -> list[Variable]:
    return [variable for variable in coverage.variables if variable.role == "data"]


def _named(names: tuple[str, ...], coverage: Coverage) -> list[Variable]:
    found: list[Variable] = []
    unknown: list[str] = []
    for name in names:
        by_name = coverage.variable_by_name.get(name)
        matching = [by_name] if by_name is not None else _by_standard_name(name, coverage)
        found += matching
        unknown += [] if matching else [name]
    if unknown:
        raise _unknown(unknown, coverage)
    return found


def _by_standard_name(name: str, coverage: Coverage) -> list[Variable]:
    return [variable for variable in _data(coverage) if variable.standard_name == name]


def _unknown(names: list[str], coverage: Coverage) -> UnknownVariable:
    data = _data(coverage)
    standard_names = sorted({one.standard_name for one in data if one.standard_name is not None})
    existing = ", ".join(
        f"{one.name} ({one.standard_name})" if one.standard_name else one.name for one in data
    )
    shown = ", ".join(shorten(name) for name in names[:5])
    return UnknownVariable(
        f"variables: {coverage.dataset} has no {shown}; it has {existing}",
        {
            "parameter": "variables",
            "value": shown,
            "variables": [one.name for one in data],
            "standard_names": standard_names,
        },
    )


def _companions(variable: Variable, coverage: Coverage) -> set[str]:
    """Names of the variables that this one and its axes refer to, as far as they are stored.

    CF lets a variable refer to one that is kept in another file (`external_variables`).
    """
    names = set(variable.companions)
    for dimension in variable.dimensions:
        axis = coverage.axis_by_name.get(dimension)
        names |= _references(axis.attributes) if axis is not None else set()
    grid = native_grid(coverage)
    if grid is not None and set(grid.dimensions) <= set(variable.dimensions):
        names |= {grid.longitude, grid.latitude}
    return names & coverage.variable_by_name.keys()


def _references(attributes: Attributes) -> set[str]:
    cells = {f"{attributes[key]}" for key in _CELLS if key in attributes}
    terms = f"{attributes.get(_FORMULA, '')}".split()
    return cells | {term for term in terms if not term.endswith(":")}
