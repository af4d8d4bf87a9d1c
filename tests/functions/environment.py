"""The environment that a function of a unit starts with, and a process that starts so."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

ENVIRONMENT = {
    "ATOLL_UNIT": "levitus",
    "DATASETS_TABLE": "datasets",
    "JOBS_TABLE": "jobs",
    "ACCOUNTS_TABLE": "accounts",
    "LEDGER_TABLE": "ledger",
    "SLOTS_TABLE": "slots",
    "SHARES_TABLE": "shares",
    "POLICIES_TABLE": "policies",
    "DELIVERIES_TABLE": "deliveries",
    "INCOMING_BUCKET": "incoming",
    "DELIVERY_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/deliveries.fifo",
    "PUBLICATION_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:publication",
    "LEDGER_BUCKET": "exports",
    "DATA_BUCKET": "data",
    "RESULTS_BUCKET": "results",
    "STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:extraction",
    "NOTIFICATION_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:notification",
    "MASTER_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:master",
    "TOPIC_ARN": "",
    "API_URL": "https://api.example.org",
    "GUESTS": "true",
    "CAS_URL": "https://central.example.org/cas",
    "ISSUER": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool",
    "CLIENT_IDS": "one,two",
    "SMALL_BYTES": "4194304",
    "MEDIUM_BYTES": "6291456",
    "FILE_BYTES": "4398046511104",
    "PART_BYTES": "5242880",
    "PARTS_AT_ONCE": "2",
    "WORKERS": "2",
    "HARD_LIMIT_BYTES": "",
    "RESULT_LIFETIME_S": "86400",
    "URL_LIFETIME_S": "900",
    "LEDGER_HOSTS": "false",
    "LOG_LEVEL": "INFO",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": "4194304",
    "POWERTOOLS_SERVICE_NAME": "levitus",
    "POWERTOOLS_METRICS_NAMESPACE": "Atoll",
    "AWS_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
}
PATHS = [str(ROOT / "layers/core/python"), str(ROOT / "functions")]


def run(code: str, **changed: str) -> Any:
    """Run code in a new interpreter that has this environment alone; what it prints, as JSON."""
    environment = ENVIRONMENT | {"PYTHONPATH": ":".join(PATHS)} | changed
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])
