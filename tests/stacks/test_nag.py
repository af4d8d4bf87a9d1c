"""cdk-nag's AwsSolutions over the demo, one unit of it with a load balancer.

Every finding is one that is acknowledged here, and why.
"""

import json
import re
from pathlib import Path

import aws_cdk
import pytest
from cdk_nag import AwsSolutionsChecks

from stacks.assembly import DEMO, ROOT, build
from stacks.config import load_federation
from tests.stacks.synthesis import balanced

FUNCTIONS = {
    *("RestApi", "MotuApi", "WcsApi", "ExtractSmall", "BeginParts", "ExtractPart", "AssembleParts"),
    *("SettleJob", "ReleaseJob", "NotifyJob", "DispatchJobs", "ReapJobs", "ExportLedger"),
    *("ReceiveDelivery", "StartDelivery", "CloseDelivery", "WatchDeliveries"),
    *("RetainRevisions", "AnnounceRecords"),
}
CATALOGUE = {"CatalogueApi", "IndexRecords"}
# These know of no result.
DELIVERING = {
    *("ReceiveDelivery", "StartDelivery", "CloseDelivery", "WatchDeliveries", "RetainRevisions"),
    "AnnounceRecords",
}
CONTAINERS = {"ExtractBig", "PublishDelivery"}
DOORS = {"RestApi", "MotuApi", "WcsApi"}
EXTRACTING = {"ExtractSmall", "ExtractPart", "AssembleParts", "ExtractBig"}
# Finding -> where (without the stack) and the reason. A wildcard over objects or executions is
# the narrowest resource that the action knows.
ACKNOWLEDGED: dict[str, tuple[set[str], str]] = {
    "COG2": ({"Pool"}, "a second factor is offered, not demanded: programs sign in too"),
    "COG8": ({"Pool"}, "the plus plan is paid by user; the operator's choice"),
    "S1": (
        {"Storage/Data", "Storage/Results", "LedgerExport", "Deliveries", "Kept"},
        "each URL is minted by the API, whose log says who and when; exports have none",
    ),
    "L1": (
        FUNCTIONS | CATALOGUE | {"Cas"},
        "one Python everywhere: the layers' byte code and every test are of 3.13",
    ),
    "SMG4": (
        {"Notification", "Cas"},
        "another secret is another key of every user: it is changed when it is known, not by date",
    ),
    "ELB2": ({"MotuBalancer"}, "its log would have whole queries, and in them CAS tickets"),
    "EC23": ({"MotuBalancer"}, "two ports are open to users, who are anywhere"),
    "APIG4": (
        {"Api", "Cas"},
        "public datasets need no token; the function verifies those that come",
    ),
    "VPC7": ({"Host"}, "nothing listens in this network; S3's and the task's logs say all"),
    "ECS2": (CONTAINERS, "settings are names and limits; there is no secret among them"),
    "IAM5 */descriptions/*": (
        EXTRACTING | DOORS | {"BeginParts", "PublishDelivery", "AnnounceRecords"},
        "one prefix's objects",
    ),
    "IAM5 */datasets/*": (
        EXTRACTING | {"PublishDelivery", "RetainRevisions"},
        "one prefix's objects",
    ),
    "IAM5 */products/*": (
        {"RestApi", "ReceiveDelivery", "PublishDelivery", "WatchDeliveries"},
        "one prefix's objects",
    ),
    "IAM5 */incoming/*": (
        {"RestApi", "ReceiveDelivery", "PublishDelivery"},
        "one prefix's objects",
    ),
    "IAM5 */incoming/*/response.json": (
        {"ReceiveDelivery", "CloseDelivery", "WatchDeliveries"},
        "each delivery has its own",
    ),
    "IAM5 */catalogue/*": (CATALOGUE, "one prefix's objects"),
    "IAM5 */records/*": ({"IndexRecords"}, "one prefix's objects"),
    "IAM5 */results/*": (
        FUNCTIONS - {"NotifyJob", "DispatchJobs", "ExportLedger"} - DELIVERING | {"ExtractBig"},
        "one prefix's objects",
    ),
    "IAM5 */reports/*": (
        {"SettleJob", "ReleaseJob", "ReapJobs", "BeginParts", "ExtractPart", "AssembleParts"}
        | {"ExtractBig"},
        "one prefix's objects",
    ),
    "IAM5 */parts/*": (
        EXTRACTING - {"ExtractSmall"} | DOORS | {"BeginParts"},
        "one prefix's objects",
    ),
    "IAM5 */*": (
        {"Workflow", "Deliveries", "ExportLedger"},
        "tasks of one cluster, one prefix's objects",
    ),
    "IAM5 *:*": (
        DOORS | {"ReapJobs", "WatchDeliveries", "Workflow"},
        "executions of one machine",
    ),
    "IAM5 *": (
        FUNCTIONS | CONTAINERS | CATALOGUE | {"Workflow", "Notification", "Deliveries", "Cas"},
        "tracing, log delivery and the image registry's token know no resources",
    ),
}

PREFIXES = "descriptions|datasets|results|reports|parts|products|incoming|records|catalogue"


def short(rule: str) -> str:
    """`AwsSolutions-IAM5[Resource::<StorageDataX.Arn>/datasets/*]` as `IAM5 */datasets/*`."""
    name, _, resource = rule.removeprefix("AwsSolutions-").removesuffix("]").partition("[")
    tail = re.search(rf"(?:(?:/(?:{PREFIXES}))?/|(?<!:):)\*(?:/response\.json)?$", resource)
    return " ".join(filter(None, (name, f"*{tail[0] if tail else ''}" if resource else "")))


def place(path: str) -> str:
    """Where a finding is, in the words of ACKNOWLEDGED: without stack and inner construct."""
    parts = path.split("/")[1:-1]
    return "/".join(parts[: 2 if parts[0] == "Storage" else 1])


@pytest.mark.slow
def test_every_finding_is_acknowledged_and_every_acknowledgement_is_needed(tmp_path: Path):
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = aws_cdk.App(outdir=str(tmp_path), context=context)
    build(app, balanced(load_federation(DEMO)))
    aws_cdk.Validations.of(app).add_plugins(AwsSolutionsChecks())
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    reports = json.loads((tmp_path / "validation-report.json").read_text())["pluginReports"]
    found: dict[str, set[str]] = {}
    for violation in next(r for r in reports if r["pluginName"] == "AwsSolutions")["violations"]:
        places = {
            place(construct["constructPath"]) for construct in violation["violatingConstructs"]
        }
        found[short(violation["ruleName"])] = (
            found.get(short(violation["ruleName"]), set()) | places
        )
    assert found == {rule: places for rule, (places, _) in ACKNOWLEDGED.items()}
