"""A plan's fingerprint: equal results have equal ones."""

import hashlib
import json

from atoll.model.plan import AxisPlan, Piece, SubsetPlan


def fingerprint(plan: SubsetPlan) -> str:
    """SHA-256, hexadecimal, of what decides on the result.

    Sizes, values and the layout that is read follow from that, and are left out: a result is
    the same from whichever layout.
    """
    essence = {
        "dataset": plan.dataset,
        "revision": plan.revision,
        "axes": [_axis(axis) for axis in plan.axes],
        "variables": [variable.name for variable in plan.variables],
        "packing": plan.packing,
        "format": plan.format,
    }
    text = json.dumps(essence, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _axis(axis: AxisPlan) -> list[str | list[list[float]]]:
    return [axis.name, [_piece(piece) for piece in axis.pieces]]


def _piece(piece: Piece) -> list[float]:
    nodes = piece.indices
    step = nodes.step if len(nodes) > 1 else 1
    return [nodes.start, len(nodes), step, piece.shift + 0.0]  # never -0
