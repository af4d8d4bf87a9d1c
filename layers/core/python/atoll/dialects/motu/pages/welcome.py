"""welcome: what this place is."""

from atoll.dialects.motu.pages.html import link, page, tag


def render_welcome() -> str:
    """The page."""
    return page(
        "Motu",
        tag("h1", "Motu"),
        tag("p", "Subsets of gridded ocean and Earth-observation data, made to order."),
        tag("p", "Start with the ", link("available services", action="listservices"), "."),
        tag("p", "Programs ask here as motuclient does: ", tag("code", "Motu?action=...")),
    )
