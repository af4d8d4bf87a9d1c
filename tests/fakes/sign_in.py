"""Identity providers in memory."""

from dataclasses import dataclass, field

from atoll.model.job import Account
from atoll.model.ticket import Identity
from atoll.ports.sign_in import SignInRefusal
from tests.fakes.available import demand_up


@dataclass
class User:
    """One who may sign in.

    Attributes:
        challenged: whether a password is not enough.
    """

    password: str
    identity: Identity
    challenged: bool = False


@dataclass
class FakeSignIn:
    """The port SignIn.

    Attributes:
        users: by the name that is typed, in small letters.
        asked: names in the order in which they were asked for.
    """

    available: bool = True
    users: dict[str, User] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def add(
        self, username: str, password: str, *profiles: str, challenged: bool = False
    ) -> Identity:
        account = Account(account_id=f"{username}-id", profiles=profiles)
        identity = Identity(username=username, account=account)
        self.users[username.casefold()] = User(password, identity, challenged)
        return identity

    def check_password(self, username: str, password: str) -> Identity | SignInRefusal:
        demand_up("sign-in", available=self.available)
        self.asked.append(username)
        user = self.users.get(username.casefold())
        if user is None or user.password != password:
            return "wrong-password"
        return "more-needed" if user.challenged else user.identity


@dataclass
class FakeHostedLogin:
    """The port HostedLogin.

    Attributes:
        codes: those that are good once, with whose they are.
        exchanged: codes with their verifiers.
    """

    available: bool = True
    codes: dict[str, Identity] = field(default_factory=dict)
    exchanged: list[tuple[str, str]] = field(default_factory=list)

    def address(self, state: str, challenge: str) -> str:
        return f"https://login.test/oauth2/authorize?state={state}&code_challenge={challenge}"

    def exchange(self, code: str, verifier: str) -> Identity | None:
        demand_up("hosted login", available=self.available)
        self.exchanged.append((code, verifier))
        return self.codes.pop(code, None)

    def logout_address(self) -> str:
        return "https://login.test/logout?client_id=hosted"
