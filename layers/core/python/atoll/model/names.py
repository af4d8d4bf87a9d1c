"""What a dataset may be called: one rule for whoever publishes, keeps or asks."""

import re

from atoll.errors import InvalidParameter

# A part of keys in S3 and of URLs, hence no slash, no capital, no leading dot, and an end.
_DATASET = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}")
ACCEPTED = "1 to 200 of [a-z0-9._-] are, the first a letter or digit"


def is_dataset_id(text: str) -> bool:
    """Whether a dataset may be called that."""
    return _DATASET.fullmatch(text) is not None


def check_dataset_id(parameter: str, text: str) -> None:
    """Refuse what no dataset may be called.

    Raises:
        InvalidParameter: naming `parameter`.
    """
    if not is_dataset_id(text):
        raise InvalidParameter(parameter, text, ACCEPTED)
