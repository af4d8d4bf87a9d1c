"""Descriptions in memory."""

from atoll.errors import DataError, InvalidParameter, UnknownDataset
from atoll.model.coverage import Coverage
from atoll.ports import DatasetEntry
from tests.fakes.available import demand_up


class FakeCatalogue:
    """Descriptions by (dataset, revision), and which revision is `main`."""

    def __init__(self, *coverages: Coverage) -> None:
        self.available = True
        self.coverages: dict[tuple[str, str], Coverage] = {}
        self.mains: dict[str, DatasetEntry] = {}
        for coverage in coverages:
            self.publish(coverage)

    def entries(self) -> list[DatasetEntry]:
        demand_up("catalogue", available=self.available)
        return [self.mains[dataset] for dataset in sorted(self.mains)]

    def entry(self, dataset: str) -> DatasetEntry:
        demand_up("catalogue", available=self.available)
        if dataset not in self.mains:
            raise UnknownDataset(f"there is no dataset {dataset!r}", {"dataset": dataset})
        return self.mains[dataset]

    def describe(self, dataset: str, revision: str) -> Coverage:
        demand_up("catalogue", available=self.available)
        if (dataset, revision) not in self.coverages:
            raise UnknownDataset(
                f"there is no dataset {dataset!r} with revision {revision!r}",
                {"dataset": dataset, "revision": revision},
            )
        return self.coverages[dataset, revision]

    def publish(self, coverage: Coverage) -> None:
        demand_up("catalogue", available=self.available)
        if coverage.revision == "main" or "/" in coverage.dataset + coverage.revision:
            raise InvalidParameter("dataset", coverage.dataset, "letters, digits, `.`, `_`, `-`")
        kept = self.coverages.setdefault((coverage.dataset, coverage.revision), coverage)
        if coverage.model_copy(update={"updated_at": kept.updated_at}) != kept:
            raise DataError(f"revision {coverage.revision} has another description")
        main = self.mains.get(coverage.dataset)
        if main is not None and main.updated_at > coverage.updated_at:
            return
        self.mains[coverage.dataset] = DatasetEntry(
            dataset=coverage.dataset,
            title=coverage.title,
            revision=coverage.revision,
            profiles=coverage.profiles,
            updated_at=coverage.updated_at,
            product=coverage.product,
        )
