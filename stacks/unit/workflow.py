"""The way of an order: the state machine, its functions, its container, and what each may do."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from stacks.config import SMALL_SCRATCH_MIB, DisseminationUnit
from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings
from stacks.parts.permissions import allow
from stacks.parts.state_machine import AslMachine, MachineSpec
from stacks.unit.containers import Container
from stacks.unit.settings import machine_name
from stacks.unit.storage import Storage
from stacks.unit.tables import Tables

EXTRACT_SMALL = FunctionSpec(
    "extract_small",
    ("core", "science"),
    memory_mib=3538,
    timeout_s=840,
    scratch_mib=SMALL_SCRATCH_MIB,
)
SETTLE_JOB = FunctionSpec("settle_job", ("core", "web"), memory_mib=512, timeout_s=60)
RELEASE_JOB = FunctionSpec("release_job", ("core", "web"), memory_mib=512, timeout_s=60)
EXTRACT_BIG = "extract_big"


def extraction_workflow(
    stack: Stack, unit: DisseminationUnit, around: Surroundings, tables: Tables, storage: Storage
) -> Container:
    """Make the state machine and everything that it calls."""
    small = PythonFunction(stack, EXTRACT_SMALL, around, _extract(storage)).function
    settle = PythonFunction(stack, SETTLE_JOB, around, _settle(tables, storage)).function
    release = PythonFunction(stack, RELEASE_JOB, around, _release(tables, storage)).function
    big = Container(stack, EXTRACT_BIG, unit, around.environment, _extract_big(tables, storage))
    subnets = big.network.vpc.public_subnets
    called = [small.function_arn, settle.function_arn, release.function_arn]
    AslMachine(
        stack,
        MachineSpec(machine_name(stack), "extraction.asl.json", unit.log_retention_days),
        {
            "JobsTable": tables.jobs.table_name,
            "ExtractSmallArn": small.function_arn,
            "SettleJobArn": settle.function_arn,
            "ReleaseJobArn": release.function_arn,
            "Cluster": big.cluster.cluster_arn,
            "TaskDefinition": big.task.task_definition_arn,
            "SubnetA": subnets[0].subnet_id,
            "SubnetB": subnets[1].subnet_id,
            "SecurityGroup": big.network.nobody_in.security_group_id,
        },
        [
            allow(["dynamodb:UpdateItem"], [tables.jobs.table_arn]),
            allow(["lambda:InvokeFunction"], called),
            *big.run_statements,
        ],
    )
    return big


def _extract(storage: Storage) -> list[iam.PolicyStatement]:
    """Read datasets, write results. Icechunk tells absent from forbidden only if it may list."""
    return [
        allow(["s3:GetObject"], [storage.descriptions, storage.datasets]),
        allow(["s3:ListBucket"], [storage.data.bucket_arn]),
        allow(["s3:PutObject", "s3:AbortMultipartUpload"], [storage.result_objects]),
    ]


def _extract_big(tables: Tables, storage: Storage) -> list[iam.PolicyStatement]:
    """Beside that read its job, and leave a report."""
    return [
        *_extract(storage),
        allow(["dynamodb:GetItem"], [tables.jobs.table_arn]),
        allow(["s3:PutObject"], [storage.reports]),
    ]


def _settle(tables: Tables, storage: Storage) -> list[iam.PolicyStatement]:
    return [
        *_end_job(tables),
        allow(["s3:GetObject"], [storage.result_objects, storage.reports]),
    ]


def _release(tables: Tables, storage: Storage) -> list[iam.PolicyStatement]:
    return [*_end_job(tables), allow(["s3:GetObject"], [storage.reports])]


def _end_job(tables: Tables) -> list[iam.PolicyStatement]:
    """One transaction ends a job. Nothing may change an entry of the ledger."""
    jobs, accounts, ledger = tables.accounting
    return [
        allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [jobs]),
        allow(["dynamodb:UpdateItem"], [accounts]),
        allow(["dynamodb:PutItem"], [ledger]),
    ]
