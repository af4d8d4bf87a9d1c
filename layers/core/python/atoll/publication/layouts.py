"""Writes a dataset as it shall be into all of its layouts."""

import icechunk
import zarr

from atoll.model.product import Product
from atoll.publication.chunks import layouts_of
from atoll.publication.layout import Layout, set_attributes
from atoll.publication.merge import Merged
from atoll.publication.ranges import Ranges
from atoll.publication.stored import FIELDS_ATTRIBUTE, PRODUCT_ATTRIBUTE, Stored

_SETTINGS = {"id", "title", "licence", "profiles", "time", "roles"}


def write_layouts(
    session: icechunk.Session, merged: Merged, before: Stored | None, product: Product
) -> Ranges:
    """Write what has changed, and nothing where nothing has.

    Returns:
        Ranges of the numbers that are the files'; every layout holds the same.
    """
    recorded = Ranges(merged)
    names = layouts_of(merged.contents(None)) if before is None else tuple(before.arrays)
    for name in names:
        old = None if before is None else before.of(name)
        Layout(session, name, product.chunks).write(merged, old, recorded)
    told = product.model_dump(mode="json", include=_SETTINGS)
    root = zarr.open_group(session.store, mode="a", zarr_format=3)
    set_attributes(root, {FIELDS_ATTRIBUTE: list(merged.newest.fields), PRODUCT_ATTRIBUTE: told})
    return recorded
