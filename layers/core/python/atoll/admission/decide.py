"""The decision over a plan: its tier, what it costs, and every reason against it."""

from dataclasses import dataclass

from atoll.errors import Refused, TooLarge
from atoll.model.coverage import Coverage
from atoll.model.job import Tier
from atoll.model.parts import MOST_FILE_BYTES, MOST_FILES
from atoll.model.plan import SubsetPlan
from atoll.model.request import IN_PARTS
from atoll.planning.files import files_of, largest_file_bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """What the operator of a dissemination unit has set.

    Attributes:
        small_bytes: results up to this size (uncompressed) are made by one Lambda.
        medium_bytes: up to this size by several, a part each, where the format has parts.
        file_bytes: larger results are sets of files, where they can be divided along time.
        hard_limit_bytes: no larger result is made; None = no limit.
        result_lifetime_s: a result and its job are kept this long.
        url_lifetime_s: a presigned address is good this long.
        operators: profile of those who may change the policy.
        keeps_hosts: whether the ledger has the address that an order came from.
    """

    small_bytes: int
    medium_bytes: int
    file_bytes: int
    hard_limit_bytes: int | None
    result_lifetime_s: int
    url_lifetime_s: int
    operators: str = "operators"
    keeps_hosts: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a plan.

    Attributes:
        tier: which machinery makes it.
        files: how many the result is made of.
        cost_bytes: what is reserved: the uncompressed result.
        refusals: every rule against it, as values: a quote shows them all, an order
            raises the first.
    """

    tier: Tier
    files: int
    cost_bytes: int
    refusals: tuple[Refused, ...]


def decide(plan: SubsetPlan, coverage: Coverage, limits: Limits) -> Decision:
    """Decide over a plan; refusals are values, nothing is raised."""
    tier = _tier(plan, limits)
    files = 1 if tier == "small" else files_of(plan, coverage, limits.file_bytes)
    largest_bytes = largest_file_bytes(plan, coverage, files)
    return Decision(
        tier=tier,
        files=files,
        cost_bytes=plan.output_bytes,
        refusals=(*_above_hard_limit(plan, limits), *_above_a_file(plan, files, largest_bytes)),
    )


def _tier(plan: SubsetPlan, limits: Limits) -> Tier:
    if plan.output_bytes <= limits.small_bytes:
        return "small"
    in_parts = plan.format in IN_PARTS
    return "medium" if in_parts and plan.output_bytes <= limits.medium_bytes else "big"


def _above_hard_limit(plan: SubsetPlan, limits: Limits) -> list[Refused]:
    limit = limits.hard_limit_bytes
    if limit is None or plan.output_bytes <= limit:
        return []
    return [
        TooLarge(
            f"The result would have {plan.output_bytes} bytes; the operator allows {limit}.",
            {"output_bytes": plan.output_bytes, "limit_bytes": limit},
        )
    ]


def _above_a_file(plan: SubsetPlan, files: int, largest_bytes: int) -> list[Refused]:
    """S3 takes no larger object, and no worker a larger 9,000th of one."""
    if largest_bytes <= MOST_FILE_BYTES:
        return []
    if plan.format not in IN_PARTS:
        remedy = f"order it as {', '.join(sorted(IN_PARTS))}, or in several"
    elif files == MOST_FILES:
        remedy = f"a result has {MOST_FILES} files at most; order it in several"
    else:
        remedy = "it cannot be divided along time any further; order smaller areas"
    return [
        TooLarge(
            f"The result would have a file of {largest_bytes} bytes, and a file has "
            f"{MOST_FILE_BYTES} at most: {remedy}.",
            {
                "output_bytes": plan.output_bytes,
                "file_bytes": largest_bytes,
                "limit_bytes": MOST_FILE_BYTES,
            },
        )
    ]
