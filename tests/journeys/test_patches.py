"""The emulator as it is delivered: each test fails once a new version needs a patch no longer.

Then remove that patch from stacks/local/patches.py, or the entry from stacks/local/reapply.py.
"""

import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from stacks.local.cloud import Cloud
from stacks.local.door import call
from stacks.local.lifecycle import running, start, stop_servers
from stacks.local.place import ACCOUNT, Place
from stacks.local.servers import Server, emulator
from tests.extraction.seaweed import seaweed
from tests.journeys.local import eventually, free_row

pytestmark = pytest.mark.slow

REGION = "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/any"
WAITING = {
    "StartAt": "Work",
    "States": {
        "Work": {
            "Type": "Task",
            "Resource": "arn:aws:states:::ecs:runTask.sync",
            "Parameters": {
                "Cluster": "cluster",
                "TaskDefinition": "task",
                "Overrides": {
                    "ContainerOverrides": [
                        {
                            "Name": "worker",
                            "Environment": [
                                {"Name": "ATOLL_JOB_ID", "Value.$": "$$.Execution.Name"}
                            ],
                        }
                    ]
                },
            },
            "End": True,
        }
    },
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Place]]:
    """The emulator without our patches."""
    place = Place(tmp_path_factory.mktemp("plain"), free_row())
    server = replace(emulator(place), command=[sys.executable, "-m", "ministack"])
    place.scratch.mkdir()
    start(server, place)
    yield server, place
    stop_servers(place)


@pytest.fixture(scope="module")
def cloud(plain: tuple[Server, Place]) -> Cloud:
    return Cloud(plain[1], REGION)


