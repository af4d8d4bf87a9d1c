"""The workflow's ExtractBig: `python -m extract_big`, one job, then the task ends."""

import sys

from atoll.bootstrap.worker import run_job

sys.exit(run_job())
