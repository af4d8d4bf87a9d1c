"""The gate: what a producer delivers is looked at before anything is written.

A broken file can make the libraries that read it crash, stall or fill the memory. So a process
of its own looks (`python -m atoll.publication.gate`), and the one that asks outlives it.
"""

from atoll.publication.gate.events import Limits
from atoll.publication.gate.supervision import check

__all__ = ["Limits", "check"]
