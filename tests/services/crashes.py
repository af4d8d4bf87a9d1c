"""Processes that are killed between any two of their calls."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from atoll.ports import Ends


class Killed(BaseException):
    """The process is no more; nothing catches it."""


def killed() -> None:
    """What happens to a process that lives no longer."""
    raise Killed


class Fragile:
    """A port whose process is killed instead of the call at which nothing is left.

    Args:
        port: the real one.
        left: how many calls, in all of the process's ports.
        happens: then; a process that is not killed by it goes on, and calls as it meant to.
    """

    def __init__(
        self, port: object, left: list[int], happens: Callable[[], object] = killed
    ) -> None:
        self._port, self._left, self._happens = port, left, happens

    def __getattr__(self, name: str) -> Any:
        called = getattr(self._port, name)

        def call(*args: object, **named: object) -> object:
            if self._left[0] == 0:
                self._happens()
            self._left[0] -= 1
            return called(*args, **named)

        return call


def fragile(ends: Ends, calls: int) -> Ends:
    """The same ports, for a process that lives for so many calls."""
    left = [calls]
    ports = [one.name for one in fields(Ends) if one.name != "now"]
    wrapped: dict[str, Any] = {name: Fragile(getattr(ends, name), left) for name in ports}
    return replace(ends, **wrapped)


def kills(carry_out: Callable[[int], None]) -> Iterator[int]:
    """Numbers of calls after which something was killed, until it lives to its end.

    Args:
        carry_out: makes a world anew, and carries out in it what may make so many calls.
    """
    calls = 0
    while True:
        try:
            carry_out(calls)
        except Killed:
            yield calls
            calls += 1
        else:
            return
