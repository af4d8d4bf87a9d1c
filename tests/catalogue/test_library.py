"""A process takes the newest catalogue whole, and an old one while none is to be had."""

from datetime import timedelta

import pytest

from atoll.catalogue.library import FRESH_FOR_S, Library
from atoll.errors import Unavailable
from atoll.model.announcement import Announcement
from atoll.model.search import RecordQuery
from tests.dialects.catalogue.builders import RECORDS
from tests.fakes import FakeRecordStore
from tests.web.catalogue.world import SAID, CatalogueUnderTest, announcements
from tests.world import T0

pytestmark = pytest.mark.slow


class Clock:
    time = T0

    def now(self):
        return self.time

    def pass_by(self, seconds: float = FRESH_FOR_S) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served(tmp_path, clock):
    catalogue = CatalogueUnderTest(folder=tmp_path)
    catalogue.library = Library(catalogue.store, tmp_path / "served", SAID, clock.now)
    return catalogue


def ids(library: Library) -> list[str]:
    page = library.index().search.search(RecordQuery(), frozenset())
    return [record.identifier for record in page.records]


def test_a_newer_catalogue_is_taken_after_some_seconds(served, clock):
    assert ids(served.library) == ["across", "levitus-climatology"]
    served.publish("second", announcements()[:1])
    assert len(ids(served.library)) == 2
    clock.pass_by()
    assert ids(served.library) == ["levitus-climatology"]


def test_the_old_one_is_asked_while_the_new_one_cannot_be_had(served, clock):
    ids(served.library)
    served.publish("second", announcements()[:1])
    content = served.store.files.pop("second")
    clock.pass_by()
    assert len(ids(served.library)) == 2
    served.store.available = False
    clock.pass_by()
    assert len(ids(served.library)) == 2
    served.store.available = True
    served.store.files["second"] = content
    clock.pass_by()
    assert len(ids(served.library)) == 1


def test_without_any_it_is_away(served):
    served.store.available = False
    with pytest.raises(Unavailable):
        served.library.index()
    served.store.available = True
    assert len(ids(served.library)) == 2


def test_before_anything_was_told_it_is_empty(tmp_path, clock):
    library = Library(FakeRecordStore(), tmp_path, SAID, clock.now)
    assert ids(library) == []


def test_files_that_nobody_reads_any_more_are_deleted(served, clock, tmp_path):
    index = served.library.index()
    for version in ("second", "third", "fourth"):
        served.publish(version, [Announcement(record=RECORDS["told"])])
        clock.pass_by()
        ids(served.library)
    names = {path.name for path in (tmp_path / "served").iterdir()}
    assert names == {"third.sqlite", "fourth.sqlite"}
    assert not index.path.exists()
