"""Central keeps what it is told, and its catalogue has all of it, whoever else makes one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from atoll.errors import InvalidParameter, Unavailable
from atoll.model.announcement import Announcement, Telling
from atoll.services.record_index import MOST_ATTEMPTS, index, keep
from tests.dialects.catalogue.builders import RECORDS
from tests.fakes import FakeRecordStore


@dataclass
class Run:
    """A run of the indexer, whose files are the ids of their records."""

    store: FakeRecordStore
    folder: Path
    name: str

    def __post_init__(self) -> None:
        self.numbers = count()

    def build(self, kept) -> Path:
        path = self.folder / self.name
        path.write_text(" ".join(one.record.identifier for one in kept.readable))
        self.between()
        return path

    def between(self) -> None:
        """What others do while this one builds."""

    def index(self) -> str:
        return index(self.store, self.build, lambda: f"{self.name}-{next(self.numbers)}")


def as_told(announcement: Announcement) -> Telling:
    return Telling(
        announcement=announcement, policy_version=1, told_at=datetime(2026, 11, 23, tzinfo=UTC)
    )


def told(name: str) -> Telling:
    return as_told(Announcement(record=RECORDS[name]))


def present(store: FakeRecordStore) -> set[str]:
    assert store.present is not None
    return set(store.files[store.present].decode().split())


def test_what_is_kept_is_in_the_catalogue(tmp_path):
    store = FakeRecordStore()
    keep(told("told"), store)
    assert Run(store, tmp_path, "run").index() == "run-0"
    assert present(store) == {"levitus-climatology"}
    assert list(tmp_path.iterdir()) == []


def test_two_runs_at_once_lose_no_record(tmp_path):
    store = FakeRecordStore()
    first, second = Run(store, tmp_path, "first"), Run(store, tmp_path, "second")
    others = [second]

    def between() -> None:
        while others:
            keep(told("across"), store)
            others.pop().index()

    first.between = between  # type: ignore[method-assign]
    keep(told("told"), store)
    assert first.index() == "first-1"
    assert present(store) == {"levitus-climatology", "across"}


def test_who_is_never_fast_enough_says_so(tmp_path):
    store = FakeRecordStore()
    run, numbers = Run(store, tmp_path, "slow"), count()

    def between() -> None:
        store.present = f"another-{next(numbers)}"

    run.between = between  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        run.index()
    assert next(numbers) == MOST_ATTEMPTS
    assert store.files == {}


@pytest.mark.parametrize(
    ("name", "announcement"),
    [
        (
            "record.publisher.name",
            Announcement(
                record=RECORDS["told"].model_copy(
                    update={
                        "publisher": RECORDS["told"].publisher.model_copy(
                            update={"name": "levitus.of.another"}
                        )
                    }
                )
            ),
        ),
        (
            "record.identifier",
            Announcement(record=RECORDS["told"].model_copy(update={"identifier": "../x"})),
        ),
        ("visible_to", Announcement(record=RECORDS["told"], visible_to=("a|b",))),
    ],
)
def test_names_that_could_be_others_are_refused(name, announcement):
    store = FakeRecordStore()
    with pytest.raises(InvalidParameter) as refused:
        keep(as_told(announcement), store)
    assert refused.value.facts["parameter"] == name
    assert store.kept == {}
