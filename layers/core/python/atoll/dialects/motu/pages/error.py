"""What went wrong, to a person."""

from atoll.dialects.motu.pages.html import page, tag


def render_error(code_line: str) -> str:
    """The page.

    Args:
        code_line: `AAA-E : message`.
    """
    return page("Motu | Error", tag("h1", "Error"), tag("p", code_line, role="alert"))
