"""What the looking process tells the asking one: where it is, and what it found."""

from dataclasses import dataclass
from typing import Literal

from atoll.errors import BrokerError, shorten
from atoll.model.delivery import Finding
from atoll.model.value import Value

type Layer = Literal["file", "structure", "values", "cf", "acdd"]
type Event = Step | Finding

_GIB = 1024**3
_LONGEST = 2_000  # characters of a finding's text: attributes may be of any length


class Limits(Value):
    """What a delivery may ask of the machine.

    Attributes:
        decoded_bytes: of all variables of all files, as numbers in memory.
        decoded_ratio: of a file's numbers to the bytes that it takes; deflate reaches 1,032.
        ratio_from_bytes: files whose numbers take less are small whatever the ratio.
        memory_bytes: of the process that looks.
        silence_s: that a step may last without a word.
    """

    decoded_bytes: int = 64 * _GIB
    decoded_ratio: float = 1_100
    ratio_from_bytes: int = _GIB
    memory_bytes: int = 3 * _GIB
    silence_s: float = 180


@dataclass(frozen=True, slots=True)
class Step:
    """What is being looked at: who looks may not come back from it.

    Attributes:
        layer: of the gate.
        file: empty = all together.
    """

    layer: Layer
    file: str = ""


def told(step: Step, error: BrokerError) -> Finding:
    """An error's own words as a finding; what follows a semicolon in them is what would pass."""
    variable = error.facts.get("variable")
    detail = error.detail.removeprefix(f"{step.file}: ").removeprefix(f"{variable}: ")
    problem, _, accepted = detail.partition("; ")
    attribute = error.facts.get("attribute")
    return Finding(
        check=step.layer,
        file=step.file,
        variable=variable if isinstance(variable, str) else "",
        attribute=attribute if isinstance(attribute, str) else "",
        problem=text(problem),
        accepted=text(accepted),
    )


def unforeseen(step: Step, error: Exception) -> Finding:
    """What no check expects of a file, in the words of the library that met it."""
    said = shorten(str(error) or type(error).__name__, _LONGEST // 2)
    return Finding(
        check=step.layer,
        severity="advice" if step.layer == "acdd" else "error",
        file=step.file,
        problem=text(f"cannot be looked at: {said} ({type(error).__name__})"),
        accepted="a file that the NetCDF or GRIB library reads without an error",
    )


def text(words: str) -> str:
    """As JSON can hold it, and a person reads it."""
    shown = words.encode("utf-8", "replace").decode("utf-8")
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
