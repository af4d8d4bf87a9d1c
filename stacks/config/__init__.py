"""The federation as its operators write it: typed, complete, and refused with the key's name."""

from stacks.config.federation import Central, DisseminationUnit, Federation
from stacks.config.parts import (
    DAY_S,
    MOST_SMALL_BYTES,
    SMALL_SCRATCH_MIB,
    LoadBalancer,
    Motu,
    Worker,
)
from stacks.config.reading import ConfigError, load_federation, parse_federation
from stacks.config.values import Removal

__all__ = [
    "DAY_S",
    "MOST_SMALL_BYTES",
    "SMALL_SCRATCH_MIB",
    "Central",
    "ConfigError",
    "DisseminationUnit",
    "Federation",
    "LoadBalancer",
    "Motu",
    "Removal",
    "Worker",
    "load_federation",
    "parse_federation",
]
