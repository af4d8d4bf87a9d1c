"""A dissemination unit's template: alone, recoverable, private."""

import json
import re
from pathlib import Path

import pytest

from stacks.config import MOST_SMALL_BYTES
from stacks.parts.function import camel
from tests.stacks.synthesis import Document, demo, unit, walk

UNITS = ("levitus", "navy")
# And what lists their packages.
CONTAINERS = {
    "extract_big": "layers/science/requirements.txt",
    "publish_delivery": "functions/publish_delivery/requirements.txt",
}
FOREIGN = {"Fn::ImportValue", "Fn::GetStackOutput"}


@pytest.mark.parametrize("name", UNITS)
def test_nothing_comes_from_another_stack(name: str):
    body = unit(name).body
    assert not FOREIGN & {key for key, _ in walk(body)}
    assert "Export" not in {key for key, _ in walk(body["Outputs"])}
    assert "ExportsReader" not in json.dumps(body)


def test_no_stack_waits_for_another():
    manifest = json.loads((unit().path.parent / "manifest.json").read_text())
    stacks = set(demo())
    for name in stacks:
        assert not stacks & set(manifest["artifacts"][name].get("dependencies", []))


def test_identity_is_told_in_plain_strings():
    parameters = unit().body["Parameters"]
    assert {"Issuer", "JwksUrl", "ClientIds", "CasUrl"} < set(parameters)
    assert "Default" not in parameters["Issuer"]
    assert parameters["JwksUrl"]["Default"] == ""


@pytest.mark.parametrize("name", UNITS)
def test_every_resource_is_of_the_unit_alone(name: str):
    kinds = {resource["Type"] for resource in unit(name).body["Resources"].values()}
    assert not {kind for kind in kinds if kind.startswith(("Custom::", "AWS::CloudFormation::"))}


def test_tables_have_the_keys_that_adapters_use():
    keys = {
        logical_id: [key["AttributeName"] for key in table["Properties"]["KeySchema"]]
        for logical_id, table in unit().of_type("AWS::DynamoDB::Table").items()
    }
    expected = {
        "Datasets": ["dataset"],
        "Jobs": ["job_id"],
        "Accounts": ["account_id", "item"],
        "Ledger": ["account_id", "entry_id"],
        "Slots": ["slot"],
        "Shares": ["fingerprint", "member"],
        "Policies": ["name", "version"],
        "Deliveries": ["delivery"],
    }
    assert {name: _of(keys, name) for name in expected} == expected


def test_jobs_are_listed_by_account_and_by_queue_and_forgotten_in_time():
    _, jobs = unit().only("AWS::DynamoDB::Table", "Jobs")
    indexes = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in jobs["Properties"]["GlobalSecondaryIndexes"]
    }
    assert indexes == {
        "by_account": ["account_id", "created_at"],
        "by_queue": ["queue", "created_at"],
    }
    assert jobs["Properties"]["TimeToLiveSpecification"] == {
        "AttributeName": "expires_at",
        "Enabled": True,
    }


@pytest.mark.parametrize("name", UNITS)
def test_tables_are_recoverable_and_paid_by_use(name: str):
    tables = unit(name).of_type("AWS::DynamoDB::Table").values()
    for table in tables:
        recovery = table["Properties"]["PointInTimeRecoverySpecification"]
        assert recovery == {"PointInTimeRecoveryEnabled": True}
        assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize("name", UNITS)
def test_buckets_are_private_encrypted_and_spoken_to_by_tls_only(name: str):
    template = unit(name)
    policies = {
        policy["Properties"]["Bucket"]["Ref"]: policy["Properties"]["PolicyDocument"]["Statement"]
        for policy in template.of_type("AWS::S3::BucketPolicy").values()
    }
    for logical_id, bucket in template.of_type("AWS::S3::Bucket").items():
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
        assert properties["BucketEncryption"]
        assert _refuses_plain_text(policies[logical_id])
        assert _aborts_uploads(properties)


