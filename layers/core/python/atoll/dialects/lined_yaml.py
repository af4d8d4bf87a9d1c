"""YAML as plain values, each with the line it stands on, and nothing that surprises.

One document of mappings, lists, texts and numbers. Anchors, aliases and tags are refused: a
few lines of them can mean gigabytes. So are keys that are there twice: the second would win,
unseen. Of unquoted words only `null`, `~` and decimal numbers mean anything but themselves.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import override

import yaml

type Path = tuple[str | int, ...]
type Plain = str | int | float | tuple[Plain, ...] | dict[str, Plain] | None

DEEPEST = 10
LARGEST_NUMBER = 2**63 - 1

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")
_DECIMAL = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """What cannot be accepted of a document.

    Attributes:
        line: from 1.
        key: whole, e.g. `datasets[0].licence`; empty = the document itself.
        value: as it was written.
        accepted: what would be, as the end of a sentence.
    """

    line: int
    key: str
    value: str
    accepted: str


class NotPlain(Exception):
    """A text is not such a document; whoever reads it says so in words of its own."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(f"line {complaint.line}: {complaint.accepted}")
        self.complaint = complaint


@dataclass(frozen=True, slots=True)
class Document:
    """What a text means, and where.

    Attributes:
        value: the whole.
        lines: of each key and list item.
        written: each value as it was written; lists and mappings by these words.
    """

    value: Plain
    lines: Mapping[Path, int]
    written: Mapping[Path, str]

    def complaint(self, path: Path, accepted: str) -> Complaint:
        """What cannot be accepted at a path; one that is not there is missing from its place."""
        place = path
        while place not in self.lines:
            place = place[:-1]
        value = self.written.get(path, "nothing")
        return Complaint(self.lines[place], key_text(path), value, accepted)


def read_document(text: str) -> Document:
    """Read one document.

    Raises:
        NotPlain: it is not one, or not plain.
    """
    try:
        loader = _PlainLoader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = 1 if mark is None else mark.line + 1
        why = ", ".join(part for part in (fault.context, fault.problem) if part)
        raise NotPlain(Complaint(line, "", "this", f"YAML is needed: {why}")) from fault
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        shown = f"character {fault.character!r}"
        raise NotPlain(Complaint(line, "", shown, "YAML has no such character")) from fault
    if node is None:
        raise NotPlain(Complaint(1, "", "an empty document", "a mapping is needed"))
    reader = _Reader()
    value = reader.read(node, (), node)
    return Document(value, reader.lines, reader.written)


def key_text(path: Path) -> str:
    """A path as one writes it.

    Examples:
        >>> key_text(("datasets", 0, "match"))
        'datasets[0].match'
    """
    parts = [f"[{part}]" if isinstance(part, int) else f".{part[:60]}" for part in path]
    return "".join(parts).removeprefix(".")


class _PlainLoader(yaml.SafeLoader):
    """Composes nodes; refuses what is not plain before it is built."""

    depth = 0

    @override
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        # An alias has the anchor that it stands for.
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise _not_plain(event, "anchors and aliases are not accepted; write it out")
        tag: str | None = getattr(event, "tag", None)
        if tag is not None:
            raise _not_plain(event, f"tags are not accepted: {tag[:60]}")
        # Escaped, half a pair of UTF-16 comes through the reader; no answer could be written.
        if isinstance(event, yaml.ScalarEvent) and _SURROGATE.search(event.value):
            raise _not_plain(event, "a text has no such character: half a pair of surrogates")
        if self.depth == DEEPEST:
            raise _not_plain(event, f"at most {DEEPEST} levels are accepted")
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _not_plain(event: yaml.Event, why: str) -> NotPlain:
    return NotPlain(Complaint(_line(event), "", "this", why))


@dataclass(slots=True)
class _Reader:
    """Values of nodes; remembers where they stood."""

    lines: dict[Path, int] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)

    def read(self, node: yaml.Node, path: Path, place: yaml.Node) -> Plain:
        """The value of a node, found at `place`: its key, or itself."""
        self.lines[path] = _line(place)
        if isinstance(node, yaml.MappingNode):
            self.written[path] = "a mapping"
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            self.written[path] = "a list"
            return tuple(self.read(one, (*path, i), one) for i, one in enumerate(node.value))
        text: str = node.value
        self.written[path] = text
        quoted = isinstance(node, yaml.ScalarNode) and node.style is not None
        return text if quoted else self._word(text, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Plain]:
        values: dict[str, Plain] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise NotPlain(Complaint(_line(key), key_text(path), "a key", "keys are texts"))
            whole = (*path, key.value)
            if key.value in values:
                accepted = f"the key is there already, on line {self.lines[whole]}"
                raise NotPlain(Complaint(_line(key), key_text(whole), key.value, accepted))
            values[key.value] = self.read(value, whole, key)
        return values

    def _word(self, word: str, path: Path) -> Plain:
        """What a word means that stands there without quotes."""
        if word in _NOTHING:
            return None
        if _DECIMAL.fullmatch(word):
            return float(word)
        if not _INTEGER.fullmatch(word):
            return word
        digits = word.replace("_", "")
        if len(digits) > len(str(LARGEST_NUMBER)) + 1 or abs(int(digits)) > LARGEST_NUMBER:
            accepted = f"numbers are {LARGEST_NUMBER} at most"
            raise NotPlain(Complaint(self.lines[path], key_text(path), word, accepted))
        return int(digits)


def _line(place: yaml.Node | yaml.Event) -> int:
    return 1 if place.start_mark is None else int(place.start_mark.line) + 1
