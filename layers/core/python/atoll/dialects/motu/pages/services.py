"""listservices: the products of this unit."""

from collections.abc import Sequence

from atoll.dialects.motu.pages.html import link, page, table, tag

_HEADINGS = ("Service Description", "Type")


def render_services(products: Sequence[str]) -> str:
    """The page.

    Args:
        products: that the caller may see, in the order shown.
    """
    rows = [(link(product, action="listcatalog", service=product), "tds") for product in products]
    return page("Motu | Services", tag("h1", "Motu available services"), table(_HEADINGS, rows))
