"""Pages of CSW 2.0.2, whose last one leads to no other."""

import re

_BEGINS_ANEW = re.compile(
    rb'(<csw:SearchResults [^>]*numberOfRecordsReturned="0" [^>]*nextRecord=)"1"'
)


def ended(content: bytes) -> bytes:
    """The answer; where nothing was left there is no next record (0), not the first one again.

    07-006r1, table 51. A harvester that follows `nextRecord` would never come to an end.
    """
    return _BEGINS_ANEW.sub(rb'\g<1>"0"', content, count=1)
