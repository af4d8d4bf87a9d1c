"""What a route of the catalogue is given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from atoll.catalogue.library import Index, Library
from atoll.catalogue.settings import Catalogue
from atoll.web.identity import Authenticate
from atoll.web.observability import Telemetry

# What is answered depends on who asks.
HEADERS = {
    "cache-control": "private, no-cache",
    "vary": "authorization, accept",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class CataloguePorts:
    """Everything impure.

    Attributes:
        library: where the records are.
        new_id: another one each time.
        now: the instant, of a known zone (UTC).
    """

    library: Library
    new_id: Callable[[], str]
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class CatalogueDoor:
    """What the routes share.

    Attributes:
        ports: everything impure.
        authenticate: the `Authorization` header's value -> the account.
        telemetry: where refusals and faults are told.
    """

    ports: CataloguePorts
    authenticate: Authenticate
    telemetry: Telemetry


def door_of(request: Request) -> CatalogueDoor:
    """What the routes share."""
    door: CatalogueDoor = request.app.state.door
    return door


def catalogue_of(request: Request) -> Catalogue:
    """What the catalogue says of itself, and where its doors are."""
    return door_of(request).ports.library.catalogue


def index_of(request: Request) -> Index:
    """The records, as they are now.

    Raises:
        Unavailable: there are none to be had.
    """
    return door_of(request).ports.library.index()


def profiles_of(request: Request) -> frozenset[str]:
    """The profiles of whoever asks; none without a token.

    Raises:
        NotAuthenticated: there is a token, and it is not valid.
    """
    account = door_of(request).authenticate(request.headers.get("authorization"))
    return frozenset(account.profiles)


type IndexHere = Annotated[Index, Depends(index_of)]
type Profiles = Annotated[frozenset[str], Depends(profiles_of)]
type CatalogueHere = Annotated[Catalogue, Depends(catalogue_of)]
