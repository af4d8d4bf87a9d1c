"""What users of a local place need to know of it: `endpoints.json`, kept over restarts."""

from typing import Self
from urllib.error import URLError

from pydantic import BaseModel, ConfigDict

from stacks.local.door import sign_in
from stacks.local.place import LocalError, Place

REMEDY = "`make up` starts it"


class User(BaseModel):
    """Somebody who can sign in; the profile is their group."""

    model_config = ConfigDict(frozen=True)

    username: str
    password: str
    profile: str


class Endpoints(BaseModel):
    """Addresses and users.

    Attributes:
        central: URL of the identity provider and its hosted login.
        cas: URL of CAS, without a slash at its end; empty = last started when there was none.
        catalogue: URL of the catalogue's doors; empty = last started when there was none.
        units: dissemination unit -> base URL of its API.
        issuer: of tokens.
        client_id: of the command-line client.
    """

    model_config = ConfigDict(frozen=True)

    central: str
    cas: str = ""
    catalogue: str = ""
    units: dict[str, str]
    issuer: str
    client_id: str
    users: list[User]

    @classmethod
    def read(cls, place: Place) -> Self:
        """What the last start of this place wrote.

        Raises:
            LocalError: it was never started.
        """
        try:
            return cls.model_validate_json(place.endpoints.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise LocalError(f"nothing runs in {place.directory}; {REMEDY}") from error

    def write(self, place: Place) -> None:
        """For the next start, and for whoever wants to use the place. It holds passwords."""
        place.endpoints.touch(mode=0o600)
        place.endpoints.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")

    def user(self, username: str) -> User:
        """One of the users.

        Raises:
            LocalError: there is none of that name.
        """
        for user in self.users:
            if user.username == username:
                return user
        known = ", ".join(user.username for user in self.users)
        raise LocalError(f"there is no user {username!r}; there are {known}")

    def token(self, username: str) -> str:
        """An access token of one of the users.

        Raises:
            LocalError: there is no such user, they are refused, or nothing runs.
        """
        return self._sign_in(self.user(username))

    def _sign_in(self, user: User) -> str:
        try:
            return sign_in(self.central, self.client_id, user.username, user.password)
        except PermissionError as error:
            raise LocalError(f"the sign-in is refused: {error}") from error
        except (URLError, ConnectionError) as error:
            raise LocalError(f"nothing runs at {self.central}; {REMEDY}") from error
