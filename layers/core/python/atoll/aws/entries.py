"""Lines of the ledger as DynamoDB items, and back.

What is summed or searched by has an attribute of its own, the rest is one JSON document.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from atoll.aws.rows import timestamp
from atoll.aws.shards import shard_name
from atoll.model.entry import Entry

if TYPE_CHECKING:
    from atoll.aws.rows import Item

DAYS = "by_day"

TEXTS = ("job_id", "account_id", "kind", "status", "dataset", "tier")
NUMBERS = ("reserved_bytes", "settled_bytes")
APART = frozenset({*TEXTS, *NUMBERS, "at"})


def entry_item(entry: Entry) -> Item:
    """A line as it is put; nobody changes it."""
    return {
        "entry_id": {"S": entry.entry_id},
        "day": {"S": shard_name(entry.day, entry.job_id)},
        "at": {"S": timestamp(entry.at)},
        **{name: {"S": getattr(entry, name)} for name in TEXTS},
        **{name: {"N": str(getattr(entry, name))} for name in NUMBERS},
        "document": {"S": entry.model_dump_json(exclude=set(APART), exclude_defaults=True)},
    }


def entry_of(item: Item) -> Entry:
    """The line in an item."""
    fields = json.loads(item["document"]["S"])
    fields |= {name: item[name]["S"] for name in (*TEXTS, "at")}
    fields |= {name: int(item[name]["N"]) for name in NUMBERS}
    return Entry.model_validate(fields)
