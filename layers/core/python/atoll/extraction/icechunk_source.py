"""Icechunk: chunks by their planned keys, at one snapshot, on one event loop kept open.

The native module is loaded without its Python package, whose store class needs zarr:
importing that costs more processor time than everything else the extractor imports.
"""

import asyncio
import importlib.util
import sys
from collections.abc import Buffer, Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import TYPE_CHECKING

from atoll.errors import BrokerError, DataError, Unavailable
from atoll.extraction.chunk_source import StoredRange

if TYPE_CHECKING:
    from icechunk._icechunk_python import PyStore

NATIVE = "icechunk._icechunk_python"
# Icechunk's stable `kind` codes that speak of the data, not of the way to them.
VAIN = frozenset(
    {
        "node-not-found",
        "ancestor-node-not-found",
        "snapshot-not-found",
        "invalid-snapshot-id",
        "ref-not-found",
        "repository-not-found",
        "object-not-found",
        "not-an-array",
        "invalid-chunk-index",
        "invalid-array-metadata",
        "deserialization",
        "invalid-file-format",
        "unsupported-spec-version",
        "invalid-virtual-ref",
        "no-container-for-virtual-chunk",
        "unauthorized-virtual-chunk-container",
    }
)
# A virtual chunk's file is not the one that was published; what is read would be anything.
CHANGED = "virtual-chunk-modified"


def native() -> ModuleType:
    """Icechunk's native module, as `import icechunk` would find it later."""
    loaded = sys.modules.get(NATIVE)
    if loaded is not None:
        return loaded
    package = importlib.util.find_spec("icechunk")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("icechunk")
    (path,) = Path(package.submodule_search_locations[0]).glob("_icechunk_python*.so")
    spec = importlib.util.spec_from_file_location(NATIVE, path)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(NATIVE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules[NATIVE] = module
    return module


def as_fault(error: BaseException, what: str) -> BrokerError:
    """Say what an Icechunk error means here: vain to try again, or worth it."""
    kind = str(getattr(error, "kind", ""))
    if kind == CHANGED:
        return DataError(f"the file with {what} has changed after publication", {"kind": kind})
    if kind in VAIN:
        return DataError(f"{what} is not in the repository: {kind}", {"kind": kind})
    return Unavailable(f"the repository did not give {what}", {"kind": kind})


class Loop:
    """One event loop in a thread of its own, for as long as the process lives."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, name="chunks", daemon=True).start()

    def call(self, work: Callable[[], None]) -> None:
        """Have it done in the loop's thread, and do not wait."""
        self._loop.call_soon_threadsafe(work)


class IcechunkSource:
    """One snapshot of one repository."""

    def __init__(self, store: "PyStore", loop: Loop) -> None:
        self._store = store
        self._loop = loop

    def fetch(self, ranges: Sequence[StoredRange]) -> list[Future[Buffer | None]]:
        """See `ChunkSource`."""
        futures: list[Future[Buffer | None]] = [Future() for _ in ranges]

        def begin() -> None:
            for wanted, future in zip(ranges, futures, strict=True):
                self._begin(wanted, future)

        self._loop.call(begin)
        return futures

    def _begin(self, wanted: StoredRange, future: Future[Buffer | None]) -> None:
        """Ask, without a task of the loop's: that would cost a quarter more."""
        try:
            asked = asyncio.ensure_future(self._store.get(wanted.key, _byte_range(wanted)))
        except Exception as error:  # noqa: BLE001 -- it is raised where the future is asked
            future.set_exception(_fault(error))
        else:
            asked.add_done_callback(partial(_pass_on, future))


def _pass_on(future: Future[Buffer | None], answer: asyncio.Future[bytes]) -> None:
    error = answer.exception()
    if error is None:
        future.set_result(answer.result())
    elif type(error) is KeyError:  # its subclasses say that the array itself is missing
        future.set_result(None)
    else:
        future.set_exception(_fault(error))


def _fault(error: BaseException) -> BrokerError:
    what = "an array of the description" if isinstance(error, KeyError) else "a chunk"
    fault = as_fault(error, what)
    fault.__cause__ = error
    return fault


def _byte_range(wanted: StoredRange) -> tuple[int | None, int | None] | None:
    if wanted.length is None:
        return None
    if wanted.start is None:
        return None, wanted.length
    return wanted.start, wanted.start + wanted.length
