"""Where published datasets lie: one Icechunk repository each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import icechunk
from icechunk.credentials import AnyCredential

from atoll.errors import InvalidParameter, Unavailable
from atoll.model.names import check_dataset_id
from atoll.model.product import Archive

BRANCH = "main"


@dataclass(frozen=True, slots=True)
class Target:
    """A bucket (or, on one machine, a folder) of datasets.

    Attributes:
        url: `s3://bucket` or `file:///folder`, without a slash at its end.
        endpoint_url: of an S3 that is not AWS's own.
        region: of the bucket; None = the environment's.
    """

    url: str
    endpoint_url: str | None = None
    region: str | None = None

    def dataset_url(self, dataset: str) -> str:
        """Where the dataset's repository lies.

        Raises:
            InvalidParameter: it is no dataset id.
        """
        check_dataset_id("--dataset", dataset)
        return f"{self.url}/datasets/{dataset}"

    def storage(self, dataset: str) -> icechunk.Storage:
        """Icechunk's way to the dataset's repository; credentials are the environment's.

        Raises:
            InvalidParameter: it is no dataset id, or the URL is of another kind.
        """
        place = urlsplit(self.dataset_url(dataset))
        if place.scheme == "file":
            return icechunk.local_filesystem_storage(str(Path(place.path)))
        if place.scheme != "s3":
            raise InvalidParameter("--data-bucket", self.url, "s3://bucket is needed")
        return icechunk.s3_storage(
            bucket=place.netloc,
            prefix=place.path.strip("/"),
            region=self.region,
            endpoint_url=self.endpoint_url,
            allow_http=self.endpoint_url is not None,
            force_path_style=self.endpoint_url is not None,
            from_env=True,
        )


def open_repository(
    target: Target, dataset: str, archive: Archive | None = None
) -> icechunk.Repository:
    """The dataset's repository; a new one is empty.

    Args:
        target: the bucket of datasets.
        dataset: id.
        archive: that it refers to chunks of, and tells its readers of; None = of none.

    Raises:
        InvalidParameter: it is no dataset id.
        Unavailable: the store does not answer.
    """
    icechunk.set_logs_filter("error")  # its warnings of every local folder are no news
    storage = target.storage(dataset)
    try:
        if archive is None:
            return icechunk.Repository.open_or_create(storage)
        return _opened_with(archive, target, storage)
    except icechunk.IcechunkError as error:
        raise Unavailable(f"the store of {dataset} does not answer: {error}") from error


def _opened_with(
    archive: Archive, target: Target, storage: icechunk.Storage
) -> icechunk.Repository:
    """A repository that says where the archive answers and whether it is public.

    Archives that it knew before it still knows: some of its times may be there.
    """
    elsewhere = target.endpoint_url is not None
    store = icechunk.s3_store(
        region=archive.region or target.region,
        endpoint_url=target.endpoint_url,
        allow_http=elsewhere,
        anonymous=archive.anonymous,
        s3_compatible=elsewhere,
        force_path_style=elsewhere,
    )
    repository = icechunk.Repository.open_or_create(storage)
    config = repository.config
    config.set_virtual_chunk_container(icechunk.VirtualChunkContainer(archive.url_prefix, store))
    repository = repository.reopen(config, _credentials(config))
    repository.save_config()
    return repository


def _credentials(config: icechunk.RepositoryConfig) -> dict[str, AnyCredential | None]:
    """Those of the environment, but for public archives."""
    public, ours = icechunk.s3_anonymous_credentials, icechunk.s3_from_env_credentials
    stores: Mapping[str, Any] = {
        prefix: container.store
        for prefix, container in (config.virtual_chunk_containers or {}).items()
    }
    return icechunk.containers_credentials(
        {prefix: public() if store[0].anonymous else ours() for prefix, store in stores.items()}
    )
