"""Finds what each dimension is, as CF says and never by position; doubt is an error."""

from collections.abc import Iterable, Mapping

from atoll.errors import DataError
from atoll.model.coverage import Role
from atoll.publication.criteria import (
    CRITERIA,
    LATITUDE_UNITS,
    LONGITUDE_UNITS,
    SINCE,
    AxisRole,
    Criteria,
)
from atoll.publication.fields import Contents, Field

PLANE = 2  # dimensions of a 2-d coordinate


def find_roles(contents: Contents, settings: Mapping[str, Role]) -> dict[str, Role]:
    """Give every dimension with a coordinate variable, and every row and column, its role.

    Args:
        contents: repaired; coordinate variables have their dimension's name.
        settings: the product's own word, dimension -> role; it wins.

    Raises:
        DataError: a coordinate variable tells two roles, two axes have one role, or there is
            no longitude and latitude.
    """
    roles: dict[str, Role] = {}
    for name in contents.sizes:
        coordinate = contents.fields.get(name)
        if name in settings:
            roles[name] = settings[name]
        elif coordinate is not None and coordinate.dimensions == (name,):
            roles[name] = _role_of(coordinate, contents.origin)
    roles.update(_grid_roles(contents, roles))
    _check(contents, roles, settings)
    return roles


def is_longitude(field: Field) -> bool:
    """True longitude, in degrees: not a rotated grid's, not a projection's."""
    return _is(field, "longitude", LONGITUDE_UNITS)


def is_latitude(field: Field) -> bool:
    """True latitude, in degrees."""
    return _is(field, "latitude", LATITUDE_UNITS)


def find_grid(contents: Contents) -> tuple[Field, Field] | None:
    """The 2-d longitude and latitude of a grid whose rows and columns are not those; or None."""
    planes = [field for field in contents.fields.values() if len(field.dimensions) == PLANE]
    bounds = {field.text("bounds") for field in contents.fields.values()}
    planes = [field for field in planes if field.name not in bounds]
    longitude = next((field for field in planes if is_longitude(field)), None)
    latitude = next((field for field in planes if is_latitude(field)), None)
    if longitude is None or latitude is None or longitude.dimensions != latitude.dimensions:
        return None
    return longitude, latitude


def tells_time(field: Field) -> bool:
    """It claims to be the time of what it stands beside (a forecast's reference time is not)."""
    return field.text("standard_name") == "time" or field.text("axis") == "T"


def counts_time(field: Field) -> bool:
    """Its numbers count from an origin (`days since 2000-01-01`; UDUNITS minds no capitals)."""
    return SINCE in field.text("units").lower()


def _is(field: Field, standard_name: str, units: Iterable[str]) -> bool:
    told = field.text("standard_name")
    return told == standard_name or (not told and field.text("units").lower() in units)


def _role_of(field: Field, origin: str) -> Role:
    """The role that a coordinate variable tells; `axis` wins over everything (CF 4)."""
    told = field.text("axis").upper()
    if told in CRITERIA:
        return next(role for role in CRITERIA if role == told)
    found = [role for role, criteria in CRITERIA.items() if _meets(field, criteria)]
    if len(found) > 1:
        raise DataError(
            f"{origin}: coordinate {field.name} could be {' and '.join(found)} by its"
            f" standard_name, units and positive; set roles.{field.name} in the product",
            {"variable": field.name},
        )
    return found[0] if found else "other"


def _meets(field: Field, criteria: Criteria) -> bool:
    units = field.text("units").lower()
    standard_name = field.text("standard_name")
    like = criteria.units_like
    return (
        standard_name in criteria.standard_names
        or units in criteria.units
        or (like is not None and like in units and not standard_name)
        or (criteria.positive and bool(field.text("positive")))
    )


def _grid_roles(contents: Contents, roles: Mapping[str, Role]) -> dict[str, Role]:
    """Rows and columns of a 2-d grid that have no coordinate variables of their own."""
    grid = find_grid(contents)
    if grid is None:
        return {}
    row, column = grid[0].dimensions
    named: tuple[tuple[str, AxisRole], ...] = ((row, "Y"), (column, "X"))
    return {name: role for name, role in named if roles.get(name, "other") == "other"}


def _check(contents: Contents, roles: Mapping[str, Role], settings: Mapping[str, Role]) -> None:
    for name in settings:
        if name not in contents.sizes:
            raise DataError(f"{contents.origin}: roles.{name}: the file has no such dimension")
    for role in CRITERIA:
        holders = [name for name, given in roles.items() if given == role]
        if len(holders) > 1:
            raise DataError(
                f"{contents.origin}: {' and '.join(holders)} are both {role} axes;"
                " set roles in the product",
                {"axes": holders},
            )
    if not {"X", "Y"} <= set(roles.values()):
        raise DataError(
            f"{contents.origin}: no longitude and latitude among its coordinate variables"
            f" ({', '.join(contents.sizes)}): neither axis, standard_name nor units tells them;"
            " set attributes or roles in the product",
        )
