"""Deploy the synthesised templates into the emulator, central first."""

import json
import shutil
import time
from typing import Any

from botocore.exceptions import ClientError

from stacks.config import load_federation
from stacks.local.addresses import cas, keys, tell_addresses
from stacks.local.assets import SynthesisedStack, read_assembly, template_url, upload_assets
from stacks.local.cloud import Cloud, DeployedStack
from stacks.local.place import LocalError, Place
from stacks.local.reapply import reapply

DEPLOY_LIMIT_S = 120
POLL_INTERVAL_S = 0.1
BOOTSTRAP_VERSION = "30"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
UNCHANGED = "No updates are to be performed"


def deploy(place: Place) -> dict[str, DeployedStack]:
    """Synthesise and deploy the demo federation.

    Returns:
        `central`, `catalogue` and each unit's name -> its stack.

    Raises:
        LocalError: a stack did not come up; the message has the first reason.
    """
    # Here, because loading the construct library takes longer than all else of the launcher.
    from stacks.assembly import DEMO, synthesise  # noqa: PLC0415
    from stacks.parts.layers import INSTALLED  # noqa: PLC0415

    federation = load_federation(DEMO)
    shutil.rmtree(place.assembly, ignore_errors=True)
    synthesise(federation, place.assembly, {"bundle": INSTALLED})
    stacks = {stack.name: stack for stack in read_assembly(place.assembly)}
    identity = stacks[f"{federation.name}-central-identity"]
    central = _deploy_stack(identity, place, {"CasServices": place.doors})
    told = identity_parameters(central)
    searched = stacks[f"{federation.name}-central-catalogue"]
    catalogue = _deploy_stack(searched, place, told)
    deployed = {"central": central, "catalogue": catalogue}
    told |= {"CasUrl": cas(central), "RecordsBus": catalogue.outputs["RecordsBus"]}
    for unit in federation.units:
        stack = stacks[f"{federation.name}-{unit.name}"]
        deployed[unit.name] = _deploy_stack(stack, place, told)
    return deployed


def identity_parameters(central: DeployedStack) -> dict[str, str]:
    """What every other stack is told of central's identity."""
    outputs = central.outputs
    return {
        "Issuer": outputs["Issuer"],
        "ClientIds": outputs["ClientIds"],
        # The issuer's host is AWS's own name even here, where nobody answers to it.
        "JwksUrl": keys(central),
    }


def _deploy_stack(
    stack: SynthesisedStack, place: Place, parameters: dict[str, str]
) -> DeployedStack:
    """Create or update one stack, then put right what the emulator leaves out."""
    cloud = Cloud(place, stack.region)
    _bootstrap(cloud)
    upload_assets(stack, cloud)
    formation = cloud.client("cloudformation")
    request = {
        "StackName": stack.name,
        "TemplateURL": template_url(stack, place),
        "Capabilities": CAPABILITIES,
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
    }
    try:
        formation.create_stack(**request)
    except formation.exceptions.AlreadyExistsException:
        _update(formation, request)
    outputs = _await_completion(formation, stack.name)
    deployed = _read(stack, cloud, outputs, parameters)
    reapply(deployed)
    tell_addresses(deployed)
    return deployed


def _update(formation: Any, request: dict[str, Any]) -> None:  # noqa: ANN401 (see Cloud.client)
    try:
        formation.update_stack(**request)
    except ClientError as error:
        if UNCHANGED not in str(error):
            raise


def _await_completion(formation: Any, name: str) -> dict[str, str]:  # noqa: ANN401 (see Cloud.client)
    deadline = time.monotonic() + DEPLOY_LIMIT_S
    while time.monotonic() < deadline:
        (stack,) = formation.describe_stacks(StackName=name)["Stacks"]
        status = stack["StackStatus"]
        if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
        if status.endswith(("_FAILED", "ROLLBACK_COMPLETE")):
            raise LocalError(f"stack {name}: {status}: {_first_failure(formation, name)}")
        time.sleep(POLL_INTERVAL_S)
    raise LocalError(f"stack {name} is not complete after {DEPLOY_LIMIT_S} s")


def _first_failure(formation: Any, name: str) -> str:  # noqa: ANN401 (see Cloud.client)
    events = formation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return "no reason given"
    first = failed[-1]
    return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', '')}"


def _read(
    stack: SynthesisedStack, cloud: Cloud, outputs: dict[str, str], told: dict[str, str]
) -> DeployedStack:
    pages = cloud.client("cloudformation").get_paginator("list_stack_resources")
    resources = [
        resource
        for page in pages.paginate(StackName=stack.name)
        for resource in page["StackResourceSummaries"]
    ]
    template = json.loads(stack.template.read_text(encoding="utf-8"))["Resources"]
    return DeployedStack(
        name=stack.name,
        cloud=cloud,
        outputs=outputs,
        told=told,
        physical={each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources},
        types={each["LogicalResourceId"]: each["ResourceType"] for each in resources},
        properties={key: value.get("Properties", {}) for key, value in template.items()},
    )


def _bootstrap(cloud: Cloud) -> None:
    """The one thing of `cdk bootstrap` that templates look at."""
    cloud.client("ssm").put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version",
        Value=BOOTSTRAP_VERSION,
        Type="String",
        Overwrite=True,
    )
