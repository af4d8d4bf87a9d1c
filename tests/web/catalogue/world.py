"""The catalogue's door over a file of records, one of which is for the Navy alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from starlette.testclient import TestClient

from atoll.bootstrap.record_index import build_index
from atoll.catalogue.library import Library
from atoll.catalogue.settings import Catalogue
from atoll.model.announcement import Announcement
from atoll.web.catalogue.app import make_catalogue_app
from atoll.web.catalogue.context import CatalogueDoor, CataloguePorts
from tests.dialects.catalogue.builders import RECORDS
from tests.fakes import FakeRecordStore
from tests.web.builders import DoorUnderTest, Heard, token, token_of_groups

URL = "https://central.example.org"
HIDDEN = "levitus.navy-winds"
TELLTALE = "navy-winds"  # in every rendering of the hidden record, and in no other record
# A record of another's: `navy` is part of the name of their profile.
ELSEWHERE = "navy-reserve"
SAID = Catalogue(URL, "Atoll", "Ocean data of all units.", "Central", "central@example.org")


def announcements() -> list[Announcement]:
    """Two of everybody's, one of the Navy's and one of nobody's."""
    public = [RECORDS["levitus-climatology"], RECORDS["across"]]
    return [
        *(Announcement(record=record) for record in public),
        Announcement(record=RECORDS["navy-winds"], visible_to=("navy", "operators")),
        Announcement(record=RECORDS["tripolar"], visible_to=()),
    ]


@dataclass
class CatalogueUnderTest:
    """The application as production makes it; the clock is the test's."""

    told: Sequence[Announcement] = field(default_factory=announcements)
    store: FakeRecordStore = field(default_factory=FakeRecordStore)
    heard: Heard = field(default_factory=Heard)
    door: DoorUnderTest = field(default_factory=DoorUnderTest)
    folder: Path = field(default_factory=lambda: Path(mkdtemp(prefix="atoll-catalogue-")))
    url: str = URL

    def __post_init__(self) -> None:
        self.publish("first", self.told)
        world = self.door.world
        self.library = Library(
            self.store, self.folder / "served", replace(SAID, url=self.url), world.now
        )
        ports = CataloguePorts(self.library, world.new_id, world.now)
        self.app = make_catalogue_app(CatalogueDoor(ports, self.door.verifier, self.heard))

    def publish(self, version: str, told: Sequence[Announcement]) -> None:
        path = self.folder / f"{version}.made"
        build_index(told, path)
        assert self.store.replace(self.store.present, version, path)

    def client(self, *groups: str, anonymous: bool = False) -> TestClient:
        """Somebody's client.

        Args:
            groups: theirs; none = ann, of profile `public`.
            anonymous: they have not signed in.
        """
        headers = {}
        if not anonymous:
            held = token_of_groups(*groups, sub="somebody") if groups else token()
            headers["authorization"] = f"Bearer {held}"
        return TestClient(self.app, base_url=URL, headers=headers, raise_server_exceptions=False)


@cache
def shared() -> CatalogueUnderTest:
    """One for all tests that change nothing."""
    return CatalogueUnderTest()


@cache
def more_than_a_page() -> CatalogueUnderTest:
    """101 records, likewise."""
    one = RECORDS["across"]
    told = [one.model_copy(update={"identifier": f"d{number:03}"}) for number in range(101)]
    return CatalogueUnderTest([Announcement(record=record) for record in told])
