"""The `atoll` command: finds its verbs by name. Answers go to stdout, errors to stderr.

A verb is an entry point of the group `atoll.verbs`: a function of the words after it that
prints its answer, JSON or a table, and returns 0. What goes wrong it raises.

Exit status: 0 done; 1 it could not be done; 2 the words were not understood.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from typing import TextIO

from atoll.errors import BrokerError, InvalidRequest

GROUP = "atoll.verbs"
HELP = ("-h", "--help", "help")
DONE, FAILED, MISUSED = 0, 1, 2

type Verb = Callable[[Sequence[str]], int]


def main() -> int:
    """Run the command with the process's own words."""
    return run(sys.argv[1:], load_verbs(), sys.stderr)


def load_verbs() -> dict[str, Callable[[], Verb]]:
    """Verb -> what loads it; nothing is imported before its verb is said."""
    return {point.name: point.load for point in entry_points(group=GROUP)}


def run(words: Sequence[str], verbs: Mapping[str, Callable[[], Verb]], told: TextIO) -> int:
    """Do what the words say.

    Args:
        words: the verb and what follows it.
        verbs: verb -> what loads it.
        told: where words for a person go.

    Returns:
        The exit status.
    """
    usage = f"usage: atoll VERB ...\nverbs: {', '.join(verbs)}\n"
    if not words or words[0] in HELP:
        told.write(usage)
        return DONE if words else MISUSED
    verb, *rest = words
    if verb not in verbs:
        told.write(f"atoll: there is no verb {verb!r}\n{usage}")
        return MISUSED
    return _carry_out(verbs[verb], rest, told)


def _carry_out(load: Callable[[], Verb], rest: Sequence[str], told: TextIO) -> int:
    """Run one verb; an error that a user may be told about becomes a sentence and its facts."""
    try:
        return load()(rest)
    except BrokerError as error:
        facts = f" {json.dumps(error.facts)}" if error.facts else ""
        told.write(f"atoll: {error.code()}: {error.detail}{facts}\n")
        return MISUSED if isinstance(error, InvalidRequest) else FAILED
    except KeyboardInterrupt:
        told.write("atoll: interrupted\n")
        return FAILED