def make_function(cloud: Cloud, name: str, code: str) -> Any:
    """A function `g` of one file; the client that can call it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("f.py", code)
    client = cloud.client("lambda")
    client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=ROLE,
        Handler="f.g",
        Code={"ZipFile": archive.getvalue()},
    )
    return client


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("fails", "class Unavailable(Exception): ...\ndef g(e, c): raise Unavailable"),
        ("dies", "import os\ndef g(e, c): os.kill(os.getpid(), 9)"),
    ],
)
def test_a_lambda_error_has_no_name_of_its_own(cloud: Cloud, name: str, code: str) -> None:
    client = make_function(cloud, name, code)
    answer = json.load(client.invoke(FunctionName=name)["Payload"])
    assert answer["errorType"] == "Runtime.HandlerError"


def test_a_map_does_not_see_a_limit_in_its_input(cloud: Cloud) -> None:
    code = "import time\ndef g(e, c): began = time.time(); time.sleep(1); return began"
    make_function(cloud, "sleeps", code)
    call = {"Type": "Task", "Resource": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:sleeps"}
    one_by_one = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "MaxConcurrencyPath": "$.most",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Call",
            "States": {"Call": call | {"End": True}},
        },
        "End": True,
    }
    states = cloud.client("stepfunctions")
    definition = json.dumps({"StartAt": "Each", "States": {"Each": one_by_one}})
    made = states.create_state_machine(name="limited", definition=definition, roleArn=ROLE)
    execution = states.start_execution(
        stateMachineArn=made["stateMachineArn"], input='{"items": [1, 2], "most": 1}'
    )["executionArn"]
    eventually(lambda: "output" in states.describe_execution(executionArn=execution))
    first, second = sorted(json.loads(states.describe_execution(executionArn=execution)["output"]))
    assert second - first < 1


def stack_of(cloud: Cloud, name: str, resources: dict[str, Any], **sections: object) -> None:
    """Make a stack, and wait for it."""
    client = cloud.client("cloudformation")
    body = json.dumps({"Resources": resources, **sections})
    client.create_stack(StackName=name, TemplateBody=body)
    waiter = client.get_waiter("stack_create_complete")
    waiter.wait(StackName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 100})


def test_a_user_pool_does_not_say_its_url(cloud: Cloud) -> None:
    said = {"Url": {"Value": {"Fn::GetAtt": ["Pool", "ProviderURL"]}}}
    with pytest.raises(WaiterError):
        stack_of(cloud, "pool", {"Pool": {"Type": "AWS::Cognito::UserPool"}}, Outputs=said)


def test_rows_of_a_table_do_not_expire(cloud: Cloud) -> None:
    key = {"AttributeName": "id"}
    properties = {
        "TableName": "expiring",
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [key | {"KeyType": "HASH"}],
        "AttributeDefinitions": [key | {"AttributeType": "S"}],
        "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
    }
    table = {"Type": "AWS::DynamoDB::Table", "Properties": properties}
    stack_of(cloud, "table", {"Table": table})
    state = cloud.client("dynamodb").describe_time_to_live(TableName="expiring")
    assert state["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"


def test_an_api_forgets_which_origins_may_call(cloud: Cloud) -> None:
    cors = {"AllowOrigins": ["https://portal.example"], "AllowMethods": ["GET"]}
    properties = {"Name": "api", "ProtocolType": "HTTP", "CorsConfiguration": cors}
    stack_of(cloud, "api", {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": properties}})
    (api,) = cloud.client("apigatewayv2").get_apis()["Items"]
    assert not api.get("CorsConfiguration")


def test_a_path_with_a_slash_at_its_end_has_no_route(cloud: Cloud) -> None:
    make_function(cloud, "answers", "def g(e, c): return {'statusCode': 200, 'body': 'here'}")
    gateway = cloud.client("apigatewayv2")
    api = gateway.create_api(Name="slashes", ProtocolType="HTTP")["ApiId"]
    integration = gateway.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:answers",
        PayloadFormatVersion="2.0",
    )["IntegrationId"]
    gateway.create_route(ApiId=api, RouteKey="GET /door", Target=f"integrations/{integration}")
    gateway.create_stage(ApiId=api, StageName="$default")
    doors = f"{cloud.place.doors}{api}/$default"
    assert call("GET", f"{doors}/door").body == b"here"
    assert call("GET", f"{doors}/door/").status == HTTPStatus.NOT_FOUND


@pytest.fixture(scope="module")
def machine(cloud: Cloud) -> str:
    """A state machine that waits for a task."""
    ecs = cloud.client("ecs")
    ecs.create_cluster(clusterName="cluster")
    ecs.register_task_definition(
        family="task",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "worker", "image": "image:tag", "memory": 512}],
    )
    made = cloud.client("stepfunctions").create_state_machine(
        name="waiting", definition=json.dumps(WAITING), roleArn=ROLE
    )
    arn: str = made["stateMachineArn"]
    return arn


def tasks(cloud: Cloud) -> list[dict[str, Any]]:
    ecs = cloud.client("ecs")
    arns = ecs.list_tasks(cluster="cluster")["taskArns"]
    found: list[dict[str, Any]] = ecs.describe_tasks(cluster="cluster", tasks=arns)["tasks"]
    return found


def test_a_task_is_said_to_run_where_nothing_does_and_outlives_its_execution(
    cloud: Cloud, machine: str
) -> None:
    states = cloud.client("stepfunctions")
    execution = states.start_execution(stateMachineArn=machine, name="one")["executionArn"]
    eventually(lambda: len(tasks(cloud)) == 1)
    states.stop_execution(executionArn=execution)
    (task,) = tasks(cloud)
    assert (task["lastStatus"], task["desiredStatus"]) == ("RUNNING", "RUNNING")


def test_executions_end_with_the_emulator_and_a_crash_loses_all(
    plain: tuple[Server, Place], cloud: Cloud, machine: str
) -> None:
    server, place = plain
    states = cloud.client("stepfunctions")
    execution = states.start_execution(stateMachineArn=machine, name="two")["executionArn"]
    end(server, place, signal.SIGTERM)
    start(server, place)
    restored = states.describe_execution(executionArn=execution)
    assert (restored["status"], restored["error"]) == ("FAILED", "States.ServiceRestart")
    states.start_execution(stateMachineArn=machine, name="three")
    end(server, place, signal.SIGKILL)
    start(server, place)
    names = [each["name"] for each in states.list_executions(stateMachineArn=machine)["executions"]]
    assert sorted(names) == ["one", "two"]


def test_the_s3_server_tells_nobody_of_uploads(tmp_path: Path) -> None:
    """Else stacks/local/uploads.py can go."""
    with seaweed(tmp_path) as server, pytest.raises(ClientError):
        server.client().put_bucket_notification_configuration(
            Bucket=server.bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )


def test_an_exit_code_does_not_fail_the_task(tmp_path: Path) -> None:
    """In a process of its own: this asks the emulator's inner code, which keeps state."""
    code = """
from ministack.core.responses import request_scope
from ministack.services import ecs, stepfunctions
arn = "arn:aws:ecs:eu-west-1:000000000000:task/cluster/one"
cluster = "arn:aws:ecs:eu-west-1:000000000000:cluster/cluster"
with request_scope("000000000000", "eu-west-1"):
    ecs._clusters["cluster"] = {"clusterArn": cluster}
    ecs._tasks[arn] = {"taskArn": arn, "clusterArn": cluster, "lastStatus": "STOPPED",
                       "containers": [{"exitCode": 1}]}
    print(stepfunctions._poll_ecs_tasks("cluster", [arn])["tasks"][0]["containers"])
"""
    environment = {"PATH": os.environ["PATH"], "STATE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.splitlines()[-1] == "[{'exitCode': 1}]"


def end(server: Server, place: Place, signal_number: int) -> None:
    """End the emulator as the signal says."""
    pid = int((place.directory / f"{server.name}.pid").read_text(encoding="ascii"))
    os.kill(pid, signal_number)
    eventually(lambda: not running(server, place))
