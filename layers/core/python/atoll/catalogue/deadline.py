"""How long the database may work for one request: others wait for it."""

import sqlite3
from time import monotonic

# Between two looks at the clock.
_STEPS = 1_000


class Deadline:
    """Of one request.

    Attributes:
        was_met: nothing was cut short by it.
    """

    def __init__(self, longest_s: float) -> None:
        self._ends = monotonic() + longest_s
        self.was_met = True

    def bind(self, connection: sqlite3.Connection) -> None:
        """Let it end what the connection does."""
        connection.set_progress_handler(self._is_over, _STEPS)

    def _is_over(self) -> bool:
        self.was_met = self.was_met and monotonic() < self._ends
        return not self.was_met
