"""Which bytes of a file are which key of a store: a reference document, as fsspec reads it.

With it, one address of one object is a whole store, whose keys are fetched by range. It is
version 1 of the format, kept as the text that it will be: 60 bytes a key, not objects.
"""

import json
from collections.abc import Iterator

BLOCK_BYTES = 8 * 2**20
END = b"}}"
# Made once: `json.dumps` would make an encoder for every key.
_json = json.JSONEncoder(ensure_ascii=False).encode


class References:
    """A document on its way, key by key."""

    def __init__(self) -> None:
        self._text = bytearray()

    def add_text(self, key: str, content: str) -> None:
        """Let a key be this text, which needs no request then."""
        self._add(key, _json(content))

    def add_range(self, key: str, start: int, nbytes: int) -> None:
        """Let a key be `nbytes` of the file, from byte `start`."""
        self._add(key, f'["{{{{u}}}}",{start},{nbytes}]')

    def nbytes(self, file_name: str) -> int:
        """Size of the document."""
        return len(_begin(file_name)) + len(self._text) + len(END)

    def blocks(self, file_name: str) -> Iterator[bytes]:
        """The document, in order.

        Args:
            file_name: of the file, beside which the document works as it is; elsewhere its
                readers put the file's address in place of the template `u`.
        """
        yield _begin(file_name)
        with memoryview(self._text) as text:
            for start in range(0, len(text), BLOCK_BYTES):
                yield bytes(text[start : start + BLOCK_BYTES])
        yield END

    def _add(self, key: str, value: str) -> None:
        comma = "," if self._text else ""
        self._text += f"{comma}{_json(key)}:{value}".encode()


def _begin(file_name: str) -> bytes:
    return f'{{"version":1,"templates":{{"u":{_json(file_name)}}},"refs":{{'.encode()
