"""Who may use a dataset. One rule for every door."""

from atoll.errors import NotAuthenticated, NotEntitled
from atoll.model.job import Account


def is_entitled(account: Account, profiles: tuple[str, ...] | None) -> bool:
    """Whether the account may see and order a dataset that is kept for these profiles.

    Args:
        account: who asks.
        profiles: None = a public dataset.
    """
    return profiles is None or not set(profiles).isdisjoint(account.profiles)


def demand_ordering(account: Account) -> None:
    """Refuse whoever may look but not order or cancel.

    Raises:
        NotAuthenticated: nobody has signed in.
        NotEntitled: the token is for reading only.
    """
    if not account.account_id:
        raise NotAuthenticated("Orders need an account that has signed in.")
    if not account.may_order:
        raise NotEntitled(
            "This token may read only; placing and cancelling orders needs scope atoll/order.",
            {"parameter": "Authorization", "accepted": "a token of scope atoll/order"},
        )
