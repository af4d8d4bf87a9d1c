"""`atoll report`: the client's, with the token of the environment."""

import os
import sys
from collections.abc import Sequence

from atoll.client.report import parse, report_text


def report_command(argv: Sequence[str]) -> int:
    """Print what a unit has delivered.

    Raises:
        BrokerError: see `client.report`.
    """
    sys.stdout.write(report_text(parse(argv, os.environ.get("ATOLL_TOKEN", ""))))
    return 0
