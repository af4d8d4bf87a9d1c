"""The tables of a unit: what it offers, what was ordered, and what was counted."""

from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from stacks.config import DisseminationUnit
from stacks.parts.table import table, text


class Tables(Construct):
    """The tables of a unit; the physical names are in the functions' environment.

    Attributes:
        datasets: one pointer a dataset, to its present revision.
        jobs: one row an order, forgotten after its result; by account in order of creation.
        accounts: reserved and settled bytes of an account in a month.
        ledger: immutable entries, one each time that bytes are reserved, settled or released.
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
        self.accounts = table(self, "Accounts", ("account_id", "month"), removal=removal)
        self.ledger = table(self, "Ledger", ("account_id", "entry_id"), removal=removal)

    @property
    def jobs_by_account(self) -> str:
        """ARN of the index that lists an account's jobs."""
        return f"{self.jobs.table_arn}/index/by_account"

    @property
    def accounting(self) -> list[str]:
        """ARNs of the tables that one transaction of an order changes together."""
        return [self.jobs.table_arn, self.accounts.table_arn, self.ledger.table_arn]
