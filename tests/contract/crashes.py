"""Trouble between any two calls of ports: a process is lost, a part does not answer, another
process does something.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from atoll.errors import Unavailable


class Crash(BaseException):
    """The process is gone: nothing of ours catches it."""


def crash() -> None:
    """What a process does that is killed."""
    raise Crash


def go_away() -> None:
    """What a part does that is down; after the call: it was done, and the answer is lost."""
    raise Unavailable("A part did not answer; try again in a moment.")


@dataclass
class Fuse:
    """Burns down at each call, once before and once after it; then something happens.

    Attributes:
        left: steps until then; None = it is not lit.
        event: what happens.
        burned: steps since it was lit.
    """

    left: int | None = None
    event: Callable[[], object] = crash
    burned: int = 0

    def light(self, steps: int | None, event: Callable[[], object]) -> None:
        """Let it happen after so many steps; None = never."""
        self.left, self.event, self.burned = steps, event, 0

    def burn(self) -> None:
        """One step."""
        self.burned += 1
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            self.event()


class Guarded:
    """A port on whose every call the fuse burns, before and after it took effect."""

    def __init__(self, port: object, fuse: Fuse) -> None:
        self._port = port
        self._fuse = fuse

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._port, name)

        def guarded(*args: Any, **named: Any) -> Any:
            self._fuse.burn()
            answer = call(*args, **named)
            self._fuse.burn()
            return answer

        return guarded


def guarded[T](port: T, fuse: Fuse) -> T:
    """The port with a fuse."""
    return cast("T", Guarded(port, fuse))
