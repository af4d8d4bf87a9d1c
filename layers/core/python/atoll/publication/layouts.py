"""Writes a dataset as it shall be into all of its layouts."""

import icechunk
import zarr

from atoll.model.product import LayoutName, Product
from atoll.publication.chunks import layouts_of
from atoll.publication.layout import Layout, set_attributes
from atoll.publication.merge import Merged
from atoll.publication.ranges import Ranges
from atoll.publication.scratch import as_read_for
from atoll.publication.stored import FIELDS_ATTRIBUTE, PRODUCT_ATTRIBUTE, Stored
from atoll.publication.virtual import VirtualLayout
from atoll.publication.virtual_files import VirtualFiles

_SETTINGS = {"id", "title", "licence", "profiles", "time", "roles", "mode"}


def write_layouts(
    session: icechunk.Session,
    merged: Merged,
    before: Stored | None,
    product: Product,
    files: VirtualFiles | None = None,
) -> Ranges:
    """Write what has changed, and nothing where nothing has.

    Args:
        session: that is written in.
        merged: the dataset as it shall be.
        before: as it was; None = there was none.
        product: its settings.
        files: that it refers to, chunk by chunk; None = their numbers are copied.

    Returns:
        Ranges of the numbers that are the files'; every layout holds the same.
    """
    recorded = Ranges(merged)
    names = _layouts(merged, before, files)
    for name in names:
        old = None if before is None else before.of(name)
        if files is None:
            layout = Layout(session, name, product.chunks)
        else:
            layout = VirtualLayout(session, name, product.chunks, files, merged)
        with as_read_for(name, merged) as source:
            layout.write(source, old, recorded)
    told = product.model_dump(mode="json", include=_SETTINGS)
    root = zarr.open_group(session.store, mode="a", zarr_format=3)
    set_attributes(root, {FIELDS_ATTRIBUTE: list(merged.newest.fields), PRODUCT_ATTRIBUTE: told})
    return recorded


def _layouts(
    merged: Merged, before: Stored | None, files: VirtualFiles | None
) -> tuple[LayoutName, ...]:
    """Those that there are; of chunks in files only the one that they were cut for."""
    if before is not None:
        return tuple(before.arrays)
    return layouts_of(merged.contents(None)) if files is None else ("geo",)
