"""What names can exist in the stores. Nothing else is asked for: a key never surprises."""

from __future__ import annotations

import re

# Also the name of an execution: Step Functions takes up to 80 characters.
JOB_ID = re.compile(r"^[A-Za-z0-9_-]{1,80}$")
REVISION = re.compile(r"^[A-Za-z0-9_-][A-Za-z0-9._:+-]{0,199}$")


def is_name(text: str, form: re.Pattern[str]) -> bool:
    """Whether the whole text has that form."""
    return form.fullmatch(text) is not None
