"""`atoll report`: what units have delivered, as a table. It asks their REST doors."""

import argparse
import json
import re
import urllib.request
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

from atoll.client.columns import in_columns
from atoll.errors import (
    BrokerError,
    DataError,
    Fact,
    InvalidParameter,
    InvalidRequest,
    NotAuthenticated,
    Refused,
    Unavailable,
)
from atoll.model.value import Value

# The door itself is given up after 30 s.
TIMEOUT_S = 40
UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
KIBI = 1024
# What a line of HTTP can hold of an address or a token.
_VISIBLE = re.compile(r"[!-~]+")


class Arguments(Value):
    """What `atoll report` was told.

    Attributes:
        url: of the unit's door.
        token: an operator's access token.
        asked: members of the query, as the door names them.
        json_document: the door's own document instead of a table.
    """

    url: str
    token: str
    asked: dict[str, str]
    json_document: bool = False


def parse(argv: Sequence[str], token: str) -> Arguments:
    """Understand the words after `atoll report`.

    Args:
        argv: the words.
        token: the environment's; empty = it has none.

    Raises:
        SystemExit: see `publication.arguments.parse`.
        InvalidParameter: address or token is none, or the token's file cannot be read.
        NotAuthenticated: there is no token.
    """
    parser = argparse.ArgumentParser(
        prog="atoll report",
        description="What a dissemination unit has delivered, by what is asked for.",
        epilog="The access token of an operator is read from --token-file or ATOLL_TOKEN.",
        allow_abbrev=False,
    )
    parser.add_argument("--url", required=True, help="of the unit's door")
    parser.add_argument("--token-file", type=Path, metavar="FILE")
    parser.add_argument("--by", default="dataset", metavar="KEY,KEY", help="e.g. dataset,month")
    parser.add_argument("--from", metavar="DAY", help="default: the first of that month")
    parser.add_argument("--to", metavar="DAY", help="included; default: today (UTC)")
    parser.add_argument("--dataset", metavar="ID", help="only of this one")
    parser.add_argument("--account", metavar="ID", help="only of this one")
    parser.add_argument("--json", action="store_true", help="the door's own document")
    said = vars(parser.parse_args(argv))
    names = ("by", "from", "to", "dataset", "account")
    return Arguments(
        url=_address(said["url"]),
        token=_token(said["token_file"], token),
        asked={name: said[name] for name in names if said[name] is not None},
        json_document=said["json"],
    )


def report_text(arguments: Arguments) -> str:
    """The report, to be printed.

    Raises:
        Refused: the door says no; its own words.
        InvalidRequest: the door does not take what is asked; its own words.
        Unavailable: the door did not answer.
        DataError: something answered that is no unit's door.
    """
    document = _fetch(arguments)
    try:
        return json.dumps(document) + "\n" if arguments.json_document else table(document)
    except (KeyError, TypeError) as fault:
        raise _no_door(arguments.url) from fault


def table(document: Mapping[str, Any]) -> str:
    """The door's document as aligned lines."""
    names = [*document["by"], "jobs", "ok", "failed", "dismissed", "delivered", "reserved"]
    head = [*names, "waited p50", "p95", "ran p50", "p95"]
    rows = [_cells(document["by"], row) for row in document["rows"]]
    period = f"{document['from']} to {document['to']}"
    return f"{period}\n{in_columns(head, rows)}" if rows else f"{period}\nno jobs\n"


def _cells(by: Sequence[str], row: Mapping[str, Any]) -> list[str]:
    counts = [str(row[name]) for name in ("jobs", "successful", "failed", "dismissed")]
    sizes = [size_text(row[name]) for name in ("settled_bytes", "reserved_bytes")]
    times = ("waited_p50_s", "waited_p95_s", "ran_p50_s", "ran_p95_s")
    seconds = ["-" if row[name] is None else f"{row[name]:.1f} s" for name in times]
    return [*(str(row[key]) for key in by), *counts, *sizes, *seconds]


def size_text(size_bytes: int) -> str:
    """A size as one reads it.

    Examples:
        >>> [size_text(size) for size in (0, 1023, 1024, 1536 * 2**20)]
        ['0 B', '1023 B', '1.0 KiB', '1.5 GiB']
    """
    size, unit = float(size_bytes), 0
    while size >= KIBI and unit < len(UNITS) - 1:
        size, unit = size / KIBI, unit + 1
    return f"{size:.1f} {UNITS[unit]}" if unit else f"{size_bytes} B"


def _fetch(arguments: Arguments) -> Any:  # noqa: ANN401  what somebody else's server says
    request = urllib.request.Request(  # noqa: S310  the scheme is checked
        f"{arguments.url}/admin/reports?{urlencode(arguments.asked)}",
        headers={"authorization": f"Bearer {arguments.token}", "accept": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return json.load(answer)
    except HTTPError as fault:
        raise _told(fault, arguments.url) from fault
    except OSError as fault:
        detail = f"{arguments.url} does not answer: {fault}"
        raise Unavailable(detail, {"url": arguments.url}) from fault
    except (ValueError, HTTPException) as fault:
        raise _no_door(arguments.url) from fault


def _told(fault: HTTPError, url: str) -> BrokerError:
    """What the door's problem document says."""
    try:
        detail = str(json.load(fault)["detail"])
    except (ValueError, KeyError, TypeError, HTTPException):
        return _no_door(url)
    facts: dict[str, Fact] = {"status": fault.code, "url": url}
    if fault.code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Refused(detail, facts)
    if fault.code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return InvalidRequest(detail, facts)
    return Unavailable(detail, facts)


def _no_door(url: str) -> DataError:
    return DataError(f"{url} does not answer as the door of a unit does.", {"url": url})


def _address(url: str) -> str:
    if not (_VISIBLE.fullmatch(url) and _names_a_host(url)):
        raise InvalidParameter("--url", url, "an address that begins with https:// is")
    return url.rstrip("/")


def _names_a_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # To ask for a port that is no number raises.
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _token(file: Path | None, given: str) -> str:
    try:
        token = (given if file is None else file.read_text(encoding="ascii")).strip()
    except (OSError, ValueError) as fault:
        raise InvalidParameter("--token-file", str(file), "a file with a token is") from fault
    if not token:
        raise NotAuthenticated("There is no access token: give --token-file, or set ATOLL_TOKEN.")
    if not _VISIBLE.fullmatch(token):
        source = "ATOLL_TOKEN" if file is None else "--token-file"
        raise InvalidParameter(source, "(not shown)", "an access token of the sign-in is")
    return token
