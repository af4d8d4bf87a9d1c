"""Which datasets there are."""

from typing import Protocol

from atoll.model.coverage import Coverage
from atoll.model.value import Value


class DatasetEntry(Value):
    """One line of the catalogue: which revision is `main`, and who may order it.

    Attributes:
        profiles: None = public.
        product: that it belongs to.
    """

    dataset: str
    title: str
    revision: str
    profiles: tuple[str, ...] | None
    updated_at: str
    product: str = ""


class Catalogue(Protocol):
    """The datasets of one dissemination unit."""

    def entries(self) -> list[DatasetEntry]:
        """All datasets, sorted by id."""
        ...

    def entry(self, dataset: str) -> DatasetEntry:
        """The line of one dataset, as it is now.

        Raises:
            UnknownDataset: there is none.
            Unavailable: the store did not answer.
        """
        ...

    def describe(self, dataset: str, revision: str) -> Coverage:
        """The description of one revision, which never changes (`main` is not one).

        Raises:
            UnknownDataset: there is no such dataset or revision.
            Unavailable: the store did not answer.
        """
        ...

    def publish(self, coverage: Coverage) -> None:
        """Keep this description for ever and make it `main`. The same again changes nothing.

        One that is older than `main`, by `updated_at`, is kept, and `main` stays as it is: another
        was published meanwhile.
        """
        ...
