"""gettimecov: from when to when a dataset is."""

from atoll.dialects.motu.codes import ACTION_CODES, OK
from atoll.dialects.motu.times import time_ends
from atoll.dialects.motu.xml import document, element
from atoll.model.coverage import Coverage


def render_time_coverage(coverage: Coverage) -> str:
    """The document `timeCoverage`; of a dataset without instants it has neither start nor end."""
    start, end = time_ends(coverage)
    told = {"code": f"{ACTION_CODES['gettimecov']}-{OK}", "msg": "OK", "start": start, "end": end}
    return document(element("timeCoverage", told))
