"""Settings of a unit's datasets, a JSON document each beside the data."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from atoll.aws.faults import answering, code_of
from atoll.aws.objects import unless_absent
from atoll.errors import DataError, UnknownDataset, shorten
from atoll.model.names import check_dataset_id, is_dataset_id
from atoll.model.product import Product

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

STORE = "store of products"
PREFIX = "products/"
SUFFIX = ".json"
# What S3 says where another was quicker.
CHANGED = frozenset({"PreconditionFailed", "NoSuchKey"})


class _Kept(NamedTuple):
    """Settings, and what S3 tells this version of them by."""

    product: Product
    tag: str


class S3Products:
    """The Products port: `products/{dataset}.json` in the data bucket."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def product(self, dataset: str) -> Product:
        """The settings of one dataset; see `ports.Products`.

        Raises:
            UnknownDataset: it has none.
            DataError: something lies there that is none.
            Unavailable: S3 did not answer.
        """
        kept = self._kept(dataset) if is_dataset_id(dataset) else None
        if kept is None:
            shown = shorten(dataset)
            facts = {"parameter": "dataset", "value": shown}
            raise UnknownDataset(f"There is no product of dataset {shown}.", facts)
        return kept.product

    def datasets(self) -> list[str]:
        """Ids of all datasets with settings, sorted; see `ports.Products`."""
        pages = self._s3.get_paginator("list_objects_v2")
        with answering(STORE):
            keys = [
                one["Key"]
                for page in pages.paginate(Bucket=self._bucket, Prefix=PREFIX)
                for one in page.get("Contents", [])
            ]
        return sorted(key.removeprefix(PREFIX).removesuffix(SUFFIX) for key in keys)

    def put(self, dataset: str, product: Product, before: Product | None) -> bool:
        """Set a dataset's settings; see `ports.Products`.

        Raises:
            InvalidParameter: no dataset may be called that.
            DataError: something lies there that is no settings.
            Unavailable: S3 did not answer.
        """
        check_dataset_id("dataset", dataset)
        kept = self._kept(dataset)
        if before != (kept and kept.product):
            return False
        body = product.model_dump_json(exclude_defaults=True).encode()
        put = partial(
            self._s3.put_object,
            Bucket=self._bucket,
            Key=_key(dataset),
            Body=body,
            ContentType="application/json",
        )
        try:
            with answering(STORE):
                put(IfMatch=kept.tag) if kept else put(IfNoneMatch="*")
        except ClientError as error:
            if code_of(error) not in CHANGED:
                raise
            return False
        return True

    def _kept(self, dataset: str) -> _Kept | None:
        def ask() -> tuple[bytes, str]:
            found = self._s3.get_object(Bucket=self._bucket, Key=_key(dataset))
            return found["Body"].read(), found["ETag"]

        found = unless_absent(STORE, ask)
        if found is None:
            return None
        document, tag = found
        try:
            return _Kept(Product.model_validate_json(document), tag)
        except ValueError as error:
            damaged = f"The product settings of {dataset} are damaged."
            raise DataError(damaged, {"dataset": dataset}) from error


def _key(dataset: str) -> str:
    return f"{PREFIX}{dataset}{SUFFIX}"
