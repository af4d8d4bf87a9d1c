"""The door's few pages, for browsers and for the client that reads a form's action. No script."""

from html import escape
from urllib.parse import quote

MEDIA_TYPE = "text/html; charset=UTF-8"


def render_login(cas_url: str, service: str) -> str:
    """The way on to the identity provider's pages: at once, or by a link.

    Args:
        cas_url: of this door, without a slash at its end.
        service: that wants to know who it is; empty = none was named.
    """
    onward = f"{cas_url}/hosted?service={quote(service, safe='')}"
    link = f'<p><a href="{escape(onward)}">Sign in</a></p>'
    if not service:
        return _page(
            "Sign in",
            "<p>No service was named: there is nothing to go on to after the sign-in.</p>"
            f"<p>To set a new password or a second factor:</p>{link}",
        )
    refresh = f'<meta http-equiv="refresh" content="0; url={escape(onward)}">'
    return _page("Sign in", f"<p>Going on to the sign-in.</p>{link}", refresh)


def render_grant(address: str) -> str:
    """A ticket-granting ticket, as CAS servers tell it: as a form that leads to it.

    Args:
        address: absolute, of the ticket.
    """
    return _page(
        "Signed in",
        f'<form action="{escape(address)}" method="post">'
        '<label>Service: <input type="text" name="service" value=""></label>'
        '<input type="submit" value="Issue a ticket"></form>',
    )


def render_message(title: str, text: str) -> str:
    """A page that only says something.

    Args:
        title: in a few words.
        text: a sentence, not markup.
    """
    return _page(title, f"<p>{escape(text)}</p>")


def _page(title: str, body: str, head: str = "") -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="UTF-8">'
        f"<title>{escape(title)}</title>{head}</head>\n"
        f"<body><h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )
