"""Central's catalogue: keep what units tell, and make the index of all that is kept."""

from collections.abc import Callable
from pathlib import Path

from atoll.errors import Unavailable
from atoll.model.announcement import Telling
from atoll.ports.records import KeptRecords, RecordStore

MOST_ATTEMPTS = 10

type Build = Callable[[KeptRecords], Path]


def keep(telling: Telling, store: RecordStore) -> bool:
    """Keep what a unit has told.

    Returns:
        False where the unit has told something newer of this dataset.

    Raises:
        InvalidParameter: it cannot be kept.
        Unavailable: the store did not answer.
    """
    telling.announcement.check()
    return store.keep(telling)


def index(store: RecordStore, build: Build, new_id: Callable[[], str]) -> str:
    """Make the catalogue of everything that is kept.

    Another run may do so at the same time. What both have kept is in whichever is the last: a run
    reads the records after it has seen which version it takes the place of, and reads them again
    where another version has come between.

    Args:
        store: of the records.
        build: makes a file of them.
        new_id: another one each time.

    Returns:
        The version.

    Raises:
        Unavailable: the store did not answer, or others were faster each time.
    """
    for _ in range(MOST_ATTEMPTS):
        before, version = store.version(), new_id()
        path = build(store.records())
        try:
            if store.replace(before, version, path):
                return version
        finally:
            path.unlink(missing_ok=True)
    raise Unavailable(f"The catalogue was made anew {MOST_ATTEMPTS} times meanwhile; try again.")
