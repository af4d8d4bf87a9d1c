"""A delivery's own branch of a repository, and how `main` takes it over: at once, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice

import icechunk

from atoll.errors import Unavailable
from atoll.publication.repository import BRANCH

DELIVERY_ID = "delivery_id"  # in a commit's metadata
DELIVERY_BRANCHES = "delivery-"
MOST_ANCESTORS = 10_000


@contextmanager
def delivery_branch(
    repository: icechunk.Repository, base: str, delivery_id: str | None
) -> Iterator[str]:
    """A branch that begins at `base`; it is deleted afterwards, whatever has happened.

    One that a killed run has left behind begins anew. If the store does not answer when it is
    to be deleted, it stays until the delivery is tried again, or retention ends it.

    Yields:
        its name.
    """
    name = branch_of(base, delivery_id)
    if name in repository.list_branches():
        repository.reset_branch(name, base)
    else:
        repository.create_branch(name, base)
    try:
        yield name
    finally:
        drop_branch(repository, name)


def branch_of(base: str, delivery_id: str | None) -> str:
    """The name of a delivery's branch."""
    return f"{DELIVERY_BRANCHES}{delivery_id or base}"


def drop_branch(repository: icechunk.Repository, name: str) -> None:
    """Delete a branch, if there is one and the store answers."""
    with suppress(icechunk.IcechunkError):
        repository.delete_branch(name)


def find_delivery(
    repository: icechunk.Repository, base: str, delivery_id: str | None
) -> str | None:
    """The snapshot that holds a delivery, among the newest 10,000 up to `base`; None = none."""
    if delivery_id is None:
        return None
    newest = islice(repository.ancestry(snapshot_id=base), MOST_ANCESTORS)
    return next((each.id for each in newest if each.metadata.get(DELIVERY_ID) == delivery_id),
                None)  # fmt: skip


def move_main(repository: icechunk.Repository, base: str, revision: str) -> None:
    """Make a revision `main`, if that is still where it began.

    Raises:
        Unavailable: it is not: another delivery came between.
    """
    try:
        repository.reset_branch(BRANCH, revision, from_snapshot_id=base)
    except icechunk.ConflictError as error:
        raise Unavailable("another delivery was committed meanwhile; publish again") from error
