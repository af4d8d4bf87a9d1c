"""about: which version answers."""

from atoll.dialects.motu.pages.html import page, tag

_PARTS = ("products", "distribution", "configuration", "static-files")


def render_about(version: str) -> str:
    """The page; Motu's four parts are one here."""
    lines = [tag("li", f"Motu-{part}: {version}") for part in _PARTS]
    return page("Motu | About", tag("h1", "About"), tag("ul", *lines))
