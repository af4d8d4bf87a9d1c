"""Route: who the caller is, and what it may use."""

from datetime import UTC
from http import HTTPStatus

from fastapi import APIRouter

from atoll.admission.allowance import allowance_of
from atoll.dialects.rest.wire import MeReply
from atoll.web.context import PortsHere, SignedIn
from atoll.web.problems import problems

router = APIRouter(tags=["accounts"])


@router.get(
    "/me",
    summary="Who the caller is here, and what it may use",
    responses=problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE),
)
def get_me(account: SignedIn, ports: PortsHere) -> MeReply:
    """Profiles, allowance, bytes of this month, jobs that wait and run."""
    month = ports.now().astimezone(UTC).strftime("%Y-%m")
    counts = ports.accounts.counts(account.account_id)
    return MeReply(
        account=account.account_id,
        profiles=list(account.profiles),
        may_order=account.may_order,
        month=month,
        balance=ports.accounts.balance(account.account_id, month),
        allowance=allowance_of(ports.policies.current().policy, account.profiles),
        waiting=counts.waiting,
        running=counts.running,
    )
