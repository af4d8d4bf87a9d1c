"""Settings of a dataset as operators write them, in YAML or JSON, which is YAML too."""

import json
import re
from collections.abc import Iterator

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from atoll.dialects.addresses import is_address
from atoll.dialects.lined_yaml import Complaint, Document, NotPlain, Path, Plain, read_document
from atoll.errors import InvalidParameter
from atoll.model import product as model
from atoll.model.document import Document as Reading
from atoll.model.product import Product
from atoll.model.value import Value
from atoll.planning.digest import tag_of
from atoll.planning.due import Promise

LONGEST_TEXT_BYTES = 131_072

# Where which keys may stand; a name of the operator's own, and a number, is `*`.
_SHAPES: dict[tuple[str, ...], type[Value]] = {
    (): Product,
    ("time",): model.TimeSettings,
    ("variables", "*"): model.VariableRules,
    ("grib",): model.GribSettings,
    ("archive",): model.Archive,
    ("timeliness",): model.Timeliness,
    ("documents", "*"): Reading,
}
# Where `true` and `false` are meant, which are words like others to `lined_yaml`.
_SWITCHES = (
    ("time", "climatology"),
    ("variables", "*", "may_be_empty"),
    ("archive", "anonymous"),
)
_WORDS: dict[Plain, bool] = {"true": True, "false": False}
# A part of keys in S3.
_PRODUCER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

type _Json = str | int | float | bool | list[_Json] | dict[str, _Json] | None


_TAG = re.compile(r'"([0-9a-f]{32})"')


class ProductList(BaseModel):
    """Datasets that have settings."""

    datasets: list[str] = Field(description="Their ids, sorted.")


def parse_tag(header: str | None) -> str | None:
    """Of which settings a change says that it is based on them; None = of none.

    Raises:
        InvalidParameter: it is none that was given out.
    """
    if header is None:
        return None
    found = _TAG.fullmatch(header.strip())
    if found is None:
        raise InvalidParameter("If-Match", header, "give the ETag of the present settings")
    return found[1]


def render_tag(product: Product) -> str:
    """The ETag of settings."""
    return f'"{tag_of(product)}"'


def parse_product(body: bytes) -> Product:
    """Read a dataset's settings: taken as a whole or refused as a whole.

    Raises:
        InvalidParameter: they cannot be meant; it names the key, and its line.
    """
    if len(body) > LONGEST_TEXT_BYTES:
        shown = f"a document of {len(body)} bytes"
        raise InvalidParameter("product", shown, f"up to {LONGEST_TEXT_BYTES} bytes are")
    try:
        document = read_document(body.decode())
    except UnicodeDecodeError as fault:
        shown = f"byte {body[fault.start]:#04x}"
        raise InvalidParameter("product", shown, "a text in UTF-8 is needed") from fault
    except NotPlain as fault:
        raise _invalid(fault.complaint) from fault
    try:
        text = json.dumps(_json(document.value, ()))
        product = Product.model_validate_json(text, strict=True)
    except ValidationError as fault:
        complaints = [_complaint(document, found) for found in fault.errors()]
        raise _invalid(min(complaints, key=lambda one: one.line)) from fault
    for complaint in _contradictions(product, document):
        raise _invalid(complaint)
    return product


def _json(value: Plain, path: tuple[str, ...]) -> _Json:
    """A value as JSON has it; `path` has `*` for names of the operator's own."""
    if isinstance(value, dict):
        named = () if path in _SHAPES else ("*",)
        return {key: _json(inner, (*path, *(named or (key,)))) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_json(inner, (*path, "*")) for inner in value]
    return _WORDS.get(value, value) if path in _SWITCHES else value


def _complaint(document: Document, found: ErrorDetails) -> Complaint:
    """Pydantic's complaint as ours, at the key that was written."""
    path: Path = found["loc"]
    accepted = found["msg"][0].lower() + found["msg"][1:]
    if found["type"] == "missing":
        return document.complaint(path, "it must be there")
    if found["type"] == "extra_forbidden":
        place = tuple("*" if depth else str(part) for depth, part in enumerate(path[:-1]))
        accepted = f"there is no such key; there are: {', '.join(_SHAPES[place].model_fields)}"
    while path not in document.lines:  # what no type of several takes: each is named after it
        path = path[:-1]
    return document.complaint(path, accepted)


def _contradictions(product: Product, document: Document) -> Iterator[Complaint]:
    """What is well written and cannot be meant."""
    for number, producer in enumerate(product.producers):
        if not _PRODUCER.fullmatch(producer):
            accepted = "1 to 64 of [A-Za-z0-9._-] are, the first a letter or digit"
            yield document.complaint(("producers", number), accepted)
    for number, reading in enumerate(product.documents):
        if not is_address(reading.url):
            accepted = "an address of RFC 3986 is"
            yield document.complaint(("documents", number, "url"), accepted)
    if product.timeliness is not None:
        try:
            Promise.of(product.timeliness)
        except InvalidParameter as fault:
            accepted = str(fault.facts["accepted"])
            yield document.complaint(("timeliness", "every"), accepted)


def _invalid(complaint: Complaint) -> InvalidParameter:
    accepted = f"{complaint.accepted} (line {complaint.line})"
    return InvalidParameter(complaint.key or "product", complaint.value, accepted)
