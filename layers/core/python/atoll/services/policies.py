"""The unit's policy, as its operators read and change it."""

from collections.abc import Callable, Sequence

from atoll.admission.entitlement import demand_operator, demand_ordering
from atoll.errors import PolicyChanged
from atoll.model.job import Account
from atoll.model.policy import UNWRITTEN, Policy, PolicyVersion
from atoll.ports import Ports

type ReadPolicy = Callable[[str, Sequence[str]], Policy]


def newest_policy(account: Account, ports: Ports) -> PolicyVersion:
    """The version in force, as it is at this moment.

    Raises:
        NotEntitled: the account is no operator.
        Unavailable: the store did not answer.
    """
    demand_operator(account, ports.limits.operators)
    return _newest(ports)


def policy_versions(account: Account, limit: int, ports: Ports) -> list[PolicyVersion]:
    """The newest versions, the newest first.

    Raises:
        NotEntitled, Unavailable: see `newest_policy`.
    """
    demand_operator(account, ports.limits.operators)
    return ports.policies.versions(limit)


def put_policy(
    text: str, expected: int, read: ReadPolicy, author: Account, ports: Ports
) -> PolicyVersion:
    """Put a policy in force, in place of the one that its author has seen.

    Args:
        text: as the author wrote it.
        expected: number of the version that it is to follow.
        read: text and the unit's datasets -> the policy, or PolicyInvalid.
        author: who puts it.
        ports: everything impure.

    Raises:
        NotEntitled: the author is no operator, or the token is for reading only.
        PolicyChanged: another version is in force than the one that was expected.
        PolicyInvalid: it cannot be put in force; the one that is stays.
        Unavailable: a part did not answer.
    """
    demand_operator(author, ports.limits.operators)
    demand_ordering(author)
    if _newest(ports).number != expected:
        raise _changed(expected, ports)
    version = PolicyVersion(
        number=expected + 1,
        policy=read(text, [entry.dataset for entry in ports.catalogue.entries()]),
        text=text,
        author=author.account_id,
        put_at=ports.now(),
    )
    if not ports.policies.put(version):
        raise _changed(expected, ports)
    return version


def _newest(ports: Ports) -> PolicyVersion:
    # Not `current`, which may be some seconds old: who changes must see what is to be changed.
    return next(iter(ports.policies.versions(1)), UNWRITTEN)


def _changed(expected: int, ports: Ports) -> PolicyChanged:
    number = _newest(ports).number
    return PolicyChanged(
        f"If-Match: version {expected} is not in force; version {number} is: read it, and put "
        "yours in its place.",
        {"parameter": "If-Match", "value": f'"{expected}"', "accepted": f'"{number}"'},
    )
