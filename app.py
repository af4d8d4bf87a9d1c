"""Synthesise the federation in stacks/federation.yaml; `-c federation=FILE` takes another one."""

from pathlib import Path

import aws_cdk

from stacks.assembly import DEMO, build
from stacks.config import load_federation

app = aws_cdk.App()
chosen = app.node.try_get_context("federation")
build(app, load_federation(Path(chosen) if chosen else DEMO))
app.synth()
