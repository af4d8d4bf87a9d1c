"""Which code makes which format. NetCDF-4, the usual one, is loaded at once; others when asked."""

from atoll.extraction.file_format import FileFormat
from atoll.extraction.netcdf4_format import NetCDF4
from atoll.extraction.writers import Streamed, Taken
from atoll.model.request import Format


def file_format(name: Format) -> FileFormat:
    """A format that can be made in parts: one of `IN_PARTS`."""
    match name:
        case "netcdf4":
            return NetCDF4()
        case "netcdf3":
            from atoll.extraction.formats.netcdf3 import NetCDF3  # noqa: PLC0415

            return NetCDF3()
        case "zarr":
            from atoll.extraction.formats.zarr_zip import ZarrZip  # noqa: PLC0415

            return ZarrZip()
        case _:
            raise NotImplementedError(name)


def streamed(name: Format, taken: Taken) -> Streamed:
    """A file of a format that one worker streams: not one of `IN_PARTS`."""
    match name:
        case "csv":
            from atoll.extraction.formats.csv import CSV  # noqa: PLC0415

            return CSV(taken)
        case "parquet":
            from atoll.extraction.formats.parquet import Parquet  # noqa: PLC0415

            return Parquet(taken)
        case "geotiff":
            from atoll.extraction.formats.geotiff import GeoTIFF  # noqa: PLC0415

            return GeoTIFF(taken)
        case _:
            raise NotImplementedError(name)
