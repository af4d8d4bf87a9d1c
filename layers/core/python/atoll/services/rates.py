"""How often an account may ask what costs the unit work."""

from atoll.admission.allowance import allowance_of
from atoll.admission.quota import too_many_requests
from atoll.model.job import Account
from atoll.ports import Ports


def count_request(account: Account, ports: Ports) -> None:
    """Count a quote or an order of this minute.

    Raises:
        TooManyRequests: the account has made as many as it may.
        Unavailable: a store did not answer.
    """
    limit = allowance_of(ports.policies.current().policy, account.profiles).requests_per_minute
    now = ports.now()
    if limit is not None and not ports.accounts.count_request(account.account_id, now, limit):
        raise too_many_requests(limit, now)
