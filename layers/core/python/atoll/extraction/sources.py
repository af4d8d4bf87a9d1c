"""Stores opened once and kept: a connection, a repository and a session are paid for once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from obstore.store import LocalStore, ObjectStore, S3Store

from atoll.errors import DataError
from atoll.extraction.chunk_source import ChunkSource
from atoll.extraction.icechunk_source import IcechunkSource, Loop, as_fault, native
from atoll.extraction.object_source import ObjectSource
from atoll.model.coverage import Store

if TYPE_CHECKING:
    from icechunk._icechunk_python import Credentials, PyRepository, RepositoryConfig, Storage

# Enough to hide S3's first byte; more gains nothing (measured).
FETCH_THREADS = 32
# The workflow tries again as well, with longer pauses than a worker should sit through.
TRIES = 4
KEPT_SOURCES = 32
LONGEST_PAUSE_S = 5


@dataclass(frozen=True, slots=True)
class S3Options:
    """How S3 is reached.

    Credentials are found where AWS puts them: in the environment of a function, at the
    container's own address on Fargate.

    Attributes:
        endpoint_url: None = AWS itself.
        region: e.g. `eu-west-1`.
    """

    endpoint_url: str | None
    region: str

    @property
    def plain_http(self) -> bool:
        """Say whether the endpoint speaks HTTP without TLS: on one machine only."""
        return (self.endpoint_url or "").startswith("http://")


def open_bucket(
    bucket: str, s3: S3Options, prefix: str | None = None, tries: int = TRIES
) -> ObjectStore:
    """A bucket, or what lies under a prefix of it. Nothing is asked of it yet."""
    return S3Store(
        bucket,
        prefix=prefix,
        config={"endpoint": s3.endpoint_url} if s3.endpoint_url else None,
        region=s3.region,
        client_options={"allow_http": s3.plain_http},
        retry_config={
            "max_retries": tries - 1,
            "backoff": {"max_backoff": timedelta(seconds=LONGEST_PAUSE_S)},
        },
    )


class Sources:
    """Opens the store of a layout at a revision; the same again is the same source."""

    def __init__(
        self, s3: S3Options, fetch_threads: int = FETCH_THREADS, tries: int = TRIES
    ) -> None:
        self._s3 = s3
        self._tries = tries
        self._threads = ThreadPoolExecutor(fetch_threads, "fetch")
        self._loop: Loop | None = None
        self._repositories: dict[str, PyRepository] = {}
        self._open: dict[tuple[str, str], ChunkSource] = {}

    def __call__(self, store: Store, revision: str) -> ChunkSource:
        """Open.

        Args:
            store: of a layout.
            revision: Icechunk snapshot; plain Zarr has one state only.

        Raises:
            DataError: there is no such repository or snapshot.
            Unavailable: it did not answer.
        """
        key = (store.url, revision)
        if key not in self._open:
            if len(self._open) >= KEPT_SOURCES:
                del self._open[next(iter(self._open))]
            make = self._zarr if store.kind == "zarr" else self._icechunk
            self._open[key] = make(store.url, revision)
        return self._open[key]

    def _zarr(self, url: str, revision: str) -> ChunkSource:
        del revision
        bucket, prefix = _place(url)
        store = open_bucket(bucket, self._s3, prefix, self._tries) if bucket else LocalStore(prefix)
        return ObjectSource(store, self._threads)

    def _icechunk(self, url: str, revision: str) -> ChunkSource:
        self._loop = self._loop or Loop()
        try:
            repository = self._repositories.get(url) or self._repository(url)
            session = repository.readonly_session(snapshot_id=revision)
        except Exception as error:
            raise as_fault(error, "the dataset's revision") from error
        return IcechunkSource(session.store, self._loop)

    def _repository(self, url: str) -> "PyRepository":
        """Open it; one whose chunks lie in archives, which a later revision may add to, each time.

        Only what it said of them when it was opened is known.
        """
        plain = native().PyRepository.open(self._storage(url), config=self._configuration())
        archives = archive_credentials(plain.config())
        opened: PyRepository = plain.reopen(authorize_virtual_chunk_access=archives)
        if not archives:
            self._repositories[url] = opened
        return opened

    def _configuration(self) -> "RepositoryConfig":
        icechunk = native()
        retries = icechunk.StorageRetriesSettings(
            max_tries=self._tries, max_backoff_ms=LONGEST_PAUSE_S * 1000
        )
        # Icechunk would read the coordinates' manifests ahead; the description has their values.
        none = icechunk.ManifestPreloadConfig(preload_if=icechunk.ManifestPreloadCondition.false())
        made: RepositoryConfig = icechunk.RepositoryConfig(
            storage=icechunk.StorageSettings(retries=retries),
            manifest=icechunk.ManifestConfig(preload=none),
        )
        return made

    def _storage(self, url: str) -> "Storage":
        icechunk = native()
        bucket, prefix = _place(url)
        if not bucket:
            local: Storage = icechunk.Storage.new_local_filesystem(prefix)
            return local
        options = icechunk.S3Options(
            region=self._s3.region,
            endpoint_url=self._s3.endpoint_url,
            allow_http=self._s3.plain_http,
            force_path_style=self._s3.endpoint_url is not None,
        )
        made: Storage = icechunk.Storage.new_s3(
            config=options,
            bucket=bucket,
            prefix=prefix,
            credentials=icechunk.S3Credentials.FromEnv(),
        )
        return made


def archive_credentials(config: "RepositoryConfig") -> "dict[str, Credentials.S3]":
    """What opens the archives that a repository's virtual chunks lie in.

    Args:
        config: the repository's own: whoever may write it may publish. It names every
            archive, where it answers, and whether it is public.

    Returns:
        by address. An archive of another kind than S3 is not opened.
    """
    icechunk = native()
    s3 = icechunk.ObjectStoreConfig.S3, icechunk.ObjectStoreConfig.S3Compatible
    found: dict[str, Credentials.S3] = {}
    for prefix, container in (config.virtual_chunk_containers or {}).items():
        if isinstance(container.store, s3):
            public = container.store[0].anonymous
            kind = icechunk.S3Credentials.Anonymous if public else icechunk.S3Credentials.FromEnv
            found[prefix] = icechunk.Credentials.S3(kind())
    return found


def _place(url: str) -> tuple[str, str]:
    """Bucket and prefix; no bucket = a folder of this machine."""
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.netloc:
        return parts.netloc, parts.path.strip("/")
    if parts.scheme == "file" and not parts.netloc:
        return "", parts.path
    raise DataError(f"a store's address must be s3://bucket/prefix, not {url!r}")
