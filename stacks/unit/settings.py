"""The settings that a unit's functions and its container start with: one set for all."""

from aws_cdk import ArnFormat, Stack
from constructs import Construct

from stacks.config import DisseminationUnit
from stacks.unit.storage import Storage
from stacks.unit.tables import Tables

METRICS_NAMESPACE = "Atoll"


def machine_name(stack: Construct) -> str:
    """Name the state machine by its stack, so that its ARN is known before it is made."""
    return f"{Stack.of(stack).stack_name}-extraction"


def machine_arn(stack: Construct) -> str:
    """ARN of the state machine: said, not referred to, as its functions' settings hold it too."""
    return Stack.of(stack).format_arn(
        service="states",
        resource=f"stateMachine:{machine_name(stack)}",
    )


def executions_arn(stack: Construct, map_label: str = "") -> str:
    """ARN of all executions of the state machine, or of the children of one of its Maps."""
    of_map = f"/{map_label}" if map_label else ""
    return Stack.of(stack).format_arn(
        service="states",
        resource="execution",
        resource_name=f"{machine_name(stack)}{of_map}:*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )


def environment(
    stack: Construct, unit: DisseminationUnit, tables: Tables, storage: Storage
) -> dict[str, str]:
    """Return every setting but those of identity; limits in bytes, seconds and numbers."""
    limits = unit.limits
    return {
        "ATOLL_UNIT": unit.name,
        "DATASETS_TABLE": tables.datasets.table_name,
        "JOBS_TABLE": tables.jobs.table_name,
        "ACCOUNTS_TABLE": tables.accounts.table_name,
        "LEDGER_TABLE": tables.ledger.table_name,
        "SLOTS_TABLE": tables.slots.table_name,
        "SHARES_TABLE": tables.shares.table_name,
        "POLICIES_TABLE": tables.policies.table_name,
        "DELIVERIES_TABLE": tables.deliveries.table_name,
        "DATA_BUCKET": storage.data.bucket_name,
        "RESULTS_BUCKET": storage.results.bucket_name,
        "STATE_MACHINE_ARN": machine_arn(stack),
        "SMALL_BYTES": str(int(limits.small_bytes)),
        "MEDIUM_BYTES": str(int(limits.medium_bytes)),
        "FILE_BYTES": str(int(limits.file_bytes)),
        "PART_BYTES": str(int(limits.part_bytes)),
        "PARTS_AT_ONCE": str(unit.workflow.parts_at_once),
        "WORKERS": str(unit.workflow.workers),
        "HARD_LIMIT_BYTES": _bytes(limits.hard_limit_bytes),
        "RESULT_LIFETIME_S": str(limits.result_lifetime_s),
        "URL_LIFETIME_S": str(limits.url_lifetime_s),
        "LEDGER_HOSTS": str(unit.ledger_hosts).lower(),
        "LOG_LEVEL": unit.log_level,
        # NumPy's linear algebra is not used; its threads would cost 50 ms of every cold start.
        "OPENBLAS_NUM_THREADS": "1",
        # Slabs go back to the system, and leave no holes in the heap: 20 MB of a worker's memory.
        "MALLOC_MMAP_THRESHOLD_": "4194304",
        "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
    }


def _bytes(limit: int | None) -> str:
    """An empty setting is no limit."""
    return "" if limit is None else str(int(limit))
