"""Jobs as DynamoDB items, and back.

What never changes in a job is one JSON document; what changes, or is searched by, has an
attribute of its own, since Step Functions writes some of them without our code.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from atoll.model.job import Job

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from atoll.model.entry import Entry
    from atoll.model.job import Delivery

    type Item = Mapping[str, AttributeValueTypeDef]

CHANGING = frozenset(
    {
        "status",
        "started_at",
        "finished_at",
        "deliveries",
        "reason",
        "slot",
        "leader",
        "label",
    }
)


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds: as text it sorts as it does in time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def month_of(job: Job | Entry) -> str:
    """The month that the job's bytes count in, `YYYY-MM`: that of its order, for good."""
    return job.created_at.astimezone(UTC).strftime("%Y-%m")


def job_item(job: Job) -> Item:
    """A job that was just accepted. It has no `expires_at`: what has not ended is kept."""
    return {
        "job_id": {"S": job.job_id},
        "account_id": {"S": job.account_id},
        "created_at": {"S": timestamp(job.created_at)},
        "status": {"S": job.status},
        "document": {"S": job.model_dump_json(exclude=set(CHANGING))},
        **({} if job.slot is None else {"slot": {"N": str(job.slot)}}),
        **({} if job.leader is None else {"leader": {"S": job.leader}}),
        **({} if job.label is None else {"label": {"S": job.label}}),
    }


def deliveries_text(deliveries: tuple[Delivery, ...]) -> str:
    """The files of a result as one JSON document."""
    return json.dumps([delivery.model_dump(mode="json") for delivery in deliveries])


def job_of(item: Item) -> Job:
    """The job in an item, whoever changed it last."""
    fields = json.loads(item["document"]["S"])
    for name in ("status", "started_at", "finished_at", "leader", "label"):
        if name in item:
            fields[name] = item[name]["S"]
    if "slot" in item:
        fields["slot"] = int(item["slot"]["N"])
    if "expires_at" in item:
        fields["expires_at"] = datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC)
    for name in ("deliveries", "reason"):
        if name in item:
            fields[name] = json.loads(item[name]["S"])
    return Job.model_validate(fields)
