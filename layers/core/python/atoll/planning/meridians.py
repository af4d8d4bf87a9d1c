"""The distinct meridians of a grid, counted on and on around the earth, west to east.

Place `turn * size + position` has the longitude of that position plus `360 * turn`. On this
endless axis every interval of longitudes is one run of places.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self, overload, override

from atoll.planning.nodes import Nodes

TURN = 360.0
_SAME_MERIDIAN = 0.01  # of a step: a column stored twice, once a turn later
_TURNS_IN_SIGHT = 4  # one before the west edge, the interval's two, one beyond


@dataclass(frozen=True, slots=True)
class Meridians(Sequence[float]):
    """Some positions of an axis and some turns of them, as rising longitudes.

    Attributes:
        nodes: of the axis, rising.
        size: distinct meridians; the rest are columns repeated.
        first_turn, turns: which part of the endless axis this is.
    """

    nodes: Nodes
    size: int
    first_turn: int = 0
    turns: int = 1

    @override
    def __len__(self) -> int:
        return self.size * self.turns

    @overload
    def __getitem__(self, place: int) -> float: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[float]: ...
    @override
    def __getitem__(self, place: int | slice) -> float | Sequence[float]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        turn, position = divmod(place % len(self), self.size)
        return self.nodes[position] + TURN * (self.first_turn + turn)

    @property
    def first_place(self) -> int:
        """The place of the first of these."""
        return self.first_turn * self.size

    @property
    def step(self) -> float:
        """Degrees between neighbours, on average; 0 for a single meridian."""
        last = self.nodes[self.size - 1]
        return (last - self.nodes[0]) / (self.size - 1) if self.size > 1 else 0.0

    @property
    def goes_round(self) -> bool:
        """Whether the last meridian is the first one's neighbour: no more than a column lacks."""
        gap = self.nodes[0] + TURN - self.nodes[self.size - 1]
        return self.size > 1 and gap <= 2 * self.step

    def seen_from(self, west: float) -> Self:
        """The turns that an interval from `west` eastwards can touch, and one either side."""
        turn = math.floor((west - self.nodes[0]) / TURN) - 1
        return replace(self, first_turn=turn, turns=_TURNS_IN_SIGHT)

    def copies(self) -> list[Self]:
        """These turns one by one."""
        turns = range(self.first_turn, self.first_turn + self.turns)
        return [replace(self, first_turn=turn, turns=1) for turn in turns]


def meridians_of(nodes: Nodes) -> Meridians:
    """The distinct meridians of an axis; a column stored again a turn later is left out.

    Args:
        nodes: one at least.
    """
    slack = _SAME_MERIDIAN * (nodes[-1] - nodes[0]) / len(nodes)
    return Meridians(nodes, max(1, bisect_left(nodes, nodes[0] + TURN - slack)))
