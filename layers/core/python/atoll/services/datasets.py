"""Which datasets an account may know of, and what they are."""

from atoll.admission.entitlement import is_entitled
from atoll.errors import UnknownDataset, shorten
from atoll.model.coverage import Coverage
from atoll.model.job import Account
from atoll.ports import DatasetEntry, Ports


def visible_entries(account: Account, ports: Ports) -> list[DatasetEntry]:
    """The datasets that the account may see, sorted by id."""
    return [entry for entry in ports.catalogue.entries() if is_entitled(account, entry.profiles)]


def describe_dataset(dataset: str, revision: str, account: Account, ports: Ports) -> Coverage:
    """The description of one revision; `main` is the newest.

    Raises:
        UnknownDataset: there is none, or the account may not know of it: in the same words.
    """
    try:
        entry = ports.catalogue.entry(dataset)
        if is_entitled(account, entry.profiles):
            named = entry.revision if revision == "main" else revision
            return ports.catalogue.describe(dataset, named)
    except UnknownDataset:
        pass  # answered below, in the same words as a dataset that is kept from the account
    raise _unknown(dataset, revision, account, ports)


def _unknown(dataset: str, revision: str, account: Account, ports: Ports) -> UnknownDataset:
    seen = [entry.dataset for entry in visible_entries(account, ports)]
    asked = shorten(dataset) if revision == "main" else f"{shorten(dataset)} at {shorten(revision)}"
    known = ", ".join(seen) or "none"
    return UnknownDataset(
        f"dataset: there is no dataset {asked} that this account may use; it may use: {known}.",
        {"parameter": "dataset", "value": dataset, "accepted": seen},
    )
