"""What documents in JSON say of a record in the same way, whichever standard they follow."""

from collections.abc import Iterable

from pydantic import JsonValue

from atoll.dialects.addresses import is_address
from atoll.model.record import RENDERINGS, Record, Rendering

type Document = dict[str, JsonValue]


def present(members: Document) -> Document:
    """The members that say something."""
    return {name: value for name, value in members.items() if value not in (None, "", [])}


def links_of(record: Record, rendering: Rendering, others: Iterable[Document]) -> list[JsonValue]:
    """Links: to its other forms, to whatever else there is, to what to read, and to its rights.

    Args:
        record: that it tells of.
        rendering: its own form.
        others: links of its own kind.
    """
    links: list[JsonValue] = [
        {
            "rel": "self" if form == rendering else "alternate",
            "type": media_type,
            "href": record.rendered_at(form),
        }
        for form, media_type in RENDERINGS.items()
    ]
    links += others
    links += [
        {"rel": "describedby", "href": one.url, "title": one.title}
        for one in record.documents
        if is_address(one.url)
    ]
    if is_address(record.licence):
        links.append({"rel": "license", "href": record.licence})
    if record.doi:
        links.append({"rel": "cite-as", "href": f"https://doi.org/{record.doi}"})
    return links
