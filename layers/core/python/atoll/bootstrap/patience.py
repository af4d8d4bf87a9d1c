"""How a worker waits for what is away, and how it stops."""

import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from atoll.bootstrap.observability import logger
from atoll.errors import Unavailable

ATTEMPTS = 3
PAUSE_S = 5.0


def patiently[T](ask: Callable[[], T], pause: Callable[[float], None] = time.sleep) -> T:
    """Ask; again, after a pause, where a part did not answer.

    Args:
        ask: safe to repeat.
        pause: waits so many seconds.

    Raises:
        Unavailable: it did not answer `ATTEMPTS` times.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return ask()
        except Unavailable as fault:
            logger.warning("unavailable", extra={"detail": fault.detail, "attempt": attempt})
            pause(PAUSE_S * attempt)
    return ask()


def stop_when_asked() -> None:
    """Stop as Fargate asks: by an exception, so that what was begun is cleaned up."""
    signal.signal(signal.SIGTERM, _end)


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)
