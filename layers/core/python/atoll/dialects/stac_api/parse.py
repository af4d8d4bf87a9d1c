"""A search of the STAC API 1.0, as parameters of a GET or as JSON of a POST, to a query."""

import json
from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from atoll.dialects.boxes import boxes_of
from atoll.dialects.instants import period_of
from atoll.errors import InvalidParameter
from atoll.model.search import LONGEST_PAGE, RecordQuery

MOST_IDS = 500
MOST_WORDS = 20
_LISTS = ("ids", "collections")

type Said = Annotated[str, Field(max_length=1_000)]


class SearchInputs(BaseModel):
    """What may be said; what else is said is of extensions that there are none of here."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    bbox: list[float] | None = None
    datetime: Said | None = None
    ids: Annotated[list[Said], Field(max_length=MOST_IDS)] | None = None
    collections: Annotated[list[Said], Field(max_length=MOST_IDS)] | None = None
    intersects: dict[str, JsonValue] | None = None
    q: Said | Annotated[list[Said], Field(max_length=MOST_WORDS)] | None = None
    limit: int = Field(default=10, ge=1)
    offset: int = Field(default=0, ge=0, le=10**9)


def parse_query(said: Mapping[str, str]) -> RecordQuery:
    """Of the parameters of a GET.

    Raises:
        InvalidParameter: one of them is malformed.
    """
    inputs: dict[str, object] = {name: value for name, value in said.items() if value}
    inputs |= {name: said[name].split(",") for name in (*_LISTS, "bbox", "q") if said.get(name)}
    if said.get("intersects"):
        try:
            inputs["intersects"] = json.loads(said["intersects"])
        except (ValueError, RecursionError) as fault:
            raise InvalidParameter("intersects", said["intersects"], "GeoJSON is") from fault
    return _query(_validated(lambda: SearchInputs.model_validate(inputs)))


def parse_body(body: bytes) -> tuple[RecordQuery, dict[str, JsonValue]]:
    """Of the JSON of a POST, and that itself, as the next page is asked for.

    Raises:
        InvalidParameter: it is no JSON, or one of its members is malformed.
    """
    try:
        said = json.loads(body or b"{}", parse_constant=_no_number)
        # As it will be said again: texts may be no Unicode, and numbers become infinite.
        json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as fault:
        raise InvalidParameter("body", body, f"JSON (RFC 8259) is: {fault}") from fault
    return _query(_validated(lambda: SearchInputs.model_validate(said))), said


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _validated(make: Callable[[], SearchInputs]) -> SearchInputs:
    try:
        return make()
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "body"
        raise InvalidParameter(name, first["input"], first["msg"].lower()) from fault


def _query(said: SearchInputs) -> RecordQuery:
    if said.bbox is not None and said.intersects is not None:
        raise InvalidParameter("intersects", said.intersects, "bbox or intersects is, not both")
    start, end = period_of(said.datetime) if said.datetime else ("", "")
    return RecordQuery(
        ids=_ids(said),
        boxes=boxes_of(said.bbox) if said.bbox is not None else (),
        shape="" if said.intersects is None else json.dumps(said.intersects),
        start=start,
        end=end,
        words=_words(said.q),
        limit=min(said.limit, LONGEST_PAGE),
        offset=said.offset,
    )


def _ids(said: SearchInputs) -> tuple[str, ...] | None:
    """A dataset's collection has one item, of the same id."""
    named = [set(names) for names in (said.ids, said.collections) if names is not None]
    return tuple(sorted(set.intersection(*named))) if named else None


def _words(said: str | list[str] | None) -> tuple[tuple[str, ...], ...]:
    """Free text: a comma is OR, a space is AND (STAC API, free-text extension)."""
    texts = said.split(",") if isinstance(said, str) else said or []
    parted = (tuple(text.split()[:MOST_WORDS]) for text in texts[:MOST_WORDS])
    return tuple(words for words in parted if words)
