"""OAI-PMH's resumption tokens: pycsw's have the place alone, and forget of what it is one.

A token is to be sent alone (OAI-PMH 2.0, section 3.5), so it says everything.
"""

import re

from atoll.errors import InvalidParameter

_SENT = re.compile(
    r"(?P<prefix>[a-z0-9_-]{1,40})\.(?P<position>\d{1,9})(?P<times>(~[0-9TZ:-]*){2})?"
)
_TOLD = re.compile(rb"(<(?:oai:)?resumptionToken[^>]*>)(\d+)(</)")

type Pairs = list[tuple[str, str]]


def resumed(pairs: Pairs) -> Pairs:
    """The parameters with what a token stands for.

    Raises:
        InvalidParameter: it is none of ours.
    """
    said = dict(pairs)
    if "resumptionToken" not in said:
        return pairs
    found = _SENT.fullmatch(said["resumptionToken"])
    if found is None:
        raise InvalidParameter("resumptionToken", said["resumptionToken"], "a token of ours is")
    known = {**said, "metadataPrefix": found["prefix"], "resumptionToken": found["position"]}
    if found["times"]:
        _, start, end = found["times"].split("~")
        known |= {name: text for name, text in (("from", start), ("until", end)) if text}
    return list(known.items())


def with_tokens(content: bytes, pairs: Pairs) -> bytes:
    """The answer, its token one that says everything."""
    said = dict(pairs)
    times = f"~{said.get('from', '')}~{said.get('until', '')}"
    token = f"{said.get('metadataPrefix', '')}.\\g<2>{times}".encode()
    return _TOLD.sub(rb"\g<1>" + token + rb"\g<3>", content)
