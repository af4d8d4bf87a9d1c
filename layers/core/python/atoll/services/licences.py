"""Licences of the datasets that an account may see, and its acceptance of them."""

from dataclasses import dataclass, replace

from atoll.admission.entitlement import demand_ordering, rule_of
from atoll.errors import InvalidParameter
from atoll.model.job import Account
from atoll.model.policy import Licence
from atoll.ports import Ports
from atoll.services.datasets import visible_entries


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands with a licence.

    Attributes:
        name: its key in the policy.
        licence: in its present revision.
        datasets: that have it, of those that the account may see.
        accepted_revision: that the account has accepted; None = none.
    """

    name: str
    licence: Licence
    datasets: tuple[str, ...]
    accepted_revision: int | None

    @property
    def is_accepted(self) -> bool:
        """Whether the present revision is accepted."""
        return (self.accepted_revision or 0) >= self.licence.revision


def standings(account: Account, ports: Ports) -> list[Standing]:
    """Every licence of a dataset that the account may see, sorted by name.

    Raises:
        Unavailable: a part did not answer.
    """
    policy = ports.policies.current().policy
    covered: dict[str, list[str]] = {}
    for entry in visible_entries(account, ports):
        rule = rule_of(policy, entry.dataset)
        if rule is not None and rule.licence in policy.licences:
            covered.setdefault(rule.licence, []).append(entry.dataset)
    accepted = ports.accounts.licences(account.account_id)
    return [
        Standing(name, policy.licences[name], tuple(datasets), accepted.get(name))
        for name, datasets in sorted(covered.items())
    ]


def accept_licence(name: str, revision: int, account: Account, ports: Ports) -> Standing:
    """Record that the account accepts a licence in its present revision.

    Raises:
        NotAuthenticated, NotEntitled: see `demand_ordering`.
        InvalidParameter: no dataset that the account may see has such a licence, or its
            present revision is another.
        Unavailable: a part did not answer.
    """
    demand_ordering(account)
    known = {standing.name: standing for standing in standings(account, ports)}
    if name not in known:
        raise InvalidParameter("licence", name, f"one of: {', '.join(known) or 'none'}")
    present = known[name].licence
    if revision != present.revision:
        raise InvalidParameter(
            "revision", revision, f"the present one is {present.revision}: read {present.url}"
        )
    ports.accounts.accept_licence(account.account_id, name, revision, ports.now())
    return replace(known[name], accepted_revision=revision)
