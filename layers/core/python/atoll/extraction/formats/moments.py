"""Numbers of a time axis as moments, as a table shows them."""

from fractions import Fraction

import numpy as np
from arro3.core import Array as Cells
from arro3.core import DataType
from numpy.typing import NDArray

from atoll.model.coverage import Axis
from atoll.planning.calendar import moment_text
from atoll.planning.calendars import PROLEPTIC_GREGORIAN, STANDARD, Calendar
from atoll.planning.clock import SECONDS_PER_DAY, Clock, clock_of

INSTANT = DataType.timestamp("ms", tz="UTC")
MOMENTS = (INSTANT, DataType.string())


# Instants are counted in the proleptic Gregorian calendar; from here on its dates are theirs.
FIRST_DAY: dict[Calendar, int] = {
    STANDARD: PROLEPTIC_GREGORIAN.days_before(1582) + 287,  # 15 October
    PROLEPTIC_GREGORIAN: PROLEPTIC_GREGORIAN.days_before(1),
}
DAY_AFTER = PROLEPTIC_GREGORIAN.days_before(10_000)
EPOCH_S = SECONDS_PER_DAY * PROLEPTIC_GREGORIAN.days_before(1970)


def moments(axis: Axis, values: NDArray[np.generic]) -> Cells | None:
    """Moments that an axis's values mean; None where they are plain numbers.

    They are instants (UTC, to the millisecond) where the calendar is the usual one; ISO 8601
    text in other calendars, whose dates (30 February) no instant has.
    """
    if axis.role != "T" or axis.climatology:
        return None
    clock = clock_of(axis.units, axis.calendar)
    if clock is None:
        return None
    counts = values.tolist()
    instants_ms = _instants_ms(counts, clock)
    if instants_ms is not None:
        return Cells.from_numpy(instants_ms).cast(INSTANT)
    texts = [moment_text(count, axis.units, axis.calendar) for count in counts]
    return Cells(texts, type=DataType.string())


def _instants_ms(counts: list[float], clock: Clock) -> NDArray[np.int64] | None:
    """Milliseconds since 1970; None where some are no dates of the usual calendar."""
    if clock.calendar not in FIRST_DAY:
        return None
    since_day_0_s = [Fraction(count) * clock.unit_s + clock.origin_s for count in counts]
    first_s = FIRST_DAY[clock.calendar] * SECONDS_PER_DAY
    if min(since_day_0_s) < first_s or max(since_day_0_s) >= DAY_AFTER * SECONDS_PER_DAY:
        return None
    return np.array([round((moment - EPOCH_S) * 1000) for moment in since_day_0_s], np.int64)
