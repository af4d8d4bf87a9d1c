"""Whether one file holds the dataset that its product tells: axes, variables, attributes."""

import warnings
from collections.abc import Generator, Iterator
from dataclasses import replace

import numpy as np

from atoll.errors import BrokerError, DataError, shorten
from atoll.model.delivery import Finding
from atoll.model.product import Product, VariableRules
from atoll.planning.calendar import moment_text
from atoll.publication.alike import check_axes
from atoll.publication.axes import is_latitude
from atoll.publication.companions import variable_roles
from atoll.publication.fields import Contents, Field
from atoll.publication.gate.events import Step, told
from atoll.publication.repair import repair
from atoll.publication.times import check_time

_MOST_FAULTS = 25  # of one file's variables; who mends these finds the others
_FARTHEST_YEAR = 20_000
# Of type S in CF 1.11, appendix A; those of the axes, cells and grids that are followed here.
_TEXTS = (
    "units", "standard_name", "long_name", "axis", "positive", "calendar", "coordinates", "bounds",
    "climatology", "cell_methods", "cell_measures", "grid_mapping", "ancillary_variables",
    "formula_terms", "compress", "flag_meanings",
)  # fmt: skip


def mended(source: Contents, product: Product) -> Generator[Finding, None, Contents | None]:
    """The file as it shall be stored, or None after telling what forbids it.

    A variable at fault is told and left out, so that the others' faults are found as well.
    """
    whole = True
    for _ in range(_MOST_FAULTS):
        try:
            with warnings.catch_warnings():
                for category in (UserWarning, RuntimeWarning):
                    warnings.simplefilter("error", category)
                found = repair(source, product)
        except (DataError, Warning) as fault:
            error = fault if isinstance(fault, DataError) else DataError(str(fault))
            name = _own_name(error, product)
            if whole or name in source.fields:
                yield told(Step("structure", source.origin), error)
            whole = False
            if name not in source.fields or name in source.sizes:
                return None
            source, product = without(source, name), _silent(product, name)
        else:
            return found if whole else None
    return None


def without(contents: Contents, name: str) -> Contents:
    """The contents without a field."""
    kept = {key: field for key, field in contents.fields.items() if key != name}
    return replace(contents, fields=kept)


def check_coordinates(contents: Contents) -> Generator[Finding]:
    """Faults of a repaired file's axes: what hinders a look at what stands on them."""
    yield from _axes(contents)
    yield from _times(contents)


def _own_name(error: BrokerError, product: Product) -> str:
    """The file's name for the variable that an error is about; empty = it names none."""
    name = error.facts.get("variable")
    before = {new: old for old, new in product.names.items()}
    return before.get(name, name) if isinstance(name, str) else ""


def _silent(product: Product, name: str) -> Product:
    """The product without its settings for a variable that was left out."""
    names = {name, product.names.get(name, name)}
    per_variable = ("names", "attributes", "fill_values", "missing_values", "packing")
    changes: dict[str, object] = {
        key: {each: value for each, value in getattr(product, key).items() if each not in names}
        for key in per_variable
    }
    return product.model_copy(update=changes)


def _axes(contents: Contents) -> Iterator[Finding]:
    """Each coordinate on its own, so that one fault hides no other."""
    for name, field in contents.fields.items():
        if name not in contents.roles and not is_latitude(field):
            continue
        roles = {name: role for name, role in contents.roles.items() if name == field.name}
        try:
            check_axes(replace(contents, fields={name: field}, roles=roles))
        except DataError as error:
            finding = told(Step("structure", contents.origin), error)
            wanted = finding.accepted or "numbers that rise, or but for times fall, at every node"
            yield finding.model_copy(update={"accepted": wanted})


def _times(contents: Contents) -> Iterator[Finding]:
    time = contents.time_field
    if time is None:
        return
    try:
        check_time(contents)
    except DataError as error:
        finding = told(Step("structure", contents.origin), error)
        yield finding.model_copy(update={"variable": time.name, "attribute": "units"})
        return
    values = time.whole().astype("<f8")
    for number in values[np.isfinite(values)][[0, -1]] if np.isfinite(values).any() else ():
        yield from _moment(time, float(number), contents.origin)


def _moment(time: Field, number: float, origin: str) -> Iterator[Finding]:
    shown = moment_text(number, time.text("units"), time.text("calendar") or None)
    year = int(shown[1:].partition("-")[0]) if shown[0] in "+-" else int(shown.partition("-")[0])
    if year > _FARTHEST_YEAR:
        yield Finding(
            check="structure", file=origin, variable=time.name, attribute="units",
            problem=f"{number} {time.text('units')} is {shown}",
            accepted="times and units that tell a date",
        )  # fmt: skip


def check_texts(contents: Contents) -> Generator[Finding]:
    """Attributes that CF defines as texts and the file tells as numbers."""
    for field in contents.fields.values():
        for key in _TEXTS:
            value = field.attributes.get(key, "")
            if not isinstance(value, str):
                yield Finding(
                    check="structure", file=contents.origin, variable=field.name, attribute=key,
                    problem=f"is {shorten(value)}, which is no text", accepted="a text (CF)",
                )  # fmt: skip


def check_promises(contents: Contents, product: Product) -> Generator[Finding]:
    """What the product tells of its variables, and the repaired file does not keep."""
    if not product.variables:
        return
    roles = variable_roles(contents)
    data = [name for name, role in roles.items() if role == "data"]
    for name in (each for each in product.variables if each not in contents.fields):
        yield Finding(
            check="structure", file=contents.origin, variable=name, problem="is missing",
            accepted=f"a variable {name}; the file has {', '.join(data) or 'none'}",
        )  # fmt: skip
    for name in data:
        if name not in product.variables:
            yield Finding(
                check="structure", file=contents.origin, variable=name,
                problem="is no variable of this product",
                accepted=f"{', '.join(product.variables)} and no others, or the product drops it",
            )  # fmt: skip
    for name, rules in product.variables.items():
        if name in contents.fields:
            yield from _kept(contents.fields[name], rules, contents.origin)


def _kept(field: Field, rules: VariableRules, origin: str) -> Iterator[Finding]:
    for key, wanted in (("units", rules.units), ("standard_name", rules.standard_name)):
        actual = field.text(key)
        if wanted is not None and actual != wanted:
            yield Finding(
                check="structure", file=origin, variable=field.name, attribute=key,
                problem=f"is {actual!r}" if actual else "is missing", accepted=wanted,
            )  # fmt: skip
    if rules.dimensions is not None and field.dimensions != rules.dimensions:
        yield Finding(
            check="structure", file=origin, variable=field.name,
            problem=f"has the dimensions ({', '.join(field.dimensions)})",
            accepted=f"({', '.join(rules.dimensions)})",
        )  # fmt: skip
