"""A delivery whose process is killed when a function of its way returns for the n-th time.

Run as `python -m tests.publication.killed FOLDER FUNCTION N FILE...`: the files are those of
`test_killed.py`, in its order.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from atoll.model.moment import Moment, Period
from atoll.publication.ingest import ingest
from atoll.publication.repository import Target
from atoll.publication.work import Change, Work
from tests.publication.builders import PLAIN

DELIVERY_ID = "killed-delivery"
EXIT = 99


def work_of(files: list[Path]) -> Work:
    """Times before the first one, a correction that reaches further, and a time less."""
    third = Moment(year=2020, month=1, day=3)
    changes = (
        Change("put", files[0]),
        Change("replace", files[1]),
        Change("delete", period=Period(start=third, end=third)),
    )
    return Work("d", PLAIN, changes, DELIVERY_ID)


def main(folder: str, function: str, times: int, files: list[Path]) -> None:
    """Do the delivery until then."""
    left = times

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal left
        if event == "return" and frame.f_code.co_qualname == function:
            left -= 1
            if left == 0:
                os._exit(EXIT)

    sys.setprofile(watch)
    ingest(work_of(files), Target(f"file://{folder}"), datetime(2026, 11, 1, tzinfo=UTC))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), [Path(each) for each in sys.argv[4:]])
