"""Indexes whose partitions would be too few: one takes 1,000 writes a second, so several share."""

from __future__ import annotations

import zlib

SHARDS = 4


def shard_name(name: str, job_id: str) -> str:
    """The partition, of those that share a name, that a job is in."""
    # Not by how it begins or ends: ids that were made one after another are alike there.
    return f"{name}#{zlib.crc32(job_id.encode()) % SHARDS}"


def shard_names(name: str) -> list[str]:
    """All partitions that share a name."""
    return [f"{name}#{shard}" for shard in range(SHARDS)]
