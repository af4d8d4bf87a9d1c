"""Passwords: checked by the identity provider, and for ten minutes by what is kept of them.

Programs of MOTU's time present the password every ten seconds. What is kept is a slow hash, its
salt derived from a secret that lies elsewhere: who reads the table has nothing to guess with.
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass, field

from atoll.errors import NotAuthenticated
from atoll.model.ticket import CHECK_LIFETIME, Identity, PasswordCheck
from atoll.ports.sign_in import SignInPorts
from atoll.services.attempts import (
    Counter,
    attempt,
    counters_of,
    demand_unlocked,
    end_attempt,
    network_of,
)

# RFC 7914, section 2: 16 MiB and some 50 ms.
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1
LONGEST_USERNAME = 128
LONGEST_PASSWORD = 256

WRONG = "Sign-in refused: the user name or the password is not right."
MORE_NEEDED = (
    "Sign-in refused: this account needs another step first, such as a new password or a second "
    "factor. Use the hosted login once: open this service's /login page in a browser."
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who somebody says to be. Of the password nothing is ever shown.

    Attributes:
        address: that they came from.
    """

    username: str
    password: str = field(repr=False)
    address: str


def verify_password(credentials: Credentials, ports: SignInPorts) -> Identity:
    """Who somebody is.

    A lock is looked at first, and what is kept is good where it was verified from: a guesser
    elsewhere never meets it, and is counted before anything is compared. Only the identity
    provider's yes ends a user's count: a program that signs in every ten seconds does not give a
    guesser new attempts each time.

    Raises:
        NotAuthenticated: in words for the user: wrong, locked, or more is needed.
        Unavailable: the identity provider or the store did not answer.
    """
    if not _can_exist(credentials):
        raise NotAuthenticated(WRONG, {"reason": "wrong-password"})
    counters = counters_of(credentials.username, credentials.address, ports)
    demand_unlocked(counters, ports)
    key = _check_key(credentials, ports)
    known = ports.tickets.find(key, PasswordCheck)
    if known is not None and hmac.compare_digest(known.digest, _digest(credentials, ports)):
        return known.identity
    identity = _ask(credentials, counters, ports)
    check = PasswordCheck(digest=_digest(credentials, ports), identity=identity)
    ports.tickets.keep(key, check, ports.now() + CHECK_LIFETIME)
    return identity


def _ask(
    credentials: Credentials, counters: tuple[Counter, Counter], ports: SignInPorts
) -> Identity:
    user, address = counters
    with attempt(counters, ports) as attempt_id:
        answer = ports.sign_in.check_password(credentials.username, credentials.password)
    if isinstance(answer, Identity):
        ports.tickets.forget(user.key)
        end_attempt(address, attempt_id, ports, failed=False)
        return answer
    wrong = answer == "wrong-password"
    for counter in counters:
        end_attempt(counter, attempt_id, ports, failed=wrong)
    raise NotAuthenticated(WRONG if wrong else MORE_NEEDED, {"reason": answer})


def _check_key(credentials: Credentials, ports: SignInPorts) -> str:
    # Not the name in small letters: the provider may take two names for two users.
    subject = f"{credentials.username}\0{network_of(credentials.address)}"
    return f"check#{ports.secrets.derived_key('cas-user', subject).hex()}"


def _digest(credentials: Credentials, ports: SignInPorts) -> str:
    salt = ports.secrets.derived_key("cas-password", credentials.username)
    made = hashlib.scrypt(
        credentials.password.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P
    )
    return made.hex()


def _can_exist(credentials: Credentials) -> bool:
    """Whether there can be such a user: Cognito's names are of letters, marks, digits and signs."""
    name = credentials.username
    return (
        0 < len(name) <= LONGEST_USERNAME
        and 0 < len(credentials.password) <= LONGEST_PASSWORD
        and all(unicodedata.category(character)[0] in "LMNPS" for character in name)
    )
