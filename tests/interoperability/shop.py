"""Results of the cases, made once each for all tests that read them."""

from dataclasses import dataclass, field
from pathlib import Path

from atoll.model.coverage import Coverage
from atoll.model.request import Format
from tests.interoperability.cases import PRODUCTS, Case, Masked
from tests.publication.builders import Bench, order


@dataclass
class Shop:
    """A folder of published datasets and of results."""

    folder: Path
    _stocked: dict[str, tuple[Coverage, list[Path]]] = field(default_factory=dict)
    _sold: dict[tuple[str, str, Format], Path] = field(default_factory=dict)

    def sources(self, case: Case) -> list[Path]:
        """The files that the dataset was published from."""
        return self._published(case)[1]

    def wanted(self, case: Case) -> dict[str, Masked]:
        return case.wanted(self.sources(case))

    def result(self, case: Case, form: Format) -> Path:
        """The result of the case's order, in this format."""
        key = (case.name, repr(case.request), form)
        if key not in self._sold:
            coverage, _ = self._published(case)
            folder = self.folder / "results" / case.name
            self._sold[key] = order(coverage, folder, **case.request, format=form)
        return self._sold[key]

    def _published(self, case: Case) -> tuple[Coverage, list[Path]]:
        if case.name not in self._stocked:
            folder = self.folder / case.name
            folder.mkdir()
            files = list(case.files(folder))
            coverage = Bench(folder).publish(files, PRODUCTS[case.name], case.name)
            self._stocked[case.name] = coverage, files
        return self._stocked[case.name]
