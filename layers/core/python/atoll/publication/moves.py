"""What becomes of an array's chunks along time: they stay, move whole, or are written anew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from atoll.publication.chunks import regions
from atoll.publication.fields import Field, Region, moved
from atoll.publication.timeline import STORED, Timeline


@dataclass(frozen=True, slots=True)
class Moves:
    """Chunks along the T axis, by their numbers.

    Attributes:
        length: steps in a chunk.
        size: steps of the axis.
        origins: new place -> old place, of chunks that stay as they are (both are equal) or
            whose references move; no number of theirs is read or written.
        rewritten: steps of all other chunks, in runs.
    """

    length: int
    size: int
    origins: Mapping[int, int]
    rewritten: tuple[range, ...]

    @property
    def shifted(self) -> Mapping[int, int]:
        """New place -> old place, of those that are not where they were."""
        return {new: old for new, old in self.origins.items() if new != old}

    def looked_at(self) -> Iterator[range]:
        """The first and last step of every run of chunks that have moved by as many places."""
        shifted = self.shifted
        for new, old in shifted.items():
            if shifted.get(new - 1) != old - 1:
                yield range(new * self.length, new * self.length + 1)
            if shifted.get(new + 1) != old + 1:
                last = min((new + 1) * self.length, self.size) - 1
                yield range(last, last + 1)


def find_moves(timeline: Timeline, length: int) -> Moves:
    """Chunks whose steps stood together in one chunk before, and those that did not.

    Args:
        timeline: with one step at least.
        length: steps in a chunk, the same before and after.
    """
    steps = np.arange(len(timeline.times))
    starts = steps[::length]
    shifts = timeline.places - steps
    first = shifts[starts]
    together = (timeline.sources == STORED) & (shifts == first[steps // length])
    whole = np.logical_and.reduceat(together, starts) & (first % length == 0)
    places = np.flatnonzero(whole)
    olds = places + first[places] // length
    return Moves(
        length,
        len(steps),
        dict(zip(places.tolist(), olds.tolist(), strict=True)),
        tuple(_runs(np.flatnonzero(~whole).tolist(), length, len(steps))),
    )


def _runs(chunks: list[int], length: int, size: int) -> Iterator[range]:
    """The steps of chunks, those of neighbours together."""
    first = None
    for here, following in zip(chunks, [*chunks, None][1:], strict=True):
        first = here if first is None else first
        if following != here + 1:
            yield range(first * length, min((here + 1) * length, size))
            first = None


def regions_of(field: Field, chunks: tuple[int, ...], axis: int, steps: range) -> Iterator[Region]:
    """The regions, of whole chunks, in which to copy a run of steps.

    Args:
        field: of the shape that the array has or shall have.
        chunks: shape of a chunk.
        axis: the T axis among the field's dimensions.
        steps: beginning with a chunk.
    """
    shape = (*field.shape[:axis], len(steps), *field.shape[axis + 1 :])
    place = tuple(steps.start if each == axis else 0 for each in range(len(shape)))
    for region in regions(shape, chunks, field.dtype.itemsize):
        yield moved(region, place)
