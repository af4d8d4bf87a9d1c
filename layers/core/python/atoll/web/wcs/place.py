"""Where the WCS door is, and whom it serves."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from atoll.model.job import GUEST, Account
from atoll.web.context import Door


@dataclass(frozen=True, slots=True)
class Place:
    """What the operator has set.

    Attributes:
        api_url: absolute address of the unit's doors, without a slash at its end.
        provider: name of the unit.
        guests: who has not signed in may order too.
    """

    api_url: str
    provider: str
    guests: bool = False


def place_of(request: Request) -> Place:
    """Where this door is."""
    place: Place = request.app.state.place
    return place


def asker(request: Request) -> Account:
    """Whoever asks: by its token, else a guest where such are served, else nobody.

    Raises:
        NotAuthenticated: there is a token, and it is not valid.
    """
    door: Door = request.app.state.door
    account = door.authenticate(request.headers.get("authorization"))
    return account if account.account_id or not place_of(request).guests else GUEST


type PlaceHere = Annotated[Place, Depends(place_of)]
type Asker = Annotated[Account, Depends(asker)]
