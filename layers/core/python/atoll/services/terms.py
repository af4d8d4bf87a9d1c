"""What the unit's policy has against a plan: every reason, as a value."""

from atoll.admission.allowance import allowance_of
from atoll.admission.embargo import embargoed
from atoll.admission.entitlement import licence_missing, rule_of
from atoll.admission.quota import above_one_job
from atoll.errors import Refused
from atoll.model.job import Account
from atoll.model.plan import SubsetPlan
from atoll.model.policy import Policy
from atoll.ports import Ports
from atoll.services.datasets import Seen


def refusals_of(plan: SubsetPlan, seen: Seen, account: Account, ports: Ports) -> list[Refused]:
    """Every rule of the policy against a delivery; nothing is raised.

    Args:
        plan: made from this dataset's description.
        seen: the dataset.
        account: who asks.
        ports: everything impure.

    Raises:
        Unavailable: policy or accounts did not answer.
    """
    policy = ports.policies.current().policy
    refusals: list[Refused | None] = [
        *seen.missing("download"),
        licence_missing(plan.dataset, policy, _accepted(plan.dataset, account, policy, ports)),
        embargoed(plan, seen.coverage, account, policy, ports.now()),
        above_one_job(plan.output_bytes, allowance_of(policy, account.profiles)),
    ]
    return [refusal for refusal in refusals if refusal is not None]


def _accepted(dataset: str, account: Account, policy: Policy, ports: Ports) -> dict[str, int]:
    """What the account has accepted; looked up only for a dataset that has a licence."""
    rule = rule_of(policy, dataset)
    if rule is None or rule.licence is None:
        return {}
    return ports.accounts.licences(account.account_id)
