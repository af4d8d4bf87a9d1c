"""A world of fakes whose clock goes on while a door waits, and what happens in it then."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.world import World


@dataclass
class Meanwhile:
    """A world that a door waits in.

    Attributes:
        pauses_s: how long the door waited, each time; the world's clock went on, not ours.
        events: what happens meanwhile: seconds after the beginning, and what.
    """

    world: World = field(default_factory=World)
    pauses_s: list[float] = field(default_factory=list)
    events: list[tuple[float, Callable[[], object]]] = field(default_factory=list)

    def later(self, seconds: float, happens: Callable[[], object]) -> None:
        """Let something happen while the door waits."""
        self.events.append((seconds, happens))

    async def pause(self, seconds: float) -> None:
        self.pauses_s.append(seconds)
        self.world.later(seconds)
        due = [event for event in self.events if event[0] <= sum(self.pauses_s)]
        for event in due:
            self.events.remove(event)
            event[1]()
