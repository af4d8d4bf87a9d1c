"""Whom a record is shown to: decided in the database itself, beneath whatever query is made.

pycsw's `repository.filter`, and a criterion that SQLAlchemy adds to statements, stand beside
conditions that pycsw writes as plain text: a search for this OR that is shown what it must not.
Here a connection is somebody's: it has a view in the table's place, of what they may see, and
SQLite refuses to read the table itself by any other way. Of the view that reads it nobody knows the
name: SQLite takes whatever is called like a view, a common table expression too, for it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from secrets import token_hex
from typing import Any

from pycsw.core import repository
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.orm import create_session
from sqlalchemy.pool import NullPool

from atoll.catalogue.deadline import Deadline
from atoll.catalogue.rows import FACETS, FENCE, TABLE
from atoll.catalogue.shapes import Shapes
from atoll.errors import Unavailable

LONGEST_S = 10.0
# Where the statements of views are.
_CATALOGUES = {"sqlite_temp_master", "sqlite_temp_schema"}
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_TRANSACTION}
_DESCRIBING = {
    "read_uncommitted",
    "table_info",
    "table_xinfo",
    "foreign_key_list",
    "index_list",
    "index_info",
}

_profiles: ContextVar[frozenset[str]] = ContextVar("profiles of who asks")
_deadline: ContextVar[Deadline] = ContextVar("of what they ask")


@contextmanager
def seen_by(profiles: frozenset[str]) -> Iterator[None]:
    """Let what is asked within be answered for somebody of these profiles, as one request.

    Raises:
        Unavailable: it would take too long.
    """
    deadline = Deadline(LONGEST_S)
    tokens = _profiles.set(profiles), _deadline.set(deadline)
    try:
        yield
    finally:
        _profiles.reset(tokens[0])
        _deadline.reset(tokens[1])
        # Whatever was made of what the database said then.
        if not deadline.was_met:
            raise Unavailable(
                f"the search took more than {LONGEST_S:.0f} s; ask for less in one request"
            )


def connect(path: str) -> sqlite3.Connection:
    """A connection of who asks now.

    Raises:
        LookupError: nobody has said who asks.
    """
    profiles = _profiles.get()

    def is_shown(visible_to: str) -> bool:
        return not profiles.isdisjoint(visible_to.split(FENCE)[1:-1])

    connection = sqlite3.connect(
        f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    connection.create_function("is_shown", 1, is_shown)
    # Of pycsw's functions the two that it searches by; another one evaluates Python.
    connection.create_function("get_geometry_area", 1, repository.get_geometry_area)
    connection.create_function("query_spatial", 4, Shapes().compare, deterministic=True)
    shown = f"shown_{token_hex(16)}"
    connection.execute(
        f"CREATE TEMP VIEW {shown} AS SELECT * FROM main.{TABLE} "  # noqa: S608  our own names alone
        "WHERE visible_to IS NULL OR is_shown(visible_to)"
    )
    # SQLite looks for names among temporary ones first.
    connection.execute(f"CREATE TEMP VIEW {TABLE} AS SELECT * FROM {shown}")  # noqa: S608
    _deadline.get().bind(connection)
    connection.set_authorizer(partial(_authorize, shown))
    return connection


def _authorize(
    shown: str,
    action: int,
    what: str | None,
    _member: str | None,
    database: str | None,
    view: str | None,
) -> int:
    """Reading, and the table through the view `shown` alone; see `sqlite3_set_authorizer`."""
    if action == sqlite3.SQLITE_READ:
        hidden = what == TABLE and database == "main" and view != shown
        return sqlite3.SQLITE_DENY if hidden or what in _CATALOGUES else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if what in _DESCRIBING else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


class GuardedRepository(repository.Repository):  # type: ignore[misc]  # pycsw has no types
    """pycsw's repository, of which only what the asker may see can be had.

    pycsw makes one for each request, and with it a mapping of the whole table. Here a file is
    mapped once; of a request are its session, and the queryables of its protocol.
    """

    def __init__(self, database: str, context: Any, *_place: Any, **_named: Any) -> None:  # noqa: ANN401  pycsw's own arguments
        mapped = _mapped(database)
        if mapped is None:
            super().__init__(database, context, table=TABLE)
            facets = {name: getattr(self.dataset, name) for name in FACETS}
            self.query_mappings: dict[str, Any] = {**self.query_mappings, **facets}
            _files[database] = dict(vars(self))
            return
        for name, value in mapped.items():
            setattr(self, name, value)
        self.context = context
        self.session = create_session(self.engine)
        self.query_mappings = dict(mapped["query_mappings"])
        self.queryables = _queryables(context)

    @classmethod
    def create_engine(cls, url: str) -> Engine:
        """The engine of a file, whose every connection is that of who asks then."""
        path = url.removeprefix("sqlite:///")
        return create_engine("sqlite://", creator=lambda: connect(path), poolclass=NullPool)


# Address of a file -> what does not change of its repositories.
_files: dict[str, dict[str, Any]] = {}
MOST_FILES = 2


def _mapped(database: str) -> dict[str, Any] | None:
    """What is known of a file; of those before the last one nothing is kept.

    Raises:
        LookupError: nobody has said who asks.
    """
    _profiles.get()
    while len(_files) > MOST_FILES:
        del _files[next(iter(_files))]
    return _files.get(database)


def _queryables(context: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401  pycsw's own
    """What a protocol's properties are called in the table, as pycsw gathers it."""
    groups = {
        group: dict(properties)
        for kind in context.model["typenames"].values()
        for group, properties in kind["queryables"].items()
    }
    every = {name: told for properties in groups.values() for name, told in properties.items()}
    return {**groups, "_all": every | context.md_core_model["mappings"]}


# By this name pycsw opens its table, wherever it does.
repository.Repository = GuardedRepository
