"""Borders between stored chunks as they fall among the nodes of an output, of one dimension."""

from collections.abc import Sequence
from math import ceil, gcd, lcm

from atoll.model.plan import Piece
from atoll.planning.chunks import chunk_count


def stored_nodes(pieces: Sequence[Piece], chunk: int) -> int:
    """How many nodes of the output one stored chunk may give, at most."""
    return ceil(chunk / min(abs(piece.step) for piece in pieces))


def clean_borders(pieces: Sequence[Piece], chunk: int, unit: int) -> tuple[range, ...]:
    """Multiples of `unit` in the output at which no stored chunk lies on both sides.

    Where a stride is no divisor of the stored chunk, some are passed over. Nothing as long
    as the dimension is made.

    Args:
        pieces: taken of the dimension, in output order.
        chunk: nodes of one stored chunk.
        unit: nodes of one chunk of the output.

    Returns:
        output positions, rising; neither 0 nor the end is among them.

    Examples:
        >>> clean_borders([Piece(start=3, stop=40)], 10, 1)
        (range(7, 37, 10),)
        >>> clean_borders([Piece(start=4, stop=40)], 10, 3)
        (range(6, 36, 30),)
        >>> clean_borders([Piece(start=3, stop=40)], 10, 10)
        ()
    """
    together = sum(chunk_count([piece], chunk) for piece in pieces)
    if chunk_count(pieces, chunk) < together:
        return ()  # a chunk that both pieces need is on both sides, wherever one cuts
    found, before = [], 0
    for piece in pieces:
        if before and before % unit == 0:
            found.append(range(before, before + 1))
        found.append(_within(piece, before, chunk, unit))
        before += len(piece.indices)
    return tuple(borders for borders in found if borders)


def widest_gap(borders: Sequence[range], length: int) -> int:
    """The most nodes between two borders that follow each other, both ends included.

    Examples:
        >>> widest_gap((range(7, 37, 10),), 37), widest_gap((), 37)
        (10, 37)
    """
    widest, before = 0, 0
    for some in borders:
        within = some.step if len(some) > 1 else 0
        widest, before = max(widest, some[0] - before, within), some[-1]
    return max(widest, length - before)


def _within(piece: Piece, before: int, chunk: int, unit: int) -> range:
    """Borders that are some nodes beyond the first of the piece, and multiples of the unit."""
    step, offset = abs(piece.step), piece.start % chunk
    after_first = (chunk - 1 - offset if piece.step > 0 else offset) // step + 1
    # A stride as long as a chunk finds each node in a chunk of its own.
    period = chunk // gcd(chunk, step) if step < chunk else 1
    start, stop = before + after_first, before + len(piece.indices)
    common = gcd(period, unit)
    if start % common:
        return range(0)
    # start + n * period = 0 modulo the unit
    n = -start // common * pow(period // common, -1, unit // common) % (unit // common)
    return range(start + n * period, stop, lcm(period, unit))
