"""One day of the dataset as others store it: other codecs, and sharded."""

import json
from pathlib import Path
from typing import Any

import zarr
from zarr.codecs import BloscCodec, ZstdCodec

from atoll.extraction.sources import S3Options, open_bucket
from atoll.model.coverage import Coverage, Store
from tests.benchmarks.cases import Case, days, request
from tests.benchmarks.dataset import Options, create, describe, fields
from tests.extraction.seaweed import S3Server

MAP = (1, 1, 681, 1440)
CODECS: dict[str, Options] = {
    "zstd": {"chunks": MAP, "compressors": ZstdCodec(level=1)},
    "blosc_zstd": {
        "chunks": MAP,
        "compressors": BloscCodec(cname="zstd", clevel=1, shuffle="shuffle"),
    },
    "sharded": {
        "chunks": (1, 1, 227, 240),
        "shards": (1, 6, 681, 1440),
        "compressors": ZstdCodec(level=1),
    },
}
DAY = Case("global_day", "geo", request(time=days(1)))


def open_codecs(server: S3Server, folder: Path) -> dict[str, Coverage]:
    """The datasets; written where `folder` does not remember them."""
    kept = folder / "codecs.json"
    if not kept.exists():
        values = fields(times=1)
        made = {name: _write(server, name, values).model_dump() for name in CODECS}
        kept.write_text(json.dumps(made))
    found = json.loads(kept.read_text())
    return {name: Coverage.model_validate(found[name]) for name in CODECS}


def _write(server: S3Server, name: str, values: dict[str, Any]) -> Coverage:
    place = f"codecs/{name}"
    options = S3Options(server.endpoint_url, server.region)
    store = zarr.storage.ObjectStore(open_bucket(server.bucket, options, place))
    group = zarr.open_group(store, path="geo", mode="w")
    for variable, data in values.items():
        create(group, variable, data, CODECS[name])[...] = data
    return describe(store, Store(kind="zarr", url=f"s3://{server.bucket}/{place}"), "r1", ["geo"])
