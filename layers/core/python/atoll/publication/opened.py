"""Opens the files of a delivery, all at a time, each repaired."""

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import netCDF4

from atoll.errors import DataError
from atoll.model.product import Product
from atoll.publication.classic import check_length
from atoll.publication.fields import Contents
from atoll.publication.merge import Opened
from atoll.publication.repair import repair
from atoll.publication.source import open_any
from atoll.publication.work import Work

# HDF5 keeps up to 64 MiB of a variable's chunks, for each file: 256 files of one map each took
# 1.2 GB. Reading runs of whole chunks needs none of them twice.
_CACHED_BYTES = 16 * 1024 * 1024


@contextmanager
def opened(work: Work) -> Iterator[list[Opened]]:
    """Each change with its file's contents, which can be read as long as the context lasts.

    What a library only warns of in data is an error here.

    Raises:
        InvalidParameter: a file is not there.
        DataError: it cannot be made CF with the product, or is cut off.
    """
    with ExitStack() as stack, warnings.catch_warnings():
        for category in (UserWarning, RuntimeWarning):
            warnings.simplefilter("error", category)
        stack.callback(netCDF4.set_chunk_cache, *netCDF4.get_chunk_cache())
        netCDF4.set_chunk_cache(_CACHED_BYTES // max(1, len(work.changes)))
        try:
            yield [(change, _contents(change.path, work.product, stack))
                   for change in work.changes]  # fmt: skip
        except Warning as warning:
            raise DataError(f"{work.dataset}: {warning}") from warning


def _contents(path: Path | None, product: Product, stack: ExitStack) -> Contents | None:
    if path is None:
        return None
    source = stack.enter_context(open_any(path, product))
    check_length(path)
    return repair(source, product)
