"""A producer's own bucket, whose files a virtual dataset refers to."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from atoll.errors import DataError, Unavailable
from atoll.model.product import Archive
from atoll.publication.repository import Target


@dataclass(frozen=True, slots=True)
class Archived:
    """A file as it lies in the bucket.

    Attributes:
        url: its address.
        etag: by which a reader knows that it is still the same.
    """

    url: str
    etag: str


@dataclass(frozen=True, slots=True)
class ArchiveBucket:
    """Where the files lie.

    Attributes:
        archive: as the product tells.
        target: of the dataset; the bucket answers where that one does.
    """

    archive: Archive
    target: Target

    def find(self, path: Path) -> Archived:
        """A file of this machine, where it lies in the bucket.

        Raises:
            DataError: it does not, or another one does.
            Unavailable: the bucket does not answer.
        """
        key = "/".join(path.absolute().parts[-1 - self.archive.folders :])
        url = f"{self.archive.url_prefix}{key}"
        try:
            found = obstore.head(self._store(), key)
        except FileNotFoundError as error:
            raise DataError(f"{path.name}: there is no {url}", {"url": url}) from error
        except BaseError as error:
            raise Unavailable(f"the archive does not tell of {url}") from error
        here_bytes = path.stat().st_size
        if found["size"] != here_bytes or not found["e_tag"]:
            told = f"has {found['size']} bytes, and the file {here_bytes}: they are not the same"
            raise DataError(f"{path.name}: {url} {told}", {"url": url})
        return Archived(url, found["e_tag"])

    def _store(self) -> S3Store:
        place = urlsplit(self.archive.url_prefix)
        endpoint_url = self.target.endpoint_url
        return S3Store(
            place.netloc,
            prefix=place.path.strip("/") or None,
            config={"endpoint": endpoint_url} if endpoint_url else None,
            region=self.archive.region or self.target.region,
            skip_signature=self.archive.anonymous,
            client_options={"allow_http": endpoint_url is not None},
        )
