"""The note dn/1: a delivery in JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from atoll.dialects.delivery.fields import (
    check_length,
    check_names,
    check_number,
    check_path,
    check_times,
    check_unlike,
    instant,
)
from atoll.errors import InvalidParameter
from atoll.model.delivery import Action, DataMode, DeliveryNote, Operation

LARGEST_FILE_BYTES = 5 * 2**30  # of one PUT to S3
LONGEST_NAME = 60
_OF_FILES = ("path", "bytes", "sha256")


class NoteOperation(BaseModel):
    """One thing to do: with a file, or with times that are there."""

    model_config = ConfigDict(extra="forbid", strict=True)

    op: Action = Field(description="`put` adds times, `replace` corrects, `delete` takes away.")
    path: str | None = Field(default=None, description="Of the file; not of a `delete`.")
    bytes: int | None = Field(default=None, ge=1, le=LARGEST_FILE_BYTES)
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    time_start: str | None = Field(default=None, description="First time; a `delete` needs it.")
    time_end: str | None = Field(default=None, description="Last time, included.")


class NoteDocument(BaseModel):
    """What a producer says of a delivery, all or nothing."""

    model_config = ConfigDict(extra="forbid", strict=True)

    schema_: Literal["dn/1"] = Field(alias="schema")
    delivery_id: str = Field(description="The producer's own: the same again is the same delivery.")
    producer: str = Field(description="A profile that may deliver to the product.")
    product: str
    dataset: str
    data_mode: DataMode = "NRT"
    production_time: str | None = Field(default=None, description="When the data were made.")
    reference_time: str | None = Field(
        default=None, description="Of a forecast: when it starts from. Its cycle is told by it."
    )
    operations: list[NoteOperation] = Field(description="Done in this order; 1 to 500.")


def parse_note(text: bytes) -> DeliveryNote:
    """Read a note.

    Raises:
        RequestTooLong: above 1 MiB.
        InvalidParameter: it is none; it names the key, e.g. `operations.3.path`.
    """
    check_length(text)
    try:
        said = NoteDocument.model_validate(_document(text))
    except ValidationError as fault:
        raise _invalid(fault.errors()[0]) from fault
    names = said.model_dump(include={"delivery_id", "producer", "product", "dataset"})
    check_names(names, {})
    operations = [_operation(f"operations.{i}", one) for i, one in enumerate(said.operations)]
    check_unlike((f"operations.{i}.path", one.path) for i, one in enumerate(operations) if one.path)
    return DeliveryNote(
        **names,
        data_mode=said.data_mode,
        production_time=_instant("production_time", said.production_time),
        reference_time=_instant("reference_time", said.reference_time),
        operations=tuple(operations),
    )


def _document(text: bytes) -> object:
    """The JSON; its operations are counted before any is looked at."""
    try:
        document: object = json.loads(
            text.decode(), object_pairs_hook=_once, parse_constant=_no_number
        )
    except RecursionError as fault:
        raise InvalidParameter("note", "levels of lists", "a note has no such depth") from fault
    except ValueError as fault:
        raise InvalidParameter("note", str(fault), "give one JSON document (RFC 8259)") from fault
    if not isinstance(document, dict):
        raise InvalidParameter("note", document, "a JSON object is needed")
    operations = document.get("operations")
    if isinstance(operations, list):
        check_number("operations", len(operations))
    return document


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys are there once: the second would win, unseen."""
    said: dict[str, object] = {}
    for key, value in pairs:
        key.encode()  # half a pair of surrogates: no answer could be written
        if key in said:
            raise InvalidParameter(key[:LONGEST_NAME], "the key twice", "each key once is")
        said[key] = value
    return said


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _operation(key: str, said: NoteOperation) -> Operation:
    _check_members(key, said)
    if said.path is not None:
        check_path(f"{key}.path", said.path)
    check_times((f"{key}.time_start", f"{key}.time_end"), said.time_start, said.time_end)
    return Operation(
        action=said.op,
        path=said.path,
        size_bytes=said.bytes,
        sha256=said.sha256,
        time_start=said.time_start,
        time_end=said.time_end,
    )


def _check_members(key: str, said: NoteOperation) -> None:
    values: Mapping[str, object] = said.model_dump()
    if said.op == "delete":
        for name in _missing(values, ("time_start", "time_end")):
            raise InvalidParameter(f"{key}.{name}", None, "a delete needs time_start and time_end")
        for name in _OF_FILES:
            if values[name] is not None:
                raise InvalidParameter(f"{key}.{name}", values[name], "a delete names times alone")
        return
    for name in _missing(values, _OF_FILES):
        needed = f"a {said.op} needs {', '.join(_OF_FILES)} of its file"
        raise InvalidParameter(f"{key}.{name}", None, needed)


def _missing(values: Mapping[str, object], names: tuple[str, ...]) -> Iterator[str]:
    return (name for name in names if values[name] is None)


def _instant(key: str, text: str | None) -> str | None:
    return None if text is None else instant(key, text)


def _invalid(found: ErrorDetails) -> InvalidParameter:
    """Pydantic's first complaint as ours, by the key's own name."""
    place = found["loc"]
    name = ".".join(str(part)[:LONGEST_NAME] for part in place)
    accepted = found["msg"][0].lower() + found["msg"][1:]
    if found["type"] == "extra_forbidden":
        kind = NoteDocument if len(place) == 1 else NoteOperation
        known = [field.alias or name for name, field in kind.model_fields.items()]
        accepted = f"there is no such key; there are: {', '.join(known)}"
    value = None if found["type"] == "missing" else found["input"]
    return InvalidParameter(name, value, accepted)
