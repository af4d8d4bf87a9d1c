"""Smallest and largest number that a delivery brought, variable by variable."""

from dataclasses import dataclass, field

import numpy as np

from atoll.publication.companions import variable_roles
from atoll.publication.fields import Field, Number, Numbers, Region
from atoll.publication.merge import Merged
from atoll.publication.timeline import STORED


@dataclass(slots=True)
class Ranges:
    """Ranges of the data that a delivery's files bring, of stored numbers.

    Attributes:
        merged: the dataset as it shall be.
        found: variable -> smallest, largest; of one that has no value there is none.
    """

    merged: Merged
    found: dict[str, tuple[Number, Number]] = field(default_factory=dict)

    def see(self, seen: Field, region: Region, values: Numbers) -> None:
        """Widen the range by the region's numbers that are from a file, and are values."""
        if variable_roles(self.merged.newest).get(seen.name) != "data":
            return
        numbers = self._brought(seen, region, values)
        if seen.dtype.kind == "f":
            numbers = numbers[np.isfinite(numbers)]
        if seen.fill_value is not None:
            numbers = numbers[numbers != seen.fill_value]
        if numbers.size:
            low, high = numbers.min().item(), numbers.max().item()
            lowest, highest = self.found.get(seen.name, (low, high))
            self.found[seen.name] = (min(lowest, low), max(highest, high))

    def _brought(self, seen: Field, region: Region, values: Numbers) -> Numbers:
        timeline, time = self.merged.timeline, self.merged.newest.time
        if timeline is None or time not in seen.dimensions:
            return values
        axis = seen.dimensions.index(time)
        brought = timeline.sources[region[axis]] != STORED
        return values if brought.all() else values.compress(brought, axis)
