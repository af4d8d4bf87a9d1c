"""The tables of a unit: what it offers, what was ordered, and what was counted."""

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.config import DisseminationUnit
from stacks.parts.permissions import allow
from stacks.parts.table import table, text


class Tables(Construct):
    """The tables of a unit; the physical names are in the functions' environment.

    Attributes:
        datasets: one pointer a dataset, to its present revision.
        jobs: one row an order, forgotten after its result; by account in order of creation.
        accounts: of an account: bytes of a month, numbers of jobs, requests of a minute, keys of
            orders, licences accepted.
        ledger: immutable entries, one each time that bytes are reserved, settled or released.
        slots: one row a slot that is held.
        shares: who makes an extraction, and who waits for it.
        policies: every version of the unit's policy.
        deliveries: what was received, for ever, and whose turn it is to change a dataset.
    """

    def __init__(self, scope: Construct, unit: DisseminationUnit) -> None:
        super().__init__(scope, "Tables")
        removal = unit.removal
        self.datasets = table(self, "Datasets", ("dataset",), removal=removal)
        self.jobs = table(self, "Jobs", ("job_id",), removal=removal, expires="expires_at")
        self.jobs.add_global_secondary_index(
            index_name="by_account",
            partition_key=text("account_id"),
            sort_key=text("created_at"),
            projection_type=dynamodb.ProjectionType.ALL,
        )
        # Only jobs that wait have the attribute: the index is as long as the queue.
        self.jobs.add_global_secondary_index(
            index_name="by_queue",
            partition_key=text("queue"),
            sort_key=text("created_at"),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["account_id", "tier", "profiles", "work_bytes"],
        )
        self.accounts = table(
            self, "Accounts", ("account_id", "item"), removal=removal, expires="expires_at"
        )
        self.ledger = table(self, "Ledger", ("account_id", "entry_id"), removal=removal)
        self.ledger.add_global_secondary_index(
            index_name="by_day",
            partition_key=text("day"),
            sort_key=text("at"),
            projection_type=dynamodb.ProjectionType.ALL,
        )
        self.slots = table(self, "Slots", ("slot",), removal=removal)
        self.shares = table(
            self, "Shares", ("fingerprint", "member"), removal=removal, expires="expires_at"
        )
        self.policies = table(self, "Policies", ("name", "version"), removal=removal)
        self.deliveries = table(self, "Deliveries", ("delivery",), removal=removal)
        for name, key in (("by_dataset", "dataset"), ("by_month", "month")):
            self.deliveries.add_global_secondary_index(
                index_name=name,
                partition_key=text(key),
                sort_key=text("received_at"),
                projection_type=dynamodb.ProjectionType.ALL,
            )
        # Only turns, and what nobody has begun with, have the attribute.
        self.deliveries.add_global_secondary_index(
            index_name="by_stage",
            partition_key=text("stage"),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=["holder", "dataset", "received_at"],
        )

    @property
    def all(self) -> list[dynamodb.Table]:
        """Every table."""
        return [made for made in self.node.children if isinstance(made, dynamodb.Table)]

    @property
    def jobs_by_account(self) -> str:
        """ARN of the index that lists an account's jobs."""
        return f"{self.jobs.table_arn}/index/by_account"

    @property
    def waiting_jobs(self) -> str:
        """ARN of the index that lists the jobs that wait."""
        return f"{self.jobs.table_arn}/index/by_queue"

    @property
    def entries_by_day(self) -> str:
        """ARN of the index that lists the ledger's entries of a day."""
        return f"{self.ledger.table_arn}/index/by_day"

    @property
    def listed_deliveries(self) -> list[str]:
        """ARNs of the indexes that list deliveries, by dataset and by month."""
        arn = self.deliveries.table_arn
        return [f"{arn}/index/by_dataset", f"{arn}/index/by_month"]

    @property
    def open_deliveries(self) -> str:
        """ARN of the index that lists turns, and deliveries that nobody has begun with."""
        return f"{self.deliveries.table_arn}/index/by_stage"

    @property
    def change_jobs(self) -> list[iam.PolicyStatement]:
        """Admit, start, promote and end jobs: each of it is one transaction.

        Its parts are granted one by one. An entry of the ledger can be added, but neither
        changed nor read.
        """
        return [
            allow(
                ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
                [self.jobs.table_arn, self.accounts.table_arn],
            ),
            allow(["dynamodb:ConditionCheckItem"], [self.jobs.table_arn]),
            allow(["dynamodb:PutItem"], [self.ledger.table_arn]),
            allow(
                ["dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Scan"],
                [self.slots.table_arn],
            ),
            allow(
                [
                    "dynamodb:GetItem",
                    "dynamodb:PutItem",
                    "dynamodb:DeleteItem",
                    "dynamodb:ConditionCheckItem",
                    "dynamodb:Query",
                ],
                [self.shares.table_arn],
            ),
            allow(["dynamodb:Query"], [self.waiting_jobs, self.policies.table_arn]),
        ]
