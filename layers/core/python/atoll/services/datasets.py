"""Which datasets an account may know of, and what they are."""

from dataclasses import dataclass

from atoll.admission.entitlement import kept_for, right_missing, rights
from atoll.errors import Refused, UnknownDataset, shorten
from atoll.model.coverage import Coverage
from atoll.model.job import Account
from atoll.model.policy import Policy, Right
from atoll.ports import DatasetEntry, Ports


@dataclass(frozen=True, slots=True)
class Seen:
    """A dataset that the account may see.

    Attributes:
        coverage: the description of the revision that was asked for.
        held: what the account may do with it.
    """

    coverage: Coverage
    held: frozenset[Right]

    def missing(self, right: Right) -> tuple[Refused, ...]:
        """The refusal of an account that has not this right; none where it has."""
        refusal = right_missing(right, self.held, self.coverage.dataset)
        return () if refusal is None else (refusal,)


def visible_entries(account: Account, ports: Ports) -> list[DatasetEntry]:
    """The datasets that the account may see, sorted by id; with the profiles that may download."""
    policy = ports.policies.current().policy
    return [
        entry.model_copy(update={"profiles": kept_for(entry.dataset, entry.profiles, policy)})
        for entry in ports.catalogue.entries()
        if _held(account, entry, policy)
    ]


def describe_dataset(dataset: str, account: Account, ports: Ports) -> Coverage:
    """The newest description of a dataset; with the profiles that may download.

    Raises:
        UnknownDataset: see `see_dataset`.
    """
    coverage = see_dataset(dataset, "main", account, ports).coverage
    kept = kept_for(dataset, coverage.profiles, ports.policies.current().policy)
    return coverage.model_copy(update={"profiles": kept})


def see_dataset(dataset: str, revision: str, account: Account, ports: Ports) -> Seen:
    """One revision of a dataset, and what the account may do with it; `main` is the newest.

    Raises:
        UnknownDataset: there is none, or the account may not know of it: in the same words.
    """
    try:
        entry = ports.catalogue.entry(dataset)
        if held := _held(account, entry, ports.policies.current().policy):
            named = entry.revision if revision == "main" else revision
            return Seen(ports.catalogue.describe(dataset, named), held)
    except UnknownDataset:
        pass  # answered below, in the same words as a dataset that is kept from the account
    raise _unknown(dataset, revision, account, ports)


def _held(account: Account, entry: DatasetEntry, policy: Policy) -> frozenset[Right]:
    """What the account may do with a dataset; nothing = it may not know of it."""
    return rights(account, entry.dataset, entry.profiles, policy)


def _unknown(dataset: str, revision: str, account: Account, ports: Ports) -> UnknownDataset:
    seen = [entry.dataset for entry in visible_entries(account, ports)]
    asked = shorten(dataset) if revision == "main" else f"{shorten(dataset)} at {shorten(revision)}"
    known = ", ".join(seen) or "none"
    return UnknownDataset(
        f"dataset: there is no dataset {asked} that this account may use; it may use: {known}.",
        {"parameter": "dataset", "value": dataset, "accepted": seen},
    )
