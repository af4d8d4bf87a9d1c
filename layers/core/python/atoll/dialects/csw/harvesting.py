"""OAI-PMH 2.0 requests: checked before pycsw is asked, which forgets what a token is one of.

A token is to be sent alone (section 3.5), so it says everything.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from atoll.errors import InvalidParameter

_RESUMED = "resumptionToken"
_LISTING = ("metadataPrefix", "from", "until", "set", _RESUMED)
# Verb -> its arguments (section 4).
_VERBS = {
    "Identify": (),
    "ListSets": (_RESUMED,),
    "ListMetadataFormats": ("identifier",),
    "GetRecord": ("identifier", "metadataPrefix"),
    "ListIdentifiers": _LISTING,
    "ListRecords": _LISTING,
}
_REQUIRED = {
    "GetRecord": ("identifier", "metadataPrefix"),
    "ListIdentifiers": ("metadataPrefix",),
    "ListRecords": ("metadataPrefix",),
}
# pycsw's formats.
_PREFIXES = ("oai_dc", "iso19139", "csw-record", "fgdc-std", "dif", "gm03", "datacite")
EVERYTHING = "datasets"
_SETS = (EVERYTHING, "interactiveResources")
_TIME = "([0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?)?"
_INSTANT = re.compile(_TIME)
_SENT = re.compile(
    rf"(?P<prefix>[a-z0-9_-]{{1,40}})\.(?P<position>[1-9][0-9]{{0,8}})~(?P<start>{_TIME})"
    rf"~(?P<end>{_TIME})"
)

type Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Harvest:
    """A request of OAI-PMH that can be meant.

    Attributes:
        said: its arguments, as they were sent.
        verb: which.
        identifier: of a record; empty = none is asked for by name.
        prefix: of the format; empty = the verb has none.
        subset: which set.
        start, end: of a listing, as they were sent; empty = open.
        position: of a listing's first record, counted from 1.
    """

    said: dict[str, str]
    verb: str
    identifier: str = ""
    prefix: str = ""
    subset: str = EVERYTHING
    start: str = ""
    end: str = ""
    position: int = 1

    def token(self, position: int) -> str:
        """What leads to the part of the list that begins there."""
        return f"{self.prefix}.{position}~{self.start}~{self.end}"

    def pairs(self) -> Pairs:
        """As pycsw is to be asked."""
        told = {
            "mode": "oaipmh",
            "verb": self.verb,
            # Every record is to be had in every format.
            "identifier": self.identifier if self.verb == "GetRecord" else "",
            "metadataPrefix": self.prefix,
            "from": self.start,
            # It compares texts: a day is over at its end.
            "until": f"{self.end}T23:59:59Z" if len(self.end) == len("2026-11-23") else self.end,
            _RESUMED: str(self.position) if self.position > 1 else "",
        }
        return [(name, value) for name, value in told.items() if value]


def parse_harvest(pairs: Pairs) -> Harvest:
    """A request.

    Raises:
        InvalidParameter: no such verb, or it has no such argument, or needs another.
    """
    said = {name: value for name, value in pairs if name != "mode"}
    verb = said.get("verb", "")
    if verb not in _VERBS:
        raise InvalidParameter("verb", verb, f"one of {', '.join(_VERBS)} is")
    for name in said:
        if name != "verb" and name not in _VERBS[verb]:
            accepted = ", ".join(_VERBS[verb]) or "none"
            raise InvalidParameter("arguments", name, f"of {verb}: {accepted}")
    if _RESUMED in said:
        return _next_part(said, verb)
    _check_arguments(said, verb)
    return Harvest(
        said,
        verb,
        identifier=said.get("identifier", ""),
        prefix=said.get("metadataPrefix", ""),
        subset=said.get("set", EVERYTHING),
        start=_instant("from", said),
        end=_instant("until", said),
    )


def _check_arguments(said: dict[str, str], verb: str) -> None:
    for name in _REQUIRED.get(verb, ()):
        if not said.get(name):
            raise InvalidParameter(name, "", f"{verb} needs it")
    for name, known in (("metadataPrefix", _PREFIXES), ("set", _SETS)):
        if name in said and said[name] not in known:
            raise InvalidParameter(name, said[name], f"one of {', '.join(known)} is")


def _next_part(said: dict[str, str], verb: str) -> Harvest:
    for name in said:
        if name not in {"verb", _RESUMED}:
            raise InvalidParameter("arguments", name, "a token is sent alone with its verb")
    found = _SENT.fullmatch(said[_RESUMED])
    if found is None or found["prefix"] not in _PREFIXES or verb == "ListSets":
        raise InvalidParameter(_RESUMED, said[_RESUMED], "a token of a list of ours is")
    position, times = int(found["position"]), (found["start"], found["end"])
    return Harvest(said, verb, "", found["prefix"], EVERYTHING, *times, position)


def _instant(name: str, said: dict[str, str]) -> str:
    """An end of a period, which is whole days or instants; not before its beginning."""
    value, start = said.get(name, ""), said.get("from", "")
    if not _is_instant(value):
        raise InvalidParameter(name, value, "2026-11-23 or 2026-11-23T12:00:00Z are")
    if value and start and (len(value) != len(start) or value < start):
        raise InvalidParameter(name, value, "one of the same length as from, not before it, is")
    return value


def _is_instant(value: str) -> bool:
    if _INSTANT.fullmatch(value) is None:
        return False
    try:
        return not value or bool(datetime.fromisoformat(value))
    except ValueError:
        return False
