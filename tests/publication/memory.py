"""Contents of files that were never written, and a repository in memory to merge them into."""

from dataclasses import dataclass, field
from typing import Any

import icechunk
import numpy as np

from atoll.model.coverage import Role
from atoll.model.product import Product
from atoll.publication.fields import Contents, Field
from atoll.publication.layouts import write_layouts
from atoll.publication.merge import Merged, Opened, merge
from atoll.publication.ranges import Ranges
from atoll.publication.stored import Stored, read_stored
from atoll.publication.verify import verify
from tests.publication.builders import PLAIN


def axis(name: str, values: Any, units: str, **told: Any) -> Field:
    """A coordinate variable."""
    numbers = np.asarray(values, "f8")
    attributes = {"standard_name": name, "units": units, **told}
    return Field(name, (name,), numbers.shape, numbers.dtype, attributes,
                 lambda region: numbers[region].copy())  # fmt: skip


def contents(values: Any, times: Any) -> Contents:
    """Of a file: one variable `v` of shape (time, latitude, longitude)."""
    fields = (
        axis("time", times, "days since 2020-01-01", calendar="standard"),
        axis("latitude", range(values.shape[1]), "degrees_north"),
        axis("longitude", range(values.shape[2]), "degrees_east"),
        Field("v", ("time", "latitude", "longitude"), values.shape, np.dtype("i2"), {"units": "1"},
              lambda region: values[region].copy()),
    )  # fmt: skip
    roles: dict[str, Role] = {"time": "T", "latitude": "Y", "longitude": "X"}
    return Contents("f", {each.name: each for each in fields}, {}, roles)


@dataclass
class Memory:
    """A dataset in memory."""

    product: Product = PLAIN
    repository: icechunk.Repository = field(
        default_factory=lambda: icechunk.Repository.create(icechunk.in_memory_storage())
    )

    def stored(self) -> Stored | None:
        """As it is on `main`."""
        return read_stored(self.repository.readonly_session("main").store, self.product)

    def arrays(self, layout: str) -> Any:
        """Those of one layout on `main`, by name."""
        stored = self.stored()
        assert stored is not None
        return stored.arrays[layout]  # type: ignore[index]

    def write(self, *operations: Opened) -> tuple[Merged, icechunk.Session, Ranges]:
        """Do operations, uncommitted."""
        before = self.stored()
        merged = merge(None if before is None else before.contents, operations)
        session = self.repository.writable_session("main")
        return merged, session, write_layouts(session, merged, before, self.product)

    def deliver(self, *operations: Opened) -> None:
        """Do operations, read them back, commit."""
        before = self.stored()
        merged, session, recorded = self.write(*operations)
        after = read_stored(session.store, self.product)
        assert after is not None
        verify(merged, before, after, recorded)
        session.commit("delivery", allow_empty=True)
