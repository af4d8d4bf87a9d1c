"""The way of an order: the state machine, its functions, its container, and what each may do."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from stacks.config import SMALL_SCRATCH_MIB
from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings, camel
from stacks.parts.permissions import allow
from stacks.parts.state_machine import AslMachine, MachineSpec
from stacks.unit.containers import Container, Host
from stacks.unit.notification import notification_arn
from stacks.unit.settings import executions_arn, machine_arn, machine_name
from stacks.unit.storage import Storage
from stacks.unit.tables import Tables

EXTRACT_SMALL = FunctionSpec(
    "extract_small",
    ("core", "science"),
    memory_mib=3538,
    timeout_s=840,
    scratch_mib=SMALL_SCRATCH_MIB,
)
BEGIN_PARTS = FunctionSpec("begin_parts", ("core", "science"), memory_mib=1769, timeout_s=240)
EXTRACT_PART = FunctionSpec("extract_part", ("core", "science"), memory_mib=1769, timeout_s=840)
ASSEMBLE_PARTS = FunctionSpec("assemble_parts", ("core", "science"), memory_mib=3538, timeout_s=840)
SETTLE_JOB = FunctionSpec("settle_job", ("core", "web"), memory_mib=512, timeout_s=60)
RELEASE_JOB = FunctionSpec("release_job", ("core", "web"), memory_mib=512, timeout_s=60)
EXTRACT_BIG = "extract_big"
# Of the distributed Map, as its definition says; part of its children's names.
MAP_LABEL = "Parts"


def extraction_workflow(host: Host, around: Surroundings, tables: Tables, storage: Storage) -> None:
    """Make the state machine and everything that it calls."""
    stack, unit = Stack.of(host), host.unit
    called = {
        spec.folder: PythonFunction(stack, spec, around, statements).function
        for spec, statements in _functions(stack, tables, storage)
    }
    may = _extract_big(tables, storage)
    big = Container(host, EXTRACT_BIG, unit.worker, around.environment, may)
    AslMachine(
        stack,
        MachineSpec(machine_name(stack), "extraction.asl.json", unit.log_retention_days),
        {"JobsTable": tables.jobs.table_name, **_arns(called), **big.placeholders},
        [
            allow(["dynamodb:UpdateItem"], [tables.jobs.table_arn]),
            allow(["lambda:InvokeFunction"], [each.function_arn for each in called.values()]),
            *_run_children(stack),
            *big.run_statements,
        ],
    )


def _functions(
    stack: Stack, tables: Tables, storage: Storage
) -> list[tuple[FunctionSpec, list[iam.PolicyStatement]]]:
    """Every function that the state machine calls, and what it may do."""
    return [
        (EXTRACT_SMALL, [*storage.read_data, *storage.write_result]),
        (BEGIN_PARTS, _begin_parts(storage)),
        (EXTRACT_PART, _extract_part(storage)),
        (ASSEMBLE_PARTS, _assemble_parts(storage)),
        (SETTLE_JOB, _settle(stack, tables, storage)),
        (RELEASE_JOB, _release(stack, tables, storage)),
    ]


def _arns(called: dict[str, lambda_.Function]) -> dict[str, str]:
    """Folder `settle_job` -> placeholder `SettleJobArn`."""
    return {f"{camel(folder)}Arn": each.function_arn for folder, each in called.items()}


def _run_children(stack: Stack) -> list[iam.PolicyStatement]:
    """Each item of a distributed Map is an execution of its own, of the same machine."""
    executions = [executions_arn(stack), executions_arn(stack, MAP_LABEL)]
    return [
        allow(["states:StartExecution"], [machine_arn(stack)]),
        allow(["states:DescribeExecution", "states:StopExecution"], executions),
    ]


def _begin_parts(storage: Storage) -> list[iam.PolicyStatement]:
    """Describe the work, begin its uploads, see which parts there are, report how it ended."""
    return [
        allow(["s3:GetObject"], [storage.descriptions]),
        allow(["s3:GetObject", "s3:PutObject"], [storage.reports]),
        *storage.write_result,
        *storage.share_parts,
    ]


def _extract_part(storage: Storage) -> list[iam.PolicyStatement]:
    return [
        *storage.read_data,
        *storage.write_result,
        *storage.share_parts,
        allow(["s3:PutObject"], [storage.reports]),
    ]


def _assemble_parts(storage: Storage) -> list[iam.PolicyStatement]:
    """What S3 really holds is read back, for its hash; then the file is said to be made."""
    return [
        *storage.read_data,
        *storage.write_result,
        *storage.share_parts,
        allow(["s3:GetObject"], [storage.result_objects]),
        allow(["s3:GetObject", "s3:PutObject"], [storage.reports]),
    ]


def _extract_big(tables: Tables, storage: Storage) -> list[iam.PolicyStatement]:
    """Everything that the functions of parts may do; beside that read its job."""
    return [
        *_assemble_parts(storage),
        allow(["dynamodb:GetItem"], [tables.jobs.table_arn]),
    ]


def _settle(stack: Stack, tables: Tables, storage: Storage) -> list[iam.PolicyStatement]:
    return [
        *_end_job(stack, tables),
        allow(["s3:GetObject"], [storage.result_objects, storage.reports]),
        *storage.discard_uploads,
    ]


def _release(stack: Stack, tables: Tables, storage: Storage) -> list[iam.PolicyStatement]:
    return [
        *_end_job(stack, tables),
        allow(["s3:GetObject"], [storage.reports]),
        *storage.remove_results,
    ]


def _end_job(stack: Stack, tables: Tables) -> list[iam.PolicyStatement]:
    """End a job, start those that wait for its slot, and begin to tell of both."""
    return [
        *tables.change_jobs,
        allow(["states:StartExecution"], [machine_arn(stack), notification_arn(stack)]),
    ]
