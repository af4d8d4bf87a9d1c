"""GRIB files cut and changed, and what eccodes itself reads of one, message by message."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import eccodes
import numpy as np

from tests.publication.builders import DATA

ERA5 = DATA / "grib/era5-levels-members.grib"
NAM = DATA / "grib/nam.t00z.awp21100.tm00.grib2"
KEYS = ("shortName", "level", "number", "validityDate", "validityTime")

type Key = tuple[Any, ...]
type Map = np.ndarray[Any, Any]


def handles(path: Path) -> Iterator[int]:
    """A handle of every message, as eccodes finds them."""
    with path.open("rb") as file:
        while (handle := eccodes.codes_grib_new_from_file(file)) is not None:
            yield handle
            eccodes.codes_release(handle)


def messages(path: Path = ERA5) -> list[tuple[Key, bytes]]:
    """Every message's bytes, by what it is of."""
    return [(tuple(eccodes.codes_get(each, key) for key in KEYS), eccodes.codes_get_message(each))
            for each in handles(path)]  # fmt: skip


def kept(path: Path, keep: Callable[[Key], bool], source: Path = ERA5) -> Path:
    """A file of those messages."""
    path.write_bytes(b"".join(data for key, data in messages(source) if keep(key)))
    return path


def by_key(path: Path = ERA5) -> dict[Key, tuple[Map, Map, Map]]:
    """Latitudes, longitudes and values of every message, as eccodes gives them."""
    found = {}
    for handle in handles(path):
        key = tuple(eccodes.codes_get(handle, name) for name in KEYS)
        arrays = (eccodes.codes_get_array(handle, name)
                  for name in ("latitudes", "longitudes", "values"))  # fmt: skip
        found[key] = tuple(np.array(each) for each in arrays)
    return found  # type: ignore[return-value]


def made(path: Path, sample: str, *fields: dict[str, Any]) -> Path:
    """A file of new messages: eccodes' sample with these keys, `values` last."""
    with path.open("wb") as file:
        for keys in fields:
            handle = eccodes.codes_grib_new_from_samples(sample)
            for key, value in keys.items():
                if key == "values":
                    eccodes.codes_set_values(handle, np.asarray(value, "f8").ravel())
                else:
                    eccodes.codes_set(handle, key, value)
            eccodes.codes_write(handle, file)
            eccodes.codes_release(handle)
    return path
