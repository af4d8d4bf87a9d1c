"""The types of numbers that the formats of results have."""

from collections.abc import Mapping

from atoll.model.coverage import Variable
from atoll.model.request import Format, Packing
from atoll.planning.size import output_dtype

# NumPy's letters and sizes -> the type of the classic formats that holds every value of it.
# Only a coordinate whose values are known to be exact goes from 64 bits into a double.
_CLASSIC: Mapping[str, str] = {
    "i1": ">i1", "b1": ">i1", "i2": ">i2", "u1": ">i2", "i4": ">i4", "u2": ">i4",
    "f2": ">f4", "f4": ">f4", "f8": ">f8", "u4": ">f8", "i8": ">f8", "u8": ">f8",
}  # fmt: skip
# The other formats have all but these.
_WIDENED: Mapping[str, str] = {"f2": "<f4", "b1": "|i1"}
# Tables have no place for a packing: values are physical, whatever is asked.
_DECODED: frozenset[Format] = frozenset({"csv", "parquet"})


def netcdf3_dtype(dtype: str) -> str | None:
    """The type in which NetCDF-3 keeps values of another; None = it has none.

    Args:
        dtype: NumPy notation, of any byte order.

    Examples:
        >>> netcdf3_dtype("<u2"), netcdf3_dtype("|b1"), netcdf3_dtype("<c8")
        ('>i4', '>i1', None)
    """
    return _CLASSIC.get(dtype.lstrip("<>|="))


def written_dtype(variable: Variable, packing: Packing, form: Format) -> str:
    """The type of a variable in a file of that format.

    Only its size is to be relied on: bounds of longitudes in integers are given room for
    whole turns besides.
    """
    plain = output_dtype(variable, "decode" if form in _DECODED else packing)
    if form == "netcdf3":
        return netcdf3_dtype(plain) or plain
    return _WIDENED.get(plain.lstrip("<>|="), plain)
