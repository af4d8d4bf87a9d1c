"""The quote: what an order would read, cost and meet."""

from dataclasses import dataclass, replace

from atoll.admission.decide import Decision, decide
from atoll.model.coverage import Coverage
from atoll.model.job import Account
from atoll.model.plan import SubsetPlan
from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset
from atoll.ports import Ports
from atoll.services.datasets import see_dataset
from atoll.services.terms import refusals_of


@dataclass(frozen=True, slots=True)
class Quote:
    """What an order would read, cost and meet; nothing was changed to learn it."""

    coverage: Coverage
    plan: SubsetPlan
    decision: Decision


def quote(request: SubsetRequest, account: Account, ports: Ports) -> Quote:
    """Plan and decide. This is the dry run.

    Raises:
        UnknownDataset: see `see_dataset`.
        NotEntitled: the account may see the dataset, and not quote it.
        InvalidRequest: the request cannot be planned.
        Unavailable: a part did not answer.
    """
    seen = see_dataset(request.dataset, request.revision, account, ports)
    for refusal in seen.missing("quote"):
        raise refusal
    plan = plan_subset(request, seen.coverage)
    decision = decide(plan, seen.coverage, ports.limits)
    refusals = (*refusals_of(plan, seen, account, ports), *decision.refusals)
    return Quote(seen.coverage, plan, replace(decision, refusals=refusals))
