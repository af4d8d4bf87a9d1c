"""Of two forecasts the later one counts, in whatever order their notes come."""

from datetime import datetime
from itertools import islice

import icechunk

from atoll.errors import InvalidParameter
from atoll.publication.branches import MOST_ANCESTORS
from atoll.publication.work import Work


def times_told(work: Work) -> dict[str, str]:
    """What a delivery tells of when its data are from, by the names of a commit's metadata."""
    said = {"reference_time": work.reference_time, "production_time": work.production_time}
    return {name: time for name, time in said.items() if time is not None}


def check_order(work: Work, repository: icechunk.Repository, base: str) -> None:
    """Refuse a `replace` by data that are older than the newest that came.

    They are compared by `reference_time`, and where the delivery tells none by `production_time`,
    with the newest commit that tells the same, among the newest 10,000 up to `base`. Where one
    of the two tells nothing, they come in the order of their notes.

    Raises:
        InvalidParameter: it is one.
    """
    told = times_told(work)
    if not told or all(change.action != "replace" for change in work.changes):
        return
    name, time = next(iter(told.items()))
    for each in islice(repository.ancestry(snapshot_id=base), MOST_ANCESTORS):
        if name in each.metadata:
            newest = str(each.metadata[name])
            if datetime.fromisoformat(time) < datetime.fromisoformat(newest):
                accepted = f"a replace is by data of {newest} or later: those have come already"
                raise InvalidParameter(name, time, accepted)
            return
