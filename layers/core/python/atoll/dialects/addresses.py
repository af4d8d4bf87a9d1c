"""Which texts of a source may stand where a standard wants an address."""

import re

# RFC 3986, without brackets; `xsd:anyURI` and IRIs of RDF take these as they are.
_CHARACTER = r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
_ADDRESS = re.compile(
    rf"https?://[A-Za-z0-9.-]+(?::\d{{1,5}})?(?:[/?]{_CHARACTER}*)?(?:#{_CHARACTER}*)?"
)
_EMAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# Of the SPDX list: those that data are given away under.
_SPDX = frozenset(
    {
        "CC0-1.0",
        "CC-BY-3.0",
        "CC-BY-4.0",
        "CC-BY-NC-4.0",
        "CC-BY-NC-SA-4.0",
        "CC-BY-SA-4.0",
        "ODbL-1.0",
        "ODC-By-1.0",
        "PDDL-1.0",
        "OGL-UK-3.0",
        "etalab-2.0",
    }
)


def is_address(text: str) -> bool:
    """Whether a text is an address of the web, and nothing else."""
    return _ADDRESS.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Whether a text is an address of mail, and nothing else."""
    return _EMAIL.fullmatch(text) is not None


def spdx_of(licence: str) -> str:
    """The SPDX identifier that a licence is told by; `other` where it is none.

    Examples:
        >>> spdx_of("CC BY-SA 4.0"), spdx_of("public domain")
        ('CC-BY-SA-4.0', 'other')
    """
    name = "-".join(licence.split())
    return name if name in _SPDX else "other"
