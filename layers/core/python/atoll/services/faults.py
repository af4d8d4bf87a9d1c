"""Errors that are kept, so that what one thing meets does not shield all behind it."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def noted(faults: list[Exception]) -> Iterator[None]:
    """Add what is raised to the others, and go on."""
    try:
        yield
    except Exception as fault:  # noqa: BLE001  one damaged row must not shield all behind it
        faults.append(fault)
