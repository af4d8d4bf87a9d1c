"""A part that is down."""

from atoll.errors import Unavailable


def demand_up(part: str, *, available: bool) -> None:
    """Answer as AWS does that is down, unless it is up."""
    if not available:
        raise Unavailable(f"{part} did not answer; try again", {"part": part})