def test_results_expire_and_data_stay():
    _, results = unit().only("AWS::S3::Bucket", "Results")
    _, data = unit().only("AWS::S3::Bucket", "Data")
    # Seven days from a job's end, whose first file may be two days old by then.
    assert _expirations(results) == [("", 9), ("parts/", 2)]
    assert _expirations(data) == []
    assert data["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}


def test_results_may_be_fetched_from_a_page():
    _, results = unit().only("AWS::S3::Bucket", "Results")
    (rule,) = results["Properties"]["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedMethods"] == ["GET", "HEAD"]


def test_the_task_runs_where_nobody_can_call_it_and_nothing_idles_at_a_price():
    template = unit()
    _, group = template.only("AWS::EC2::SecurityGroup")
    assert "SecurityGroupIngress" not in group["Properties"]
    assert not template.of_type("AWS::EC2::SecurityGroupIngress")
    assert [rule["ToPort"] for rule in group["Properties"]["SecurityGroupEgress"]] == [443]
    assert not template.of_type("AWS::EC2::NatGateway")
    endpoints = template.of_type("AWS::EC2::VPCEndpoint").values()
    assert {endpoint["Properties"]["VpcEndpointType"] for endpoint in endpoints} == {"Gateway"}
    assert len(endpoints) == 2
    zones = [
        s["Properties"]["AvailabilityZone"] for s in template.of_type("AWS::EC2::Subnet").values()
    ]
    assert sorted(zones) == ["eu-west-1a", "eu-west-1b"]


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_has_its_memory_its_log_and_every_setting_of_a_function(name: str):
    template = unit()
    _, task = template.only("AWS::ECS::TaskDefinition", camel(name))
    _, function = template.only("AWS::Lambda::Function", "ExtractSmall")
    (container,) = task["Properties"]["ContainerDefinitions"]
    assert container["Memory"] == int(task["Properties"]["Memory"])
    assert container["LogConfiguration"]["LogDriver"] == "awslogs"
    settings = {pair["Name"] for pair in container["Environment"]}
    # What publishes tells the federation where the unit's doors are.
    own = {"API_URL"} if name == "publish_delivery" else set()
    assert settings == own | set(function["Properties"]["Environment"]["Variables"])


def test_results_are_spooled_on_disks_that_hold_them():
    template = unit()
    _, task = template.only("AWS::ECS::TaskDefinition", "ExtractBig")
    assert task["Properties"]["EphemeralStorage"] == {"SizeInGiB": 100}
    _, function = template.only("AWS::Lambda::Function", "ExtractSmall")
    assert function["Properties"]["EphemeralStorage"]["Size"] * 2**20 > MOST_SMALL_BYTES


@pytest.mark.parametrize(("name", "packages"), CONTAINERS.items())
def test_an_image_is_made_of_what_its_dockerfile_copies_and_nothing_else(name: str, packages: str):
    assets = json.loads((unit().path.parent / "atoll-levitus.assets.json").read_text())
    dockerfile = f"functions/{name}/Dockerfile"
    (image,) = [
        image
        for image in assets["dockerImages"].values()
        if image["source"]["dockerFile"] == dockerfile
    ]
    context = unit().path.parent / image["source"]["directory"]
    files = {path.relative_to(context).as_posix() for path in context.rglob("*") if path.is_file()}
    copied = re.findall(r"(?m)^COPY (.+) \S+$", Path(dockerfile).read_text())
    named = {source for line in copied for source in line.split()}
    assert {"requirements.lock", packages, "layers/core/python", f"functions/{name}"} == named
    own = ("layers/core/python/atoll/", f"functions/{name}/")
    assert {each for each in files if not each.startswith(own)} <= named
    assert {dockerfile, "requirements.lock", packages} <= files


@pytest.mark.parametrize("name", CONTAINERS)
def test_an_image_is_built_by_the_installer_of_the_lock(name: str):
    dockerfile = Path(f"functions/{name}/Dockerfile").read_text()
    (version,) = re.findall(r"/uv:(\S+)", dockerfile)
    assert f"uv=={version} " in Path("requirements.lock").read_text()


def test_a_functions_asset_holds_its_folder_alone():
    assembly = unit().path.parent
    folders = [
        assembly / file["source"]["path"]
        for name in ("atoll-levitus", "atoll-central-identity", "atoll-central-catalogue")
        for file in json.loads((assembly / f"{name}.assets.json").read_text())["files"].values()
    ]
    found = [
        {path.name for path in folder.iterdir()}
        for folder in folders
        if folder.is_dir() and not (folder / "python").exists()
    ]
    deployed = {path.parent.name for path in Path("functions").glob("*/handler.py")}
    assert {"rest_api", "settle_job", "notify_job"} <= deployed
    assert all({name} in found for name in deployed)


def test_a_unit_is_told_its_limits():
    numbers = (
        *("SMALL_BYTES", "MEDIUM_BYTES", "FILE_BYTES", "PART_BYTES"),
        *("PARTS_AT_ONCE", "WORKERS"),
    )
    said = {
        "levitus": (4 * 2**20, 6 * 2**20, 2**42, 5 * 2**20, 2, 2),
        "navy": (64 * 2**20, 8 * 2**30, 2**42, 64 * 2**20, 50, 8),
    }
    for name, limits in said.items():
        _, function = unit(name).only("AWS::Lambda::Function", "RestApi")
        variables = function["Properties"]["Environment"]["Variables"]
        assert tuple(int(variables[each]) for each in numbers) == limits
        assert variables["HARD_LIMIT_BYTES"] == ""
        assert variables["LEDGER_HOSTS"] == "false"
        assert variables["ATOLL_UNIT"] == name


def _of(keys: dict[str, list[str]], name: str) -> list[str]:
    (found,) = [
        value for logical_id, value in keys.items() if logical_id.startswith(f"Tables{name}")
    ]
    return found


def _refuses_plain_text(statements: list[Document]) -> bool:
    return any(
        statement["Effect"] == "Deny"
        and statement["Action"] == "s3:*"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in statements
    )


def _aborts_uploads(properties: Document) -> bool:
    return any(
        rule.get("AbortIncompleteMultipartUpload") == {"DaysAfterInitiation": 1}
        for rule in properties["LifecycleConfiguration"]["Rules"]
    )


def _expirations(bucket: Document) -> list[tuple[str, int]]:
    """Prefix of keys, and days."""
    rules = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    return [
        (rule.get("Prefix", ""), rule["ExpirationInDays"])
        for rule in rules
        if "ExpirationInDays" in rule
    ]
