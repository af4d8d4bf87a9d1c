"""app.py, as the CDK command runs it: without credentials, without a home."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stacks.assembly import ROOT
from tests.stacks.synthesis import demo


def run(outdir: Path, **context: object) -> subprocess.CompletedProcess[str]:
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    return subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
            "CDK_OUTDIR": str(outdir),
            "CDK_CONTEXT_JSON": json.dumps({**flags, **context}),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def named(path: Path) -> str:
    """A template without its assets' hashes: their sources may change between two syntheses."""
    return re.sub(r"[0-9a-f]{64}", "asset", path.read_text())


@pytest.mark.slow
def test_the_command_gets_the_templates_that_python_gets(tmp_path: Path):
    made = run(tmp_path)
    assert made.returncode == 0, made.stderr
    for name, template in demo().items():
        assert named(tmp_path / f"{name}.template.json") == named(template.path)


@pytest.mark.slow
def test_a_faulty_federation_is_told_without_a_traceback(tmp_path: Path):
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text((ROOT / "stacks/federation.yaml").read_text().replace("4 MiB", "many"))
    told = run(tmp_path / "out", federation=str(faulty))
    assert told.returncode == 1
    assert "units.0.limits.small_bytes" in told.stderr
    assert "Traceback" not in told.stderr
    assert not list(tmp_path.glob("out/*.template.json"))
