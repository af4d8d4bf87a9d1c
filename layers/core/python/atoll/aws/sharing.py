"""Who makes an extraction, and who waits for it: the items of table `shares`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from atoll.aws.writes import LEADER, queue_of

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

    from atoll.aws.writes import LedgerTables
    from atoll.model.job import Job


@dataclass(frozen=True, slots=True)
class Sharing:
    """Makes the items of transactions in which jobs lead or follow.

    Attributes:
        tables: where they are.
    """

    tables: LedgerTables

    def admitted(self, job: Job, instead_of: str | None) -> list[TransactWriteItemTypeDef]:
        """The job leads, unless another does; or it follows its leader, if that still leads."""
        if job.leader is None:
            return [self._lead(job, instead_of)]
        return [self._leads(job, job.leader), self._not_in_vain(job.leader), self._member(job)]

    def lead(self, job: Job, old_leader: str) -> TransactWriteItemTypeDef:
        """A follower takes its leader's place, if that still is it, or is nobody's."""
        return self._lead(job, old_leader, succeeds=True)

    def leave(self, job: Job) -> TransactWriteItemTypeDef:
        """The job follows nobody any more."""
        key = self._key(job.fingerprint, job.job_id)
        return {"Delete": {"TableName": self.tables.shares, "Key": key}}

    def waits_itself(self, job: Job) -> TransactWriteItemTypeDef:
        """A follower's row becomes that of a job that waits for a slot."""
        queue = queue_of(job.model_copy(update={"leader": None})) or ""
        return self._follower(job, "SET #queue = :new REMOVE leader", queue, {"#queue": "queue"})

    def follows(self, job: Job, leader: str) -> TransactWriteItemTypeDef:
        """A follower's row names another leader."""
        return self._follower(job, "SET leader = :new", leader, {})

    def _lead(
        self, job: Job, instead_of: str | None, *, succeeds: bool = False
    ) -> TransactWriteItemTypeDef:
        conditions = ["attribute_not_exists(fingerprint)"]
        values: dict[str, AttributeValueTypeDef] = {}
        if instead_of is not None:
            conditions.append("job_id = :old")
            values[":old"] = {"S": instead_of}
        if not succeeds:  # a new order may also lead where the last leader's time is over
            conditions.append("expires_at < :now")
            values[":now"] = {"N": str(int(job.created_at.timestamp()))}
        return {
            "Put": {
                "TableName": self.tables.shares,
                "Item": {
                    **self._key(job.fingerprint, LEADER),
                    "job_id": {"S": job.job_id},
                    "expires_at": {"N": str(int(job.expires_at.timestamp()))},
                },
                "ConditionExpression": " OR ".join(conditions),
                "ExpressionAttributeValues": values,
            }
        }

    def _leads(self, job: Job, leader: str) -> TransactWriteItemTypeDef:
        return {
            "ConditionCheck": {
                "TableName": self.tables.shares,
                "Key": self._key(job.fingerprint, LEADER),
                "ConditionExpression": "job_id = :leader",
                "ExpressionAttributeValues": {":leader": {"S": leader}},
            }
        }

    def _not_in_vain(self, leader: str) -> TransactWriteItemTypeDef:
        statuses = ("accepted", "running", "successful")
        return {
            "ConditionCheck": {
                "TableName": self.tables.jobs,
                "Key": {"job_id": {"S": leader}},
                "ConditionExpression": f"#status IN ({', '.join(f':{one}' for one in statuses)})",
                "ExpressionAttributeNames": {"#status": "status"},
                "ExpressionAttributeValues": {f":{one}": {"S": one} for one in statuses},
            }
        }

    def _member(self, job: Job) -> TransactWriteItemTypeDef:
        return {
            "Put": {
                "TableName": self.tables.shares,
                "Item": {
                    **self._key(job.fingerprint, job.job_id),
                    "expires_at": {"N": str(int(job.expires_at.timestamp()))},
                },
            }
        }

    def _follower(
        self, job: Job, update: str, new: str, names: dict[str, str]
    ) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self.tables.jobs,
                "Key": {"job_id": {"S": job.job_id}},
                "UpdateExpression": update,
                "ConditionExpression": "#status = :accepted AND leader = :leader",
                "ExpressionAttributeNames": {"#status": "status", **names},
                "ExpressionAttributeValues": {
                    ":accepted": {"S": "accepted"},
                    ":leader": {"S": job.leader or ""},
                    ":new": {"S": new},
                },
            }
        }

    def _key(self, fingerprint: str, member: str) -> dict[str, AttributeValueTypeDef]:
        return {"fingerprint": {"S": fingerprint}, "member": {"S": member}}
