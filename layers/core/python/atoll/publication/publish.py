"""Publishes a delivery: files in, one atomic commit and its description out."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import icechunk
import zarr

from atoll.errors import DataError, InvalidParameter, Unavailable, UnknownDataset
from atoll.model.coverage import Coverage
from atoll.model.names import check_dataset_id
from atoll.model.product import LayoutName, Product
from atoll.planning.calendar import moment_text
from atoll.ports import Catalogue
from atoll.publication.chunks import layouts_of
from atoll.publication.classic import check_length
from atoll.publication.compare import new_steps_start
from atoll.publication.describe import describe
from atoll.publication.fields import Contents
from atoll.publication.join import join
from atoll.publication.layout import Layout, set_attributes
from atoll.publication.repair import repair
from atoll.publication.repository import BRANCH, Target, open_repository
from atoll.publication.source import open_source
from atoll.publication.stored import FIELDS_ATTRIBUTE, PRODUCT_ATTRIBUTE, read_stored
from atoll.publication.times import in_units_of

MOST_FILES = 500  # all are open at a time; a process may often open 1024


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is published.

    Attributes:
        files: CF NetCDF, one or several along time, in any order.
        dataset: id; see `model.names`.
        product: its settings.
    """

    files: Sequence[Path]
    dataset: str
    product: Product


def publish(delivery: Delivery, target: Target, catalogue: Catalogue, now: datetime) -> Coverage:
    """Add a delivery to a dataset, wholly or not at all, and make it the catalogue's `main`.

    The same delivery again commits nothing and gives the same description to the catalogue.

    Args:
        delivery: what is published.
        target: the bucket of datasets.
        catalogue: learns of the description after the commit, and is asked before it: one that
            does not answer should be found out while nothing is written.
        now: the revision's time.

    Raises:
        InvalidParameter: a file, the dataset id or the target is not there or not one.
        DataError: a file cannot be published; `main` is untouched.
        Unavailable: the store or the catalogue failed, or another delivery came between;
            publish again.
    """
    check_dataset_id("--dataset", delivery.dataset)
    if not delivery.files:
        raise InvalidParameter("FILE", "", "at least one NetCDF file is needed")
    if len(delivery.files) > MOST_FILES:
        told = f"at most {MOST_FILES} files make one delivery; publish them in several"
        raise InvalidParameter("FILE", f"{len(delivery.files)} files", told)
    with suppress(UnknownDataset):
        catalogue.entry(delivery.dataset)
    with _open_delivery(delivery) as contents:
        try:
            coverage = _commit(contents, delivery, target, now)
        except icechunk.ConflictError as error:
            raise Unavailable("another delivery was committed meanwhile; publish again") from error
        except icechunk.IcechunkError as error:
            raise Unavailable(f"the store failed: {error}") from error
    catalogue.publish(coverage)
    return coverage


@contextmanager
def _open_delivery(delivery: Delivery) -> Iterator[Contents]:
    """All files as one, repaired. What a library only warns of in data is an error here."""
    with ExitStack() as stack, warnings.catch_warnings():
        for category in (UserWarning, RuntimeWarning):
            warnings.simplefilter("error", category)
        try:
            files = []
            for path in delivery.files:
                source = stack.enter_context(open_source(path))
                check_length(path)
                files.append(repair(source, delivery.product))
            yield join(files)
        except Warning as warning:
            raise DataError(f"{delivery.dataset}: {warning}") from warning


def _commit(contents: Contents, delivery: Delivery, target: Target, now: datetime) -> Coverage:
    repository = open_repository(target, delivery.dataset)
    session = repository.writable_session(BRANCH)
    _write(session.store, contents, delivery.product)
    draft = _describe(session.store, delivery, target.dataset_url(delivery.dataset))
    names = [path.name for path in delivery.files]
    metadata = {"updated_at": _instant_text(now), "files": names}
    if session.has_uncommitted_changes:
        revision = session.commit(f"{delivery.dataset}: {len(names)} files", metadata=metadata)
    else:
        revision = session.snapshot_id
        metadata = repository.lookup_snapshot(revision).metadata
    told = {"revision": revision, "updated_at": metadata["updated_at"]}
    return draft.model_copy(update=told)


def _instant_text(instant: datetime) -> str:
    """ISO 8601 in UTC, as all times in results are told."""
    return moment_text(instant.timestamp(), "seconds since 1970-01-01", "standard")


def _write(store: icechunk.IcechunkStore, contents: Contents, product: Product) -> None:
    """Write into every layout what is new, and refuse what may not be."""
    stored = read_stored(store, product)
    if stored is None:
        _write_layouts(store, contents, product, layouts_of(contents), 0)
    else:
        contents = in_units_of(contents, stored.contents)
        first = new_steps_start(contents, stored.contents)
        if _newest(contents, stored.contents):
            _write_layouts(store, contents, product, tuple(stored.arrays), first)
        else:
            contents = stored.contents
    settings = {"id", "title", "licence", "profiles", "time", "roles"}
    told = product.model_dump(mode="json", include=settings)
    root = zarr.open_group(store, mode="a", zarr_format=3)
    set_attributes(root, {FIELDS_ATTRIBUTE: list(contents.fields), PRODUCT_ATTRIBUTE: told})


def _write_layouts(
    store: icechunk.IcechunkStore,
    contents: Contents,
    product: Product,
    names: Iterable[LayoutName],
    first: int | None,
) -> None:
    """Write steps from `first` on (None = there is no new one), and the newest attributes."""
    for name in names:
        layout = Layout(store, name, product.chunks)
        if first is not None:
            layout.write(contents, first)
        layout.describe(contents)


def _newest(contents: Contents, stored: Contents) -> bool:
    """The delivery holds the dataset's last time: then its attributes are the dataset's."""
    times, before = contents.time_field, stored.time_field
    if times is None or before is None:
        return True
    return bool(times.whole()[-1] >= before.whole()[-1])


def _describe(store: icechunk.IcechunkStore, delivery: Delivery, url: str) -> Coverage:
    stored = read_stored(store, delivery.product)
    if stored is None:
        raise DataError(f"{delivery.dataset}: nothing was written")
    return describe(stored, delivery.dataset, delivery.product, url)
