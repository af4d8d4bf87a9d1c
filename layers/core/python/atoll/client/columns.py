"""Tables for people to read in a terminal."""

from collections.abc import Sequence


def in_columns(head: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> str:
    """Lines in aligned columns, each ended.

    Args:
        head: names of the columns.
        rows: as many cells each.
        texts: so many columns, the first, are texts and begin at the left; numbers end at the
            right.
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if number < texts else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        for cells in (head, *rows)
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)
