"""Who may do what with a dataset. One rule for every door."""

from collections.abc import Mapping
from typing import get_args

from atoll.errors import LicenceNotAccepted, NotAuthenticated, NotEntitled
from atoll.model.job import Account
from atoll.model.policy import EVERYBODY, DatasetRule, Policy, Right

# The weakest first: whoever has one has all before it.
RIGHTS: tuple[Right, ...] = get_args(Right.__value__)


def is_named(pattern: str, dataset: str) -> bool:
    """Whether a pattern of a policy names a dataset; `*` stands for any characters, or none.

    Examples:
        >>> is_named("navy-*", "navy-winds"), is_named("navy", "navy-winds"), is_named("*", "")
        (True, False, True)
    """
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == dataset
    *middle, last = rest
    if not dataset.startswith(first):
        return False
    place = len(first)
    for part in middle:
        # The leftmost place leaves most to the parts that follow: nothing is to be tried again.
        found = dataset.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return dataset.endswith(last) and place + len(last) <= len(dataset)


def rule_of(policy: Policy, dataset: str) -> DatasetRule | None:
    """The rule that counts for a dataset: the first that names it; None = none does."""
    return next(
        (
            rule
            for rule in policy.datasets
            if any(is_named(pattern, dataset) for pattern in rule.match)
        ),
        None,
    )


def rights(
    account: Account, dataset: str, published: tuple[str, ...] | None, policy: Policy
) -> frozenset[Right]:
    """What an account may do with a dataset.

    Args:
        account: who asks.
        dataset: its id.
        published: profiles that its publication names, for what no rule says; None =
            everybody.
        policy: in force.
    """
    kept = _kept(dataset, published, policy)
    held = [right for right in RIGHTS if _holds(account, right, kept[right])]
    # Whoever may download may quote, and whoever may quote may see.
    return frozenset(RIGHTS[: RIGHTS.index(held[-1]) + 1] if held else ())


def kept_for(
    dataset: str, published: tuple[str, ...] | None, policy: Policy
) -> tuple[str, ...] | None:
    """The profiles that may download a dataset; None = everybody who has signed in.

    Args:
        dataset: its id.
        published: see `rights`.
        policy: in force.
    """
    return _kept(dataset, published, policy)["download"]


def shown_to(
    dataset: str, published: tuple[str, ...] | None, policy: Policy
) -> tuple[str, ...] | None:
    """The profiles that may know of a dataset; None = everybody, signed in or not.

    Whoever may quote or download may see. Where all who sign in may download what only some may
    see, those are named: who has signed in is no profile.

    Args:
        dataset: its id.
        published: see `rights`.
        policy: in force.
    """
    kept = _kept(dataset, published, policy)
    if kept["see"] is None or kept["quote"] is None:
        return None
    named = (*kept["see"], *kept["quote"], *(kept["download"] or ()))
    return tuple(dict.fromkeys(named))


def right_missing(right: Right, held: frozenset[Right], dataset: str) -> NotEntitled | None:
    """The refusal of whoever may see a dataset and not do this with it.

    Args:
        right: what is asked for.
        held: what the account may do, see `rights`.
        dataset: that it may see.
    """
    if right in held:
        return None
    return NotEntitled(
        f"dataset: this account may see {dataset}, and its profiles do not allow it to "
        f"{right}; ask the unit's operators.",
        {
            "parameter": "dataset",
            "value": dataset,
            "right": right,
            "held": [str(one) for one in RIGHTS if one in held],
        },
    )


def licence_missing(
    dataset: str, policy: Policy, accepted: Mapping[str, int]
) -> LicenceNotAccepted | None:
    """The refusal of whoever has not accepted a dataset's licence in its present revision.

    Args:
        dataset: its id.
        policy: in force.
        accepted: licence -> the revision that the account has accepted.
    """
    rule = rule_of(policy, dataset)
    if rule is None or rule.licence is None:
        return None
    licence = policy.licences[rule.licence]
    if accepted.get(rule.licence, 0) >= licence.revision:
        return None
    accept = f"PUT /me/licences/{rule.licence}"
    return LicenceNotAccepted(
        f"dataset: {dataset} needs licence {rule.licence} ({licence.title}) to be accepted in "
        f"revision {licence.revision}: read {licence.url} and accept it by {accept}.",
        {
            "parameter": "dataset",
            "value": dataset,
            "licence": rule.licence,
            "revision": licence.revision,
            "accepted_revision": accepted.get(rule.licence),
            "url": licence.url,
            "accept": accept,
        },
    )


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


def demand_operator(account: Account, operators: str) -> None:
    """Refuse whoever is no operator of the unit.

    Args:
        account: who asks.
        operators: the operators' profile.

    Raises:
        NotEntitled: the account is not of that profile.
    """
    if operators not in account.profiles:
        raise NotEntitled(
            f"Only the unit's operators may do this: accounts of profile {operators}.",
            {"parameter": "Authorization", "accepted": f"an account of profile {operators}"},
        )


def _kept(
    dataset: str, published: tuple[str, ...] | None, policy: Policy
) -> dict[Right, tuple[str, ...] | None]:
    """The profiles that have each right; None = everybody. What is not said is as before it."""
    rule, kept, before = rule_of(policy, dataset), {}, published
    for right in RIGHTS:
        said = None if rule is None else getattr(rule, right)
        if said is not None:
            before = None if EVERYBODY in said else said
        kept[right] = before
    return kept


def _holds(account: Account, right: Right, profiles: tuple[str, ...] | None) -> bool:
    if profiles is None:
        return right != "download" or bool(account.account_id)
    return not set(profiles).isdisjoint(account.profiles)
