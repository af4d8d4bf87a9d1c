"""The one way pages are written: elements, whose text is escaped when the page is."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, tostring

from atoll.dialects.characters import writable
from atoll.dialects.motu.xml import element

_STAY_S = 5
_STYLE = (
    "body{font:1rem/1.5 sans-serif;margin:1rem auto;max-width:70rem;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{border:1px solid;padding:.2rem .5rem;text-align:left}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere}"
)

type Content = Element | str


def page(title: str, *content: Content, follow: str | None = None) -> str:
    """A whole page.

    Args:
        title: of the window; the page's own heading is part of its content.
        content: of its main part.
        follow: address that a browser goes to by itself after a while.
    """
    on = {"http-equiv": "refresh", "content": f"{_STAY_S};url={follow}"}
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        *([] if follow is None else [element("meta", on)]),
        element("title", {}, text=title),
        element("style", {}, text=_STYLE),
    )
    places = [link(text, action=action) for action, text in _PLACES.items()]
    body = tag("body", tag("nav", *_between(places, " | ")), tag("main", *content))
    html = element("html", {"lang": "en"}, head, body)
    return f"<!DOCTYPE html>\n{tostring(html, encoding='unicode', method='html')}\n"


_PLACES: Mapping[str, str] = {
    "welcome": "Motu",
    "listservices": "Services",
    "debug": "Requests",
    "about": "About",
}


def tag(name: str, /, *content: Content, **attributes: str) -> Element:
    """An element of text and elements; an underscore at the end of an attribute is left out."""
    made = element(name, {key.rstrip("_"): value for key, value in attributes.items()})
    last: Element | None = None
    for part in content:
        if isinstance(part, Element):
            made.append(part)
            last = part
        elif last is None:
            made.text = (made.text or "") + writable(part)
        else:
            last.tail = (last.tail or "") + writable(part)
    return made


def link(text: str, **parameters: str) -> Element:
    """A link to an action of this door."""
    return tag("a", text, href=f"Motu?{urlencode(parameters)}")


def table(headings: Sequence[str], rows: Iterable[Sequence[Content]]) -> Element:
    """A table with a line of headings."""
    top = tag("tr", *(tag("th", heading, scope="col") for heading in headings))
    lines = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
    return tag("table", tag("thead", top), tag("tbody", *lines))


def facts(rows: Mapping[str, Content]) -> Element:
    """What is told of one thing; what is not known is `-`."""
    lines = [
        tag("tr", tag("th", name, scope="row"), tag("td", "-" if value == "" else value))
        for name, value in rows.items()
    ]
    return tag("table", tag("tbody", *lines))


def _between(parts: Sequence[Content], separator: str) -> Iterable[Content]:
    for number, part in enumerate(parts):
        if number:
            yield separator
        yield part
