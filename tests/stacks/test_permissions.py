"""Who may do what: a role a function, and no wildcard that is not listed here with its reason."""

import json
import re

import pytest

from tests.stacks.synthesis import Document, Template, listed, unit

UNITS = ("levitus", "navy")
# Actions that know no resources.
WITHOUT_RESOURCE = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
    "ecr:GetAuthorizationToken",
}
# Resources that are many: objects under a prefix, executions of one machine, tasks of one cluster.
MANY = (
    "/descriptions/*",
    "/datasets/*",
    "/results/*",
    "/reports/*",
    "/parts/*",
    "/ledger/*",
    "/products/*",
    "/incoming/*",
    "/incoming/*/response.json",
    ":execution:atoll-levitus-extraction:*",
    ":execution:atoll-navy-extraction:*",
    ":execution:atoll-levitus-publication:*",
    ":execution:atoll-navy-publication:*",
    ":execution:atoll-levitus-extraction/Parts:*",
    ":execution:atoll-navy-extraction/Parts:*",
)
TASKS = "ecs:StopTask"
TABLES = ("Datasets", "Jobs", "Accounts", "Ledger", "Slots", "Shares", "Policies", "Deliveries")

# Admit, start, promote and end jobs.
CHANGE_JOBS = {
    (f"dynamodb:{action}", table)
    for table, actions in {
        "Jobs": ("GetItem", "PutItem", "UpdateItem", "ConditionCheckItem"),
        "Jobs/index/by_queue": ("Query",),
        "Accounts": ("GetItem", "PutItem", "UpdateItem"),
        "Ledger": ("PutItem",),
        "Slots": ("PutItem", "DeleteItem", "Scan"),
        "Shares": ("GetItem", "PutItem", "DeleteItem", "ConditionCheckItem", "Query"),
        "Policies": ("Query",),
    }.items()
    for action in actions
}
START = {("states:StartExecution", "stateMachine")}
READ_DATA = {
    ("s3:GetObject", "Data/descriptions/*"),
    ("s3:GetObject", "Data/datasets/*"),
    ("s3:ListBucket", "Data"),
}
WRITE_RESULT = {
    ("s3:PutObject", "Results/results/*"),
    ("s3:AbortMultipartUpload", "Results/results/*"),
}
SHARE_PARTS = {
    ("s3:GetObject", "Results/parts/*"),
    ("s3:PutObject", "Results/parts/*"),
    ("s3:ListBucket", "Results"),
}
REPORT = {("s3:GetObject", "Results/reports/*"), ("s3:PutObject", "Results/reports/*")}
ASSEMBLE = READ_DATA | WRITE_RESULT | SHARE_PARTS | REPORT | {("s3:GetObject", "Results/results/*")}
DISCARD_UPLOADS = {
    ("s3:ListBucketMultipartUploads", "Results"),
    ("s3:AbortMultipartUpload", "Results/results/*"),
}
REMOVE_RESULTS = DISCARD_UPLOADS | {
    ("s3:ListBucket", "Results"),
    ("s3:DeleteObject", "Results/results/*"),
}
TELL = {("states:StartExecution", "notification")}
READ_SECRET = {("secretsmanager:GetSecretValue", "Master")}
# What each door of a unit needs.
DOOR = (
    {
        ("dynamodb:GetItem", "Datasets"),
        ("dynamodb:Scan", "Datasets"),
        ("dynamodb:Query", "Jobs/index/by_account"),
        ("dynamodb:Query", "Accounts"),
        ("dynamodb:Query", "Ledger/index/by_day"),
        ("s3:GetObject", "Data/descriptions/*"),
        ("s3:GetObject", "Results/results/*"),
        ("s3:GetObject", "Results/parts/*"),
        ("s3:ListBucket", "Results"),
        ("states:StopExecution", "execution"),
    }
    | CHANGE_JOBS
    | START
    | TELL
    | READ_SECRET
    | REMOVE_RESULTS
)
# Settings of datasets, offers of deliveries, and what became of them.
OFFER = {
    ("s3:GetObject", "Data/products/*"),
    ("s3:PutObject", "Data/products/*"),
    ("s3:ListBucket", "Data"),
    ("s3:PutObject", "Incoming/incoming/*"),
    ("dynamodb:GetItem", "Deliveries"),
    ("dynamodb:Query", "Deliveries/index/by_dataset"),
    ("dynamodb:Query", "Deliveries/index/by_month"),
}
ALLOWED = {
    "RestApi": DOOR
    | OFFER
    | {("dynamodb:PutItem", "Policies"), ("dynamodb:Query", "Ledger")}
    | {("events:PutEvents", "RecordsBus")},
    "MotuApi": DOOR,
    "WcsApi": DOOR,
    "ExtractSmall": READ_DATA | WRITE_RESULT,
    "BeginParts": WRITE_RESULT | SHARE_PARTS | REPORT | {("s3:GetObject", "Data/descriptions/*")},
    "ExtractPart": READ_DATA | WRITE_RESULT | SHARE_PARTS | {("s3:PutObject", "Results/reports/*")},
    "AssembleParts": ASSEMBLE,
    "ExtractBig": ASSEMBLE | {("dynamodb:GetItem", "Jobs")},
    "SettleJob": CHANGE_JOBS
    | START
    | TELL
    | DISCARD_UPLOADS
    | {("s3:GetObject", "Results/results/*"), ("s3:GetObject", "Results/reports/*")},
    "ReleaseJob": CHANGE_JOBS
    | START
    | TELL
    | REMOVE_RESULTS
    | {("s3:GetObject", "Results/reports/*")},
    "NotifyJob": READ_SECRET | {("dynamodb:GetItem", "Jobs")},
    "DispatchJobs": {
        ("dynamodb:Query", "Jobs/index/by_queue"),
        ("dynamodb:Query", "Policies"),
        ("dynamodb:GetItem", "Jobs"),
        ("dynamodb:UpdateItem", "Jobs"),
        ("dynamodb:UpdateItem", "Accounts"),
        ("dynamodb:PutItem", "Slots"),
        ("dynamodb:Scan", "Slots"),
    }
    | START
    | TELL,
    "ReapJobs": CHANGE_JOBS
    | START
    | TELL
    | REMOVE_RESULTS
    | {
        ("dynamodb:Query", "Ledger/index/by_day"),
        ("dynamodb:ConditionCheckItem", "Ledger"),
        ("states:DescribeExecution", "execution"),
        ("s3:GetObject", "Results/reports/*"),
    },
    "ExportLedger": {
        ("dynamodb:Query", "Ledger/index/by_day"),
        ("s3:PutObject", "Export/ledger/*"),
    },
}


