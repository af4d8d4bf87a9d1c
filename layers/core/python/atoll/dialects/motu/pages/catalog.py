"""listcatalog: the datasets of a product."""

from collections.abc import Sequence

from atoll.dialects.motu.pages.html import link, page, table, tag
from atoll.ports import DatasetEntry

_HEADINGS = ("Dataset", "Title", "Download", "Metadata", "Last update")


def render_catalog(product: str, entries: Sequence[DatasetEntry]) -> str:
    """The page.

    Args:
        product: the service.
        entries: its datasets that the caller may see, in the order shown.
    """
    rows = [
        (
            entry.dataset,
            entry.title,
            link("Download", action="productdownloadhome", service=product, product=entry.dataset),
            link("Metadata", action="listproductmetadata", service=product, product=entry.dataset),
            entry.updated_at,
        )
        for entry in entries
    ]
    return page(f"Motu | {product}", tag("h1", product), table(_HEADINGS, rows))
