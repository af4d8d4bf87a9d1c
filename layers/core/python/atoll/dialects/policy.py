"""A policy as operators write it, in YAML. It is taken as a whole or refused as a whole."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from atoll.admission.entitlement import is_named
from atoll.dialects.lined_yaml import (
    LARGEST_NUMBER,
    Complaint,
    Document,
    NotPlain,
    Path,
    Plain,
    read_document,
)
from atoll.errors import PolicyInvalid, shorten
from atoll.model.policy import (
    Allowance,
    DatasetRule,
    Embargo,
    Licence,
    PerTier,
    Policy,
    QueueRules,
    Slots,
)
from atoll.model.value import Value

LONGEST_TEXT_BYTES = 65_536
MOST_TOLD = 20

# Where which keys may stand; a name of the operator's own is `*`.
_SHAPES: dict[tuple[str, ...], type[Value]] = {
    (): Policy,
    ("datasets", "*"): DatasetRule,
    ("datasets", "*", "embargo"): Embargo,
    ("licences", "*"): Licence,
    ("allowances", "*"): Allowance,
    ("allowances", "*", "running"): PerTier,
    ("allowances", "*", "waiting"): PerTier,
    ("queue",): QueueRules,
    ("queue", "slots"): Slots,
}
# Pydantic's words for these speak of Python.
_ACCEPTED = {
    "missing": "it must be there",
    "model_type": "a mapping is needed",
    "dict_type": "a mapping is needed",
    "tuple_type": "a list is needed",
    "too_short": "one item or more is needed",
    "string_type": "a text is needed; a number stands in quotes to be one",
    "int_type": "a whole number is needed",
    "float_type": "a number is needed",
}
_SIZES = ("bytes_per_month", "bytes_per_job")
_SIZE = re.compile(r"([-+]?\d{1,15}(?:\.\d{1,15})?)\s*([kmgtp]?i?)b", re.IGNORECASE)
_POWERS = ("", "k", "m", "g", "t", "p")
# A part of URLs.
_LICENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def decode_policy(body: bytes) -> str:
    """A policy's text.

    Raises:
        PolicyInvalid: it is not UTF-8.
    """
    try:
        return body.decode()
    except UnicodeDecodeError as fault:
        line = body.count(b"\n", 0, fault.start) + 1
        shown = f"byte {body[fault.start]:#04x}"
        raise _invalid([Complaint(line, "", shown, "a text in UTF-8 is needed")]) from fault


def parse_policy(text: str, datasets: Sequence[str] | None) -> Policy:
    """Read a policy.

    Args:
        text: YAML; sizes are numbers of bytes or such as `64 MiB`.
        datasets: ids of all datasets of the unit; None = unknown: a pattern may match none.

    Raises:
        PolicyInvalid: it cannot be put in force: line, key, value and what would be accepted.
    """
    size_bytes = len(text.encode(errors="surrogatepass"))
    if size_bytes > LONGEST_TEXT_BYTES:
        accepted = f"up to {LONGEST_TEXT_BYTES} bytes are"
        raise _invalid([Complaint(1, "", f"a document of {size_bytes} bytes", accepted)])
    try:
        document = read_document(text)
    except NotPlain as fault:
        raise _invalid([fault.complaint]) from fault
    _read_sizes(document)
    try:
        policy = Policy.model_validate(document.value, strict=True)
    except ValidationError as fault:
        raise _invalid([_complaint(document, found) for found in fault.errors()]) from fault
    if complaints := list(_contradictions(policy, document, datasets)):
        raise _invalid(complaints)
    return policy


def _read_sizes(document: Document) -> None:
    """Put numbers of bytes where sizes stand; what is no size is left for the model to refuse."""
    for allowance in _mapping_at(_mapping_at(document.value, "allowances")).values():
        held = _mapping_at(allowance)
        for key in _SIZES:
            said = held.get(key)
            found = _SIZE.fullmatch(said) if isinstance(said, str) else None
            size = _size_bytes(*found.groups()) if found else None
            if size is not None and size <= LARGEST_NUMBER:
                held[key] = size


def _mapping_at(value: Plain, key: str | None = None) -> dict[str, Plain]:
    inner = value.get(key) if key is not None and isinstance(value, dict) else value
    return inner if isinstance(inner, dict) else {}


def _size_bytes(number: str, prefix: str) -> int | None:
    """Bytes of `1.5` and `Gi`; None where that is not a whole number of them."""
    base = 1024 if prefix.lower().endswith("i") else 1000
    size = Fraction(number) * base ** _POWERS.index(prefix.lower().removesuffix("i"))
    return size.numerator if size.denominator == 1 else None


def _complaint(document: Document, found: ErrorDetails) -> Complaint:
    """Pydantic's complaint as ours."""
    path: Path = found["loc"]
    message = found["msg"][0].lower() + found["msg"][1:]
    accepted = _ACCEPTED.get(found["type"], message)
    if found["type"] == "extra_forbidden":
        place = tuple(
            "*" if isinstance(part, int) or (depth == 1 and path[0] != "queue") else part
            for depth, part in enumerate(path[:-1])
        )
        accepted = f"there is no such key; there are: {', '.join(_SHAPES[place].model_fields)}"
    elif found["type"] == "int_type" and path[-1] in _SIZES:
        accepted = "a whole number of bytes is needed, or a size such as 64 MiB, below 8 EiB"
    return document.complaint(path, accepted)


def _contradictions(
    policy: Policy, document: Document, datasets: Sequence[str] | None
) -> Iterator[Complaint]:
    """What is well written and cannot be meant."""
    for name in policy.licences:
        if not _LICENCE.fullmatch(name):
            yield document.complaint(
                ("licences", name), "1 to 100 of [A-Za-z0-9._-] are, the first a letter or digit"
            )
    for number, rule in enumerate(policy.datasets):
        place: Path = ("datasets", number)
        if datasets is not None:
            yield from _unmatched(rule, place, document, datasets)
        if rule.licence is not None and rule.licence not in policy.licences:
            known = ", ".join(policy.licences) or "none"
            yield document.complaint((*place, "licence"), f"licences has: {known}")


def _unmatched(
    rule: DatasetRule, place: Path, document: Document, datasets: Sequence[str]
) -> Iterator[Complaint]:
    """Patterns that name nothing: most likely misspelt, and what they should protect is open."""
    for number, pattern in enumerate(rule.match):
        if pattern != "*" and not any(is_named(pattern, dataset) for dataset in datasets):
            known = ", ".join(datasets[:MOST_TOLD]) or "none"
            accepted = f"no dataset of this unit is called that; there are: {known}"
            yield document.complaint((*place, "match", number), accepted)


def _invalid(complaints: Sequence[Complaint]) -> PolicyInvalid:
    """The error of all complaints; its detail is the first in the text's order."""
    ordered = sorted(complaints, key=lambda complaint: complaint.line)
    told = [_sentence(complaint) for complaint in ordered[:MOST_TOLD]]
    more = f" ({len(ordered) - 1} more)" if len(ordered) > 1 else ""
    first = ordered[0]
    return PolicyInvalid(
        told[0] + more,
        {
            "parameter": first.key or "policy",
            "value": shorten(first.value),
            "accepted": first.accepted,
            "line": first.line,
            "complaints": told,
        },
    )


def _sentence(complaint: Complaint) -> str:
    key = complaint.key or "policy"
    return (
        f"line {complaint.line}: {key}: {shorten(complaint.value)} is not accepted; "
        f"{complaint.accepted}."
    )
