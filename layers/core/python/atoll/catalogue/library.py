"""The newest index that there is, in a folder of this process; an old one while none can be had."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from atoll.catalogue.build import build
from atoll.catalogue.pycsw_server import PycswServer
from atoll.catalogue.search import RecordSearch
from atoll.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from atoll.catalogue.settings import Catalogue
    from atoll.ports.records import IndexSource

FRESH_FOR_S = 5
NONE_YET = "none"


@dataclass(frozen=True, slots=True)
class Index:
    """One version of the catalogue.

    Attributes:
        version: which.
        path: its file.
        pycsw, search: what is asked.
    """

    version: str
    path: Path
    pycsw: PycswServer
    search: RecordSearch


class Library:
    """Looks every few seconds whether there is a newer index, and takes it whole."""

    def __init__(
        self,
        source: IndexSource,
        folder: Path,
        catalogue: Catalogue,
        now: Callable[[], datetime],
    ) -> None:
        self._source = source
        self._folder = folder
        self._catalogue = catalogue
        self._now = now
        self._one = Lock()
        self._index: Index | None = None
        self._before: Index | None = None
        self._looked_at: datetime | None = None

    @property
    def catalogue(self) -> Catalogue:
        """What the catalogue says of itself."""
        return self._catalogue

    def index(self) -> Index:
        """The index to be asked now.

        Raises:
            Unavailable: there is none yet in this process, and none can be had.
        """
        with self._one:
            if self._index is None or self._is_old():
                try:
                    self._look()
                except Unavailable:
                    if self._index is None:
                        raise
                self._looked_at = self._now()
            assert self._index is not None  # noqa: S101  looked for above
            return self._index

    def _is_old(self) -> bool:
        looked_at = self._looked_at
        return looked_at is None or (self._now() - looked_at).total_seconds() >= FRESH_FOR_S

    def _look(self) -> None:
        found = self._source.version()
        version = found or NONE_YET
        if self._index is not None and self._index.version == version:
            return
        path = self._folder / f"{version}.sqlite"
        if not path.exists():
            self._fetch(found, path)
        made = Index(version, path, PycswServer(path, self._catalogue), RecordSearch(path))
        # Somebody may be reading the one before; nobody reads the one before that.
        if self._before is not None:
            self._before.path.unlink(missing_ok=True)
        self._before, self._index = self._index, made

    def _fetch(self, version: str | None, path: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if version is None:
            build((), path)
            return
        part = path.with_suffix(".part")
        self._source.fetch(version, part)
        part.rename(path)
