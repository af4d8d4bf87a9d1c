"""One number for "no value" in a variable, and physical values where a product wants them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from atoll.errors import DataError
from atoll.model.coverage import Packed
from atoll.model.product import Product
from atoll.publication.axes import is_latitude, is_longitude
from atoll.publication.fields import Contents, Field, Number, Numbers, Region

_TOLD = ("_FillValue", "missing_value")
_PACKING = ("scale_factor", "add_offset")
_PACKED_LIMITS = ("valid_min", "valid_max", "valid_range", "actual_range")
_UNSIGNED = "_Unsigned"
_SHORT_BYTES = 2
_DECODED = np.dtype("<f8")  # holds every unpacked integer of up to four bytes without loss


def unify_missing(contents: Contents, product: Product) -> Contents:
    """Give every field one fill value and take `_FillValue`, `missing_value` off its attributes.

    Raises:
        DataError: the fill value does not fit the variable's type.
    """
    for key, names in (("fill_values", product.fill_values), ("packing", product.packing),
                       ("missing_values", product.missing_values)):  # fmt: skip
        for name in names:
            if name not in contents.fields:
                raise DataError(f"{contents.origin}: {key}.{name}: no such variable")
    holders = {field.text(key): field for field in contents.fields.values()
               for key in ("bounds", "climatology")}  # fmt: skip
    fields = {}
    for name, field in contents.fields.items():
        holder = holders.get(name)
        packing = _decoding(field, holder, product)
        counted = field if holder is None else _counted_as(field, holder)
        fields[name] = _unified(counted if packing else field, packing, product, contents.origin)
    return replace(contents, fields=fields)


def packing_of(field: Field) -> Packed | None:
    """How stored numbers become physical ones; None = they are.

    Physical values have the type of the two attributes (CF 8.1): float32 where both are float32
    numbers and the stored ones are short enough to keep all their bits.

    Raises:
        DataError: `scale_factor` or `add_offset` is a text, several numbers or not finite.
    """
    told = [field.attributes.get(key) for key in _PACKING]
    if told == [None, None]:
        return None
    scale_factor, add_offset = (
        default if value is None else value for value, default in zip(told, (1.0, 0.0), strict=True)
    )
    if not (isinstance(scale_factor, int | float) and isinstance(add_offset, int | float)):
        raise DataError(
            f"{field.name}: scale_factor {scale_factor!r} and add_offset {add_offset!r}"
            " must be single numbers; set its attributes in the product",
            {"variable": field.name},
        )
    short = field.dtype.itemsize <= _SHORT_BYTES
    single = short and all(float(np.float32(each)) == each for each in (scale_factor, add_offset))
    return Packed(
        scale_factor=float(scale_factor),
        add_offset=float(add_offset),
        dtype="<f4" if single else "<f8",
    )


def numbers_of(value: object, dtype: np.dtype[np.generic]) -> list[np.generic]:
    """An attribute's numbers in a variable's type; those that the type cannot hold never occur."""
    held: list[np.generic] = []
    for number in np.atleast_1d(np.asarray(value)).ravel():
        try:
            wide = np.float64(number)
        except ValueError:
            continue
        if dtype.kind == "f":
            held.append(wide.astype(dtype))
        elif np.isfinite(wide) and _fits(wide, dtype):
            held.append(dtype.type(int(number)))
    return held


@dataclass(frozen=True, slots=True)
class _Missing:
    """What means "no value" in the file, and what shall."""

    told: tuple[np.generic, ...]
    fill: np.generic | None
    origin: str
    name: str

    def applied(self, values: Numbers) -> Numbers:
        """The same values with one fill value. Changes them in place."""
        if self.fill is None:
            return values
        missing = self.found(values)
        if self.fill not in self.told and np.any((values == self.fill) & ~missing):
            raise DataError(
                f"{self.origin}: {self.name} holds {self.fill} as a value: it cannot be the fill"
            )
        values[missing] = self.fill
        return values

    def found(self, values: Numbers) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Where there is no value."""
        missing = np.isnan(values) if values.dtype.kind == "f" else np.zeros(values.shape, bool)
        for number in self.told:
            missing |= values == number
        return missing