def role_of(template: Template, name: str) -> str:
    if name in {"ExtractBig", "PublishDelivery"}:
        _, task = template.only("AWS::ECS::TaskDefinition", name)
        role = task["Properties"]["TaskRoleArn"]
    else:
        _, function = template.only("AWS::Lambda::Function", name)
        role = function["Properties"]["Role"]
    logical_id: str = role["Fn::GetAtt"][0]
    return logical_id


def said(resource: Document) -> str:
    """A resource in few words: the table or bucket, and what of it."""
    text = json.dumps(resource)
    for machine in ("notification", "publication"):
        if text.endswith(f'-{machine}"]]}}'):
            return machine
    known = {":stateMachine:": "stateMachine", ":execution:": "execution"}
    known |= {"NotificationMaster": "Master", "RecordsBus": "RecordsBus"}
    for sign, name in known.items():
        if sign in text:
            return name
    if "LedgerExport" in text:
        place = "Export"
    elif found := re.search(r"Deliveries(Incoming|(?:Notes|Waiting)Queue)", text):
        place = found[1]
    else:
        place = next(
            name
            for name in (*TABLES, "Data", "Results")
            if f"Tables{name}" in text or f"Storage{name}" in text
        )
    joined = resource["Fn::Join"][1] if "Fn::Join" in resource else []
    rest = [part for part in joined if isinstance(part, str)]
    return place + "".join(rest)


@pytest.mark.parametrize("unit_name", UNITS)
@pytest.mark.parametrize("name", ALLOWED)
def test_a_function_may_do_what_it_needs_and_nothing_else(unit_name: str, name: str):
    template = unit(unit_name)
    of_data = {
        (action, said(resource))
        for statement in template.statements(role_of(template, name))
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if action.split(":")[0] not in {"logs", "xray"}
    }
    assert of_data == ALLOWED[name]


@pytest.mark.parametrize("unit_name", UNITS)
def test_of_the_results_bucket_parts_and_reports_alone_are_listed(unit_name: str):
    template = unit(unit_name)
    for name in ("BeginParts", "ExtractPart", "AssembleParts", "ExtractBig"):
        (condition,) = [
            statement["Condition"]
            for statement in template.statements(role_of(template, name))
            if listed(statement["Action"]) == ["s3:ListBucket"]
            and said(statement["Resource"]) == "Results"
        ]
        assert condition == {"StringLike": {"s3:prefix": ["parts/*", "reports/*"]}}


@pytest.mark.parametrize("unit_name", UNITS)
def test_no_two_share_a_role(unit_name: str):
    template = unit(unit_name)
    functions = template.of_type("AWS::Lambda::Function")
    roles = {json.dumps(function["Properties"]["Role"]) for function in functions.values()}
    assert len(functions) == len(roles) > 1


@pytest.mark.parametrize("unit_name", UNITS)
def test_a_function_writes_its_own_log_only(unit_name: str):
    template = unit(unit_name)
    for logical_id, function in template.of_type("AWS::Lambda::Function").items():
        log = function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
        role = function["Properties"]["Role"]["Fn::GetAtt"][0]
        (resource,) = [
            statement["Resource"]
            for statement in template.statements(role)
            if "logs:PutLogEvents" in listed(statement["Action"])
        ]
        assert resource == {"Fn::GetAtt": [log, "Arn"]}, logical_id


@pytest.mark.parametrize("unit_name", UNITS)
def test_no_action_is_a_wildcard(unit_name: str):
    for policy in unit(unit_name).of_type("AWS::IAM::Policy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            assert not [action for action in listed(statement["Action"]) if "*" in action]


@pytest.mark.parametrize("unit_name", UNITS)
def test_wildcard_resources_are_those_listed(unit_name: str):
    for policy in unit(unit_name).of_type("AWS::IAM::Policy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            actions = set(listed(statement["Action"]))
            for resource in listed(statement["Resource"]):
                text = json.dumps(resource)
                if resource == "*":
                    assert actions <= WITHOUT_RESOURCE
                elif "*" in text and TASKS not in actions:
                    assert any(f'{many}"' in text for many in MANY), text


def test_no_policy_of_aws_is_attached():
    for role in unit().of_type("AWS::IAM::Role").values():
        assert "ManagedPolicyArns" not in role["Properties"]


def test_an_entry_of_the_ledger_is_never_changed():
    template = unit()
    ledger, _ = template.only("AWS::DynamoDB::Table", "Ledger")
    harmless = {"dynamodb:PutItem", "dynamodb:Query", "dynamodb:ConditionCheckItem"}
    for policy in template.of_type("AWS::IAM::Policy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if ledger in json.dumps(statement["Resource"]):
                assert set(listed(statement["Action"])) <= harmless
