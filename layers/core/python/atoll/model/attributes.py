"""Which attributes go with data: one rule for whoever publishes or writes them."""

# Names by which HDF5, netCDF-C, xarray and zarr keep their own books: no variable may have them.
_BOOKS = frozenset(
    {
        "CLASS",
        "DIMENSION_LABELS",
        "DIMENSION_LIST",
        "NAME",
        "REFERENCE_LIST",
        "_ARRAY_DIMENSIONS",
        "_NCProperties",
        "_Netcdf4Coordinates",
        "_Netcdf4Dimid",
        "_nc3_strict",
    }
)
# How the source was stored, as ncdump and OPeNDAP servers tell it; a result is stored otherwise.
_STORAGE = frozenset(
    {
        "_ChunkSizes",
        "_Codecs",
        "_DeflateLevel",
        "_Endianness",
        "_Filter",
        "_Fletcher32",
        "_Format",
        "_IsNetcdf4",
        "_NoFill",
        "_Shuffle",
        "_Storage",
        "_SuperblockVersion",
    }
)
# The class of netCDF-Java that found the source's coordinates in the server that it came from.
_READERS = frozenset({"_CoordSysBuilder"})
# What DAP2 cannot say itself of dimensions: of the source's, whatever a subset's are.
_OF_DAP = ("DODS.", "DODS_EXTRA.", "EXTRA_DIMENSION.")


def is_portable(name: str) -> bool:
    """Whether an attribute still means something away from the file or server it comes from."""
    return name not in _BOOKS | _STORAGE | _READERS and not name.startswith(_OF_DAP)