def _decoding(field: Field, holder: Field | None, product: Product) -> Packed | None:
    """How a field's numbers become physical ones at publication; None = they stay as they are.

    Bounds go with their coordinate and are packed as it is where they tell nothing (CF 7.1).
    Longitudes get a type that holds those of a box beyond the dateline.

    Args:
        field: any.
        holder: the field whose bounds it is; None = it is nobody's.
        product: its settings.
    """
    leading = holder or field
    asked = "decode" in {product.packing.get(each.name) for each in (field, leading)}
    if not (asked or _is_coordinate(leading)):
        return None
    packing = packing_of(field)
    if packing is None and leading.dtype.kind == field.dtype.kind:
        packing = packing_of(leading)
    turned = is_longitude(leading) or bool(field.text(_UNSIGNED) or leading.text(_UNSIGNED))
    if packing is None and turned and field.dtype.kind in "iu":
        return Packed(dtype=_DECODED.str)
    return packing


def _counted_as(bounds: Field, holder: Field) -> Field:
    """Bounds of its coordinate's type are unsigned where it is."""
    if bounds.dtype != holder.dtype or _UNSIGNED not in holder.attributes:
        return bounds
    told = {_UNSIGNED: holder.attributes[_UNSIGNED], **bounds.attributes}
    return replace(bounds, attributes=told)


def _unified(field: Field, packing: Packed | None, product: Product, origin: str) -> Field:
    attributes = {key: value for key, value in field.attributes.items() if key not in _TOLD}
    told = _told(field, product.missing_values.get(field.name, ()))
    wanted = product.fill_values.get(field.name)
    if packing is not None:
        missing = _Missing(told, None, origin, field.name)
        return _decoded(replace(field, attributes=attributes), packing, missing, wanted)
    fill = told[0] if told else None
    if wanted is not None:
        fitting = numbers_of(wanted, field.dtype)
        if not fitting:
            raise DataError(f"{origin}: fill_values.{field.name}: {wanted} is no {field.dtype}")
        fill = fitting[0]
    missing = _Missing(told, fill, origin, field.name)

    def read(region: Region) -> Numbers:
        return missing.applied(field.read(region))

    return replace(field, attributes=attributes, fill_value=_plain(fill), read=read)


def _is_coordinate(field: Field) -> bool:
    """Places are told in physical units, whatever a file packs them in."""
    return field.dimensions == (field.name,) or is_longitude(field) or is_latitude(field)


def meant_type(field: Field) -> np.dtype[np.generic]:
    """The type that the stored bits are of: NetCDF-3 has no unsigned ones, an attribute says so."""
    kind = {("i", "true"): "u", ("u", "false"): "i"}.get(
        (field.dtype.kind, field.text(_UNSIGNED).lower()), field.dtype.kind
    )
    return np.dtype(f"<{kind}{field.dtype.itemsize}")


def _decoded(field: Field, packing: Packed, missing: _Missing, wanted: float | None) -> Field:
    fill = np.nan if wanted is None else wanted
    counted = meant_type(field)

    def read(region: Region) -> Numbers:
        stored = field.read(region)
        values = stored.view(counted).astype(_DECODED) * packing.scale_factor + packing.add_offset
        values[missing.found(stored)] = fill
        return values

    dropped = {*_PACKING, *_PACKED_LIMITS, _UNSIGNED}
    attributes = {key: value for key, value in field.attributes.items() if key not in dropped}
    return replace(field, dtype=_DECODED, attributes=attributes, fill_value=fill, read=read)


def _told(field: Field, more: Iterable[float]) -> tuple[np.generic, ...]:
    told = [number for key in _TOLD if key in field.attributes
            for number in numbers_of(field.attributes[key], field.dtype)]  # fmt: skip
    return (*told, *(number for value in more for number in numbers_of(value, field.dtype)))


def _fits(number: np.float64, dtype: np.dtype[np.generic]) -> bool:
    limits = np.iinfo(np.dtype(dtype.str))
    return bool(limits.min <= number <= limits.max and number == np.floor(number))


def _plain(number: np.generic | None) -> Number | None:
    if number is None:
        return None
    value: Number = number.item()
    return value
