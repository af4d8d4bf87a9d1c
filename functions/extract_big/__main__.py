"""The workflow's tasks: `python -m extract_big`, one step of one job, then the task ends."""

import sys

from atoll.bootstrap.worker import run_step

sys.exit(run_step())
