"""Ends revisions that nobody reads any more, and frees their bytes.

What a tag points at stays: `citation-` for ever, `job-` for as long as a job reads it, see `pins`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

import icechunk
from icechunk.ops import Update, UpdateType

from atoll.errors import Unavailable, UnknownDataset
from atoll.publication.branches import DELIVERY_BRANCHES, drop_branch
from atoll.publication.pins import pin, unpin
from atoll.publication.repository import BRANCH, Target, open_repository

MANIFEST_BYTES = 2**28  # of compressed manifests in memory; they are four times as large in use


@dataclass(frozen=True, slots=True)
class Freed:
    """What retention has taken away.

    Attributes:
        revisions: that were ended.
        branches: of deliveries that were killed and never tried again.
        size_bytes: of deleted objects.
    """

    revisions: frozenset[str]
    branches: tuple[str, ...]
    size_bytes: int


def retain(
    target: Target, dataset: str, keep: timedelta, now: datetime, read: Collection[str]
) -> Freed:
    """End revisions that had ceased to be `main` before `now - keep`, and free their bytes.

    Killed anywhere and run again, it ends in the same state.

    Args:
        target: the bucket of datasets.
        dataset: id.
        keep: longer than the longest job and the longest life of a URL together, and than the
            longest delivery: objects that no revision holds yet are kept as long.
        now: the end of that time.
        read: revisions that jobs read which have not ended; they are kept, however old.

    Raises:
        InvalidParameter: it is no dataset id.
        UnknownDataset: there is none of it.
        Unavailable: the store failed; run it again.
    """
    if not _exists(target, dataset):
        raise UnknownDataset(f"there is no dataset {dataset}", {"dataset": dataset})
    repository = open_repository(target, dataset)
    since = now - keep
    try:
        recent = list(takewhile(lambda each: each.updated_at >= since, repository.ops_log()))
        branches = _forgotten(repository, recent)
        for name in branches:
            drop_branch(repository, name)
        oldest = repository.lookup_snapshot(_main_before(repository, recent))
        # What is as old as the bound is kept: the revision that was `main` then.
        before = min(oldest.written_at, since)
        pin(repository, read, before, now)
        ended = repository.expire_snapshots(before)
        freed = repository.garbage_collect(
            since,
            max_compressed_manifest_mem_bytes=MANIFEST_BYTES,
            max_decoded_manifest_mem_bytes=4 * MANIFEST_BYTES,
        )
        # Afterwards: what was let go by mistake is held again the next time, before it ends.
        unpin(repository, read)
    except icechunk.IcechunkError as error:
        raise Unavailable(f"the store of {dataset} failed: {error}") from error
    return Freed(frozenset(ended), branches, freed.bytes_deleted)


def _exists(target: Target, dataset: str) -> bool:
    """Whether anything was ever published: opening would begin a dataset."""
    try:
        return icechunk.Repository.exists(target.storage(dataset))
    except icechunk.IcechunkError as error:
        raise Unavailable(f"the store of {dataset} does not answer: {error}") from error


def _main_before(repository: icechunk.Repository, recent: list[Update]) -> str:
    """What `main` was before the recent changes; a revision's age counts from its successor."""
    main = repository.lookup_branch(BRANCH)
    for kind in (update.kind for update in recent):
        if isinstance(kind, UpdateType.BranchReset) and kind.name == BRANCH:
            main = kind.previous_snap_id
        elif isinstance(kind, UpdateType.NewCommit) and kind.branch == BRANCH:
            main = repository.lookup_snapshot(kind.new_snap_id).parent_id or main
    return main


def _forgotten(repository: icechunk.Repository, recent: list[Update]) -> tuple[str, ...]:
    """Branches of deliveries that nothing has been done with recently."""
    touched = set()
    for kind in (update.kind for update in recent):
        if isinstance(kind, UpdateType.BranchCreated | UpdateType.BranchReset):
            touched.add(kind.name)
        elif isinstance(kind, UpdateType.NewCommit):
            touched.add(kind.branch)
    ours = {name for name in repository.list_branches() if name.startswith(DELIVERY_BRANCHES)}
    return tuple(sorted(ours - touched))
