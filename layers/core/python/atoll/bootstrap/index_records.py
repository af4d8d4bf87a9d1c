"""The process that keeps what units tell, and makes the catalogue anew."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from aws_lambda_powertools import Logger

from atoll.aws.record_store import S3RecordStore
from atoll.bootstrap.completion import make_clients
from atoll.bootstrap.record_index import build_index, indexed
from atoll.bootstrap.settings import Settings, new_id
from atoll.dialects.record_events import parse_event
from atoll.errors import BrokerError, Unavailable
from atoll.ports.records import KeptRecords, RecordStore
from atoll.services.record_index import index, keep


class IndexSettings(Settings):
    """What the process needs.

    Attributes:
        catalogue_bucket: of records and of the catalogue.
        units: `name=account` of each, with commas between them.
    """

    catalogue_bucket: str
    units: str

    def accounts(self) -> dict[str, str]:
        """Unit -> the account of AWS that speaks for it."""
        pairs = (pair.partition("=") for pair in self.units.split(",") if pair)
        return {name: account for name, _, account in pairs}


@dataclass(frozen=True, slots=True)
class Message:
    """Something that was told.

    Attributes:
        message_id: the queue's.
        body: an event, as text.
    """

    message_id: str
    body: str


@dataclass(frozen=True, slots=True)
class Indexer:
    """Keeps records, and makes the catalogue of them.

    Attributes:
        store: of both.
        accounts: see `IndexSettings.accounts`.
        folder: where a file is made before it is put there.
        logger: of the process.
        count: is told how many of the records that are kept are not in a catalogue.
    """

    store: RecordStore
    accounts: dict[str, str]
    folder: Path
    logger: Logger
    count: Callable[[int], None]

    def take(self, messages: Iterable[Message]) -> list[str]:
        """Keep what was told, then make the catalogue once for all of it.

        Returns:
            Ids of the messages that are to come again; of one that can never be kept, too: after
            some times it lies in the queue for those, where an operator sees it.
        """
        taken: list[str] = []
        failed: list[str] = []
        for message in messages:
            try:
                telling = parse_event(message.body, self.accounts)
                indexed(telling.announcement)  # what cannot be rendered replaces nothing
                keep(telling, self.store)
            except BrokerError as fault:
                self.logger.warning(
                    "not kept", extra={"code": fault.code(), "detail": fault.detail}
                )
                failed.append(message.message_id)
            else:
                taken.append(message.message_id)
        if not taken:
            return failed
        try:
            version = index(self.store, self._build, new_id)
        except Unavailable as fault:
            self.logger.warning("not indexed", extra={"detail": fault.detail})
            return [*failed, *taken]
        self.logger.info("indexed", extra={"version": version, "messages": len(taken)})
        return failed

    def _build(self, kept: KeptRecords) -> Path:
        path = self.folder / f"{new_id()}.made"
        built = build_index(kept.readable, path)
        left_out = [*(f"{name} cannot be read" for name in kept.unreadable), *built.left_out]
        for detail in left_out:
            self.logger.error("left out", extra={"detail": detail})
        self.count(len(left_out))
        self.logger.info("built", extra={"records": built.records, "bytes": path.stat().st_size})
        return path


def make_indexer(logger: Logger, count: Callable[[int], None]) -> Indexer:
    """From the environment."""
    settings = IndexSettings.read()
    store = S3RecordStore(make_clients().s3, settings.catalogue_bucket)
    return Indexer(store, settings.accounts(), Path(gettempdir()), logger, count)
