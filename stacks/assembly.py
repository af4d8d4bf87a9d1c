"""From a federation to CloudFormation templates: for the CDK command, the tests and a launcher."""

import json
from collections.abc import Mapping
from pathlib import Path

import aws_cdk
from aws_cdk import cx_api

from stacks.central.catalogue import CatalogueStack
from stacks.central.identity import IdentityStack
from stacks.config import Federation
from stacks.unit.stack import UnitStack

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "stacks" / "federation.yaml"


def build(app: aws_cdk.App, federation: Federation) -> None:
    """Put every stack of the federation into the app; nothing is looked up anywhere."""
    IdentityStack(app, f"{federation.name}-central-identity", federation)
    CatalogueStack(app, f"{federation.name}-central-catalogue", federation)
    for unit in federation.units:
        UnitStack(app, f"{federation.name}-{unit.name}", federation, unit)


def synthesise(
    federation: Federation, outdir: Path, context: Mapping[str, object] | None = None
) -> cx_api.CloudAssembly:
    """Write templates and assets to a folder, as `npx cdk synth` would.

    Args:
        federation: from `load_federation(DEMO)` or made by hand.
        outdir: is created; an asset that already lies there is not made again.
        context: as `-c key=value`, e.g. `{"bundle": "true"}` (see `parts.layers`); beside that
            of cdk.json.

    Returns:
        The assembly; `.stacks` has `stack_name`, `template` (a dict), `template_file`, `assets`.
    """
    flags = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    app = aws_cdk.App(
        outdir=str(outdir),
        context={**flags, **(context or {})},
        analytics_reporting=False,
    )
    build(app, federation)
    return app.synth()
