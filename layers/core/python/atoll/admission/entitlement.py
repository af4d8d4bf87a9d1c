"""Who may use a dataset. One rule for every door."""

from atoll.model.job import Account


def is_entitled(account: Account, profiles: tuple[str, ...] | None) -> bool:
    """Whether the account may see and order a dataset that is kept for these profiles.

    Args:
        account: who asks.
        profiles: None = a public dataset.
    """
    return profiles is None or not set(profiles).isdisjoint(account.profiles)
