"""Tags that hold revisions which jobs still read: set before revisions end, taken away after.

Nobody else sets tags of these names: one that no job needs any more is deleted.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

import icechunk

PINS = "job-"


def pin(
    repository: icechunk.Repository, read: Collection[str], before: datetime, now: datetime
) -> None:
    """Hold those revisions that would end otherwise.

    Args:
        repository: of the dataset.
        read: revisions that jobs read; one that is no more cannot be helped.
        before: what was written before it may end.
        now: part of the tags' names: Icechunk gives none a second time.
    """
    held = set(_pins(repository).values())
    for revision in sorted(set(read) - held):
        with suppress(icechunk.SnapshotNotFoundError):
            if repository.lookup_snapshot(revision).written_at < before:
                repository.create_tag(f"{PINS}{revision}-{now:%Y%m%dT%H%M%S%fZ}", revision)


def unpin(repository: icechunk.Repository, read: Collection[str]) -> None:
    """Let go of revisions that no job reads any more."""
    for tag, revision in _pins(repository).items():
        if revision not in read:
            repository.delete_tag(tag)


def _pins(repository: icechunk.Repository) -> dict[str, str]:
    """Revisions by tag."""
    ours = (tag for tag in repository.list_tags() if tag.startswith(PINS))
    return {tag: repository.lookup_tag(tag) for tag in ours}
