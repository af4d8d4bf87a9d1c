"""`python -m stacks.local up|down|demo|token`: the whole system on one machine."""

import argparse
import os
import sys
import time
from collections.abc import Callable

# The construct library warns at length of a Node.js that serves it well.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")

from stacks.local.lifecycle import stop_servers
from stacks.local.place import LocalError, Place, chosen_place


def main(arguments: list[str]) -> int:
    """Run one command. Returns: the exit code."""
    parser = argparse.ArgumentParser(prog="python -m stacks.local", description=__doc__)
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("user", nargs="?", default="ann", help="whose token; ann, nav, pia or ops")
    chosen = parser.parse_args(arguments)
    try:
        COMMANDS[chosen.command](chosen_place(), chosen.user)
    except LocalError as error:
        print(f"atoll: {error}", file=sys.stderr)
        return 1
    return 0


def start(place: Place, _user: str) -> None:
    """Bring everything up, with users and data, and say where it is."""
    from stacks.local import seed, stack  # noqa: PLC0415 (the construct library takes a second)

    began = time.monotonic()
    print("Starting the emulator and the S3 server, synthesising and deploying the stacks ...")
    stacks = stack.up(place)
    for demo in seed.DATASETS:
        if not seed.is_published(stacks[demo.unit], demo.dataset):
            print(f"Publishing {demo.dataset} ...")
            seed.publish(stacks[demo.unit], demo)
    print(f"Up after {time.monotonic() - began:.0f} s.\n")
    show(place)


def show(place: Place) -> None:
    """Where everything is."""
    from stacks.local.endpoints import Endpoints  # noqa: PLC0415

    endpoints = Endpoints.read(place)
    for name, url in endpoints.units.items():
        print(f"  unit {name:8} {url}")
    print(f"  sign-in       {endpoints.central}")
    print(f"  CAS           {endpoints.cas}")
    print(f"  users         {', '.join(f'{u.username} ({u.profile})' for u in endpoints.users)}")
    print(f"  all of it     {place.endpoints}")
    print(f"  logs          {place.logs}")
    print("\n`make token USER=ann` prints an access token, `make down` stops; the state stays.")


def finish(place: Place, _user: str) -> None:
    """Stop everything."""
    stop_servers(place)
    print(f"Stopped; the state stays in {place.directory}.")


def demonstrate(place: Place, _user: str) -> None:
    """Run the demonstration; what it had to start it stops again."""
    from stacks.local.demo import run_demo  # noqa: PLC0415

    run_demo(place)


def print_token(place: Place, user: str) -> None:
    """Print an access token."""
    from stacks.local.endpoints import Endpoints  # noqa: PLC0415

    print(Endpoints.read(place).token(user))


COMMANDS: dict[str, Callable[[Place, str], None]] = {
    "up": start,
    "down": finish,
    "demo": demonstrate,
    "token": print_token,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
