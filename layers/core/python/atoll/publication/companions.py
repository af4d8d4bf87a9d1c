"""What each variable is there for, and which others it needs to keep its meaning (CF 3 to 7)."""

from atoll.model.coverage import VariableRole
from atoll.publication.axes import find_grid
from atoll.publication.fields import Contents, Field


def variable_roles(contents: Contents) -> dict[str, VariableRole]:
    """What each field that is not an axis's coordinate is there for."""
    fields = contents.fields
    bounds = {name for field in fields.values()
              for name in (field.text("bounds"), field.text("climatology"))}  # fmt: skip
    grid = find_grid(contents)
    beside = {each.name for each in grid or ()}
    for field in fields.values():
        beside |= {*field.text("coordinates").split(), *_terms(field)}
    roles: dict[str, VariableRole] = {}
    for name, field in fields.items():
        if name in contents.sizes and field.dimensions == (name,):
            continue
        if name in bounds:
            roles[name] = "bounds"
        elif "grid_mapping_name" in field.attributes:
            roles[name] = "grid_mapping"
        else:
            roles[name] = "auxiliary" if name in beside else "data"
    return roles


def companions(field: Field, contents: Contents) -> tuple[str, ...]:
    """What must come along for the field to keep its meaning, bounds of its axes included."""
    found: dict[str, None] = {}
    waiting = [field, *(contents.fields[name] for name in field.dimensions
                        if name in contents.fields)]  # fmt: skip
    while waiting:
        for name in _referred(waiting.pop(0)):
            companion = contents.fields.get(name)
            if companion is None or name in found or name == field.name or name in contents.sizes:
                continue
            found[name] = None
            waiting.append(companion)
    return tuple(found)


def _referred(field: Field) -> list[str]:
    """Names in the attributes that CF gives for them (`x: name` pairs, grid mappings too)."""
    keys = ("coordinates", "bounds", "climatology", "grid_mapping", "ancillary_variables")
    words = [word for key in keys for word in field.text(key).replace(":", " ").split()]
    return [*words, *_terms(field)]


def _terms(field: Field) -> list[str]:
    """Variables of a parametric vertical coordinate and of cell measures, `term: variable`."""
    texts = (field.text("formula_terms"), field.text("cell_measures"))
    return [word for text in texts for word in text.split() if not word.endswith(":")]
