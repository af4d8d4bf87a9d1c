"""`atoll replay`: how long orders of the past would have waited under another policy."""

import argparse
import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field, ValidationError

from atoll.admission.simulation import Fate, Order, simulate
from atoll.admission.waits import waits_by_account, waits_by_profile
from atoll.client.columns import in_columns
from atoll.dialects.policy import parse_policy
from atoll.errors import InvalidParameter
from atoll.model.job import Tier
from atoll.model.value import Value

MOST_NAMED = 10


def _names(cell: object) -> object:
    return [name for name in cell.split(";") if name] if isinstance(cell, str) else cell


class Line(Value):
    """An order as the ledger's export tells it; its other columns are not looked at.

    Attributes:
        profiles: of the account; in CSV separated by semicolons.
        ran_s: 0 or nothing = it had no execution of its own.
    """

    created_at: AwareDatetime
    account_id: str = Field(min_length=1)
    profiles: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()
    tier: Tier
    ran_s: Annotated[float, Field(ge=0), BeforeValidator(lambda cell: cell or 0)] = 0


def replay_command(argv: Sequence[str]) -> int:
    """Run orders through the queue under a policy, and print tables of the waits in seconds.

    Raises:
        PolicyInvalid: the policy could not be put in force.
        InvalidParameter: a file cannot be read, or a line of it is not an order.
    """
    parser = argparse.ArgumentParser(
        prog="atoll replay",
        description="Tell how long orders would have waited under a policy.",
        allow_abbrev=False,
    )
    parser.add_argument("jobs", type=Path, metavar="JOBS.csv|JOBS.json", help="orders of one unit")
    parser.add_argument("--policy", required=True, type=Path, metavar="POLICY.yaml")
    said = parser.parse_args(argv)
    policy = parse_policy(_text("--policy", said.policy), None)
    sys.stdout.write(told(simulate(read_orders(said.jobs), policy)))
    return 0


def read_orders(path: Path) -> list[Order]:
    """Orders that were carried out; a line of one that was not is passed over.

    Raises:
        InvalidParameter: the file cannot be read, or a line of it is not an order.
    """
    text = _text("JOBS", path)
    rows = (
        _objects(path, text) if path.suffix == ".json" else list(csv.DictReader(io.StringIO(text)))
    )
    lines = [_line(path, number, row) for number, row in enumerate(rows, start=1)]
    return [Order(**dict(line)) for line in lines if line.ran_s]


def told(fates: Sequence[Fate]) -> str:
    """Waits by tier and profiles, and the accounts that waited longest, as text."""
    head = ("tier", "profiles", "orders", "refused", "never", "p50_s", "p95_s", "max_s")
    rows = [
        (
            *(one.tier, " ".join(one.profiles) or "-"),
            *map(str, (one.orders, one.refused, one.stranded)),
            *(f"{wait:.0f}" for wait in (one.spread.p50_s, one.spread.p95_s, one.longest_s)),
        )
        for one in waits_by_profile(fates)
    ]
    longest = sorted(waits_by_account(fates).items(), key=lambda item: (-item[1][-1], item[0]))
    named = [
        (account_id, str(len(waited_s)), f"{waited_s[-1]:.0f}")
        for account_id, waited_s in longest[:MOST_NAMED]
    ]
    return (
        f"{in_columns(head, rows, texts=2)}\n{in_columns(('longest', 'started', 'max_s'), named)}"
    )


def _text(parameter: str, path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as fault:
        accepted = "a file of text that can be read is needed"
        raise InvalidParameter(parameter, str(path), accepted) from fault


def _objects(path: Path, text: str) -> list[object]:
    try:
        rows = json.loads(text)
    except ValueError as fault:
        raise InvalidParameter("JOBS", str(path), f"JSON is needed: {fault}") from fault
    if not isinstance(rows, list):
        raise InvalidParameter("JOBS", str(path), "a list of orders is needed")
    return rows


def _line(path: Path, number: int, row: object) -> Line:
    cells = row if isinstance(row, dict) else {}
    try:
        return Line.model_validate(
            {name: cells[name] for name in Line.model_fields if name in cells}
        )
    except ValidationError as fault:
        first = fault.errors()[0]
        name = str(first["loc"][0])
        where = f"{path.name}, order {number}, {name}"
        raise InvalidParameter(where, cells.get(name), first["msg"].lower()) from fault
