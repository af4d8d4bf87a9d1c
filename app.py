"""Synthesise the federation in stacks/federation.yaml; `-c federation=FILE` takes another one."""

import sys
from pathlib import Path

import aws_cdk

from stacks.assembly import DEMO, build
from stacks.config import ConfigError, load_federation

app = aws_cdk.App()
chosen = app.node.try_get_context("federation")
try:
    federation = load_federation(Path(chosen) if chosen else DEMO)
except ConfigError as error:
    sys.exit(str(error))
build(app, federation)
app.synth()
