"""How each program and library reads a variable: physical values, masked where there are none."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import h5py
import numpy as np
import xarray as xr
import zarr

from atoll.model.request import Format
from tests.interoperability.cases import Masked, decoded
from tests.interoperability.tools import cdo, gdal_translate, gdalinfo, ncdump

GDAL_TYPES = {"Int16": "<i2", "Int32": "<i4", "Float32": "<f4", "Float64": "<f8"}


def by_ncdump(path: Path, name: str) -> Masked:
    """The text, with the packing that the text says."""
    text = ncdump("-p", "9,17", "-v", name, path)
    (data,) = re.findall(rf"^ {name} =([^;]*);", text.split("\ndata:\n")[1], re.MULTILINE)
    stored = np.array([np.nan if cell.strip() in {"_", "NaN", "NaNf"} else float(cell)
                       for cell in data.split(",")])  # fmt: skip
    packing = dict(re.findall(rf"\t{name}:(scale_factor|add_offset) = ([-+.\de]+)", text))
    scale, offset = (float(packing.get(key, default)) for key, default in
                     (("scale_factor", 1), ("add_offset", 0)))  # fmt: skip
    return np.ma.masked_invalid(stored * scale + offset)


def by_cdo(path: Path, name: str) -> Masked:
    text = cdo("outputf,%.9g,1", "-setmissval,nan", f"-selname,{name}", path)
    return np.ma.masked_invalid(np.array(text.split(), np.float64))


def by_gdal(path: Path, name: str) -> Masked:
    """A NetCDF variable, its rows in the order of the file."""
    values = bands_by_gdal(f'NETCDF:"{path}":{name}')
    # GDAL turns rows so that north is up.
    return values[:, ::-1] if southernmost_first(path) else values


def bands_by_gdal(source: object) -> Masked:
    """All bands as GDAL copies them, with the packing that it reports for the first."""
    report = json.loads(gdalinfo("-json", source))
    band = report["bands"][0]
    with TemporaryDirectory() as folder:
        target = Path(folder) / "copy"
        gdal_translate(source, target, "-of", "ENVI")
        stored = np.fromfile(target, GDAL_TYPES[band["type"]])
    columns, rows = report["size"]
    values = stored.reshape(-1, rows, columns)
    missing = band.get("noDataValue", np.nan)
    missing = values.dtype.type("nan" if missing is None else missing)
    found = np.ma.masked_where(values == missing, values.astype(np.float64))
    return np.ma.masked_invalid(found * band.get("scale", 1.0) + band.get("offset", 0.0))


def southernmost_first(path: Path) -> bool:
    """Whether rows go north; GDAL takes that for granted on a 2-d grid."""
    latitudes = decoded(path, "latitude")
    return latitudes.ndim > 1 or bool(latitudes[0] < latitudes[-1])


def by_h5py(path: Path, name: str) -> Masked:
    with h5py.File(path) as file:
        stored, said = file[name][...], dict(file[name].attrs)
    values = stored.astype(np.float64)
    values[stored == said.get("_FillValue")] = np.nan
    return np.ma.masked_invalid(
        values * said.get("scale_factor", [1.0])[0] + said.get("add_offset", [0.0])[0]
    )


def by_xarray(engine: Any) -> Callable[[Path, str], Masked]:
    def read(path: Path, name: str) -> Masked:
        with xr.open_dataset(path, engine=engine) as opened:
            return np.ma.masked_invalid(opened[name].values.astype(np.float64))

    return read


def by_zip_store(path: Path, name: str) -> Masked:
    with (
        zarr.storage.ZipStore(path, mode="r") as store,
        xr.open_zarr(store) as opened,
    ):
        return np.ma.masked_invalid(opened[name].values.astype(np.float64))


def by_unpacking(path: Path, name: str) -> Masked:
    """Unpacked, it is a Zarr store as any other."""
    with TemporaryDirectory() as folder:
        with ZipFile(path) as archive:
            archive.extractall(folder)
        return by_xarray("zarr")(Path(folder), name)


type Reader = Callable[[Path, str], Masked]
# Who reads what. A pair that is not here is one that no such program can read.
READERS: dict[str, tuple[Reader, frozenset[Format]]] = {
    "netCDF4": (decoded, frozenset({"netcdf4", "netcdf3"})),
    "ncdump": (by_ncdump, frozenset({"netcdf4", "netcdf3"})),
    "cdo": (by_cdo, frozenset({"netcdf4", "netcdf3"})),
    "gdal": (by_gdal, frozenset({"netcdf4", "netcdf3"})),
    "h5py": (by_h5py, frozenset({"netcdf4"})),
    "xarray": (by_xarray("netcdf4"), frozenset({"netcdf4", "netcdf3"})),
    "xarray-h5netcdf": (by_xarray("h5netcdf"), frozenset({"netcdf4"})),
    "xarray-zip": (by_zip_store, frozenset({"zarr"})),
    "xarray-zarr": (by_unpacking, frozenset({"zarr"})),
}
