"""The publication's task: `python -m publish_delivery`, one delivery, then the task ends."""

import sys

from atoll.bootstrap.deliver import deliver

sys.exit(deliver())
