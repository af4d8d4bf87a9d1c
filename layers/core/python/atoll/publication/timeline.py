"""Where the numbers of each time of a dataset come from: what is stored, or a delivery's files."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
import numpy.typing as npt

STORED = 0

type Times = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Run:
    """Steps that follow one another in a source too.

    Attributes:
        steps: of the dataset.
        source: `STORED`, or the number of a file, from 1.
        place: of the first one in the source.
    """

    steps: range
    source: int
    place: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The times of a dataset, each with its source.

    Attributes:
        times: strictly increasing, in the dataset's units.
        sources: of each, `STORED` or the number of a file, from 1.
        places: of each, the step in its source.
    """

    times: Times
    sources: Places
    places: Places

    @classmethod
    def of_stored(cls, times: Times) -> Self:
        """As it is before a delivery."""
        return cls(times, np.zeros(len(times), "i8"), np.arange(len(times)))

    def put(self, source: int, times: Times) -> Self:
        """With the source's times that were not there."""
        places = np.setdiff1d(np.arange(len(times)), self.shared(times)[1], assume_unique=True)
        at = np.searchsorted(self.times, times[places])
        return type(self)(
            np.insert(self.times, at, times[places]),
            np.insert(self.sources, at, source),
            np.insert(self.places, at, places),
        )

    def replaced(self, source: int, times: Times) -> Self:
        """With all of the source's times: instead of those that were there, and more."""
        steps, places = self.shared(times)
        sources, old = self.sources.copy(), self.places.copy()
        sources[steps], old[steps] = source, places
        return type(self)(self.times, sources, old).put(source, times)

    def without(self, steps: range) -> Self:
        """With these steps taken away."""
        gone = np.arange(steps.start, steps.stop)
        return type(self)(
            np.delete(self.times, gone),
            np.delete(self.sources, gone),
            np.delete(self.places, gone),
        )

    def shared(self, times: Times) -> tuple[Places, Places]:
        """Steps of this that have a time of `times`, and where it is there."""
        _, steps, places = np.intersect1d(
            self.times, times, assume_unique=True, return_indices=True
        )
        return steps, places

    def near(self, times: Times, apart: float) -> Times:
        """The times; those at most `apart` from one that is here already are that one."""
        if not len(self.times):
            return times
        after = np.searchsorted(self.times, times).clip(0, len(self.times) - 1)
        before = (after - 1).clip(0)
        nearer = abs(self.times[before] - times) < abs(self.times[after] - times)
        nearest = self.times[np.where(nearer, before, after)]
        return np.where(abs(nearest - times) <= apart, nearest, times)

    def runs(self, steps: range) -> Iterator[Run]:
        """What a run of steps consists of, in order."""
        numbers = np.arange(steps.start, steps.stop)
        yield from runs_of(numbers, self.sources[numbers], self.places[numbers])


def runs_of(steps: Places, sources: Places, places: Places) -> Iterator[Run]:
    """Cut steps where they leap, where their source changes, or where they leap in it."""
    leaps = (np.diff(steps) != 1) | (np.diff(sources) != 0) | (np.diff(places) != 1)
    starts = [0, *(np.flatnonzero(leaps) + 1).tolist()]
    for start, stop in pairwise([*starts, len(steps)]):
        if start < stop:
            run = range(int(steps[start]), int(steps[start]) + stop - start)
            yield Run(run, int(sources[start]), int(places[start]))
