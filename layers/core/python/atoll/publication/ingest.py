"""Does a delivery to a dataset: on a branch, read back, and then `main` at once."""

from dataclasses import dataclass
from datetime import datetime

import icechunk

from atoll.errors import DataError, InvalidParameter, Unavailable
from atoll.model.coverage import Coverage
from atoll.model.delivery import MOST_OPERATIONS
from atoll.model.names import check_dataset_id
from atoll.planning.calendar import moment_text
from atoll.publication.branches import (
    DELIVERY_ID,
    branch_of,
    delivery_branch,
    drop_branch,
    find_delivery,
    move_main,
)
from atoll.publication.describe import describe
from atoll.publication.layouts import write_layouts
from atoll.publication.merge import Merged, merge
from atoll.publication.opened import opened
from atoll.publication.order import check_order, times_told
from atoll.publication.ranges import Ranges
from atoll.publication.repository import BRANCH, Target, open_repository
from atoll.publication.stored import Stored, read_stored
from atoll.publication.verify import verify
from atoll.publication.virtual_files import VirtualFiles, files_of, refreshed
from atoll.publication.work import Outcome, Work


def ingest(work: Work, target: Target, now: datetime) -> Outcome:
    """Do all of a delivery's operations, or none.

    Readers of `main` see the dataset as it was or as it shall be. A delivery whose id is in
    the history of `main` is not done again, and has the same revision.

    Args:
        work: what is delivered.
        target: the bucket of datasets.
        now: the revision's time.

    Raises:
        InvalidParameter: a file, the dataset id or the target is not there or not one, a
            period cannot be meant in the dataset's calendar, or a `replace` is by older data.
        EmptySelection: nothing lies in the period of a `delete`.
        DataError: a file cannot be published.
        Unavailable: the store failed, or another delivery came between; try again.
    """
    check_dataset_id("--dataset", work.dataset)
    if len(work.changes) > MOST_OPERATIONS:
        told = f"at most {MOST_OPERATIONS} files make one delivery; publish them in several"
        raise InvalidParameter("FILE", f"{len(work.changes)} files", told)
    ingestion = _Ingestion(work, target.dataset_url(work.dataset),
                           open_repository(target, work.dataset, work.product.archive), now,
                           files_of(work, target))  # fmt: skip
    try:
        return ingestion.outcome()
    except icechunk.ConflictError as error:
        raise Unavailable("another delivery was committed meanwhile; publish again") from error
    except icechunk.IcechunkError as error:
        raise Unavailable(f"the store failed: {error}") from error


def revision_of(delivery_id: str, dataset: str, target: Target) -> str | None:
    """The revision in the history of `main` that holds a delivery; None = none does.

    Raises:
        Unavailable: the store failed; try again.
    """
    repository = open_repository(target, dataset)
    try:
        return find_delivery(repository, repository.lookup_branch(BRANCH), delivery_id)
    except icechunk.IcechunkError as error:
        raise Unavailable(f"the store failed: {error}") from error


@dataclass(frozen=True, slots=True)
class _Ingestion:
    """One run of a delivery."""

    work: Work
    url: str
    repository: icechunk.Repository
    now: datetime
    files: VirtualFiles | None

    def outcome(self) -> Outcome:
        base = self.repository.lookup_branch(BRANCH)
        revision = find_delivery(self.repository, base, self.work.delivery_id)
        if revision is not None:
            drop_branch(self.repository, branch_of(base, self.work.delivery_id))
            return Outcome(revision, self._coverage(base))
        self.work.on_step("ingesting")
        check_order(self.work, self.repository, base)
        before = self._stored(base)
        if before is not None and before.mode != self.work.product.mode:
            told = f"mode is {self.work.product.mode}, and {self.work.dataset} is {before.mode}"
            raise DataError(f"{told}: publish it under another id", {"mode": before.mode})
        contents = None if before is None else before.contents
        with opened(self.work) as operations:
            virtual = self.files is not None
            merged = merge(contents, refreshed(contents, operations) if virtual else operations)
            with delivery_branch(self.repository, base, self.work.delivery_id) as branch:
                coverage = self._on_branch(branch, merged, before)
                move_main(self.repository, base, coverage.revision)
        return Outcome(coverage.revision, coverage)

    def _on_branch(self, branch: str, merged: Merged, before: Stored | None) -> Coverage:
        """Write, commit and read back; the description of what was written."""
        session = self.repository.writable_session(branch)
        recorded = write_layouts(session, merged, before, self.work.product, self.files)
        revision = self._commit(session, recorded)
        self.work.on_step("verifying")
        after = self._stored(revision)
        if after is None:
            raise DataError(f"{self.work.dataset}: nothing was written")
        verify(merged, before, after, recorded)
        return self._coverage(revision)

    def _commit(self, session: icechunk.Session, recorded: Ranges) -> str:
        """The new revision; without a change and a name it is the old one."""
        if not session.has_uncommitted_changes and self.work.delivery_id is None:
            return session.snapshot_id
        names = [path.name for path in self.work.files]
        ranges = {name: list(ends) for name, ends in recorded.found.items()}
        updated_at = max(instant_text(self.now), self._updated_at(session.snapshot_id))
        metadata = {"updated_at": updated_at, "files": names, "ranges": ranges}
        metadata |= times_told(self.work)
        if self.work.delivery_id is not None:
            metadata[DELIVERY_ID] = self.work.delivery_id
        told = f"{self.work.dataset}: {len(names)} files"
        return session.commit(told, metadata=metadata, allow_empty=True)

    def _updated_at(self, revision: str) -> str:
        """When a revision was made; empty of the first, which is nothing.

        None is older than the one that it follows, whatever a machine's clock says: by this the
        catalogue knows which is the newer.
        """
        return str(self.repository.lookup_snapshot(revision).metadata.get("updated_at", ""))

    def _stored(self, revision: str) -> Stored | None:
        store = self.repository.readonly_session(snapshot_id=revision).store
        return read_stored(store, self.work.product)

    def _coverage(self, revision: str) -> Coverage:
        stored = self._stored(revision)
        if stored is None:
            raise DataError(f"{self.work.dataset}: nothing was written")
        draft = describe(stored, self.work.dataset, self.work.product, self.url)
        return draft.model_copy(
            update={"revision": revision, "updated_at": self._updated_at(revision)}
        )


def instant_text(instant: datetime) -> str:
    """ISO 8601 in UTC, as all times in results are told."""
    return moment_text(instant.timestamp(), "seconds since 1970-01-01", "standard")
