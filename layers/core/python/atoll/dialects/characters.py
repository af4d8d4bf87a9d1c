"""Which characters a document of XML 1.0 may hold (section 2.2), escaped or not."""

import re

_NONE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """The text with U+FFFD in place of each character that XML cannot hold."""
    return _NONE.sub("\N{REPLACEMENT CHARACTER}", text)
