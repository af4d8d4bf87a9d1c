"""A unit asks the sign-in whose a CAS ticket is."""

import urllib.request
from http.client import HTTPException
from urllib.parse import urlencode

from atoll.dialects.cas.validation import LONGEST_DOCUMENT_BYTES, parse_validation
from atoll.errors import Unavailable
from atoll.model.job import Account
from atoll.web.motu.door import CheckTicket

TIMEOUT_S = 5


def make_check_ticket(cas_url: str) -> CheckTicket:
    """Asks `serviceValidate` (CAS protocol 3.0, section 2.5).

    Args:
        cas_url: of the sign-in, up to `/cas`.
    """

    def check_ticket(service: str, ticket: str) -> Account:
        asked = urlencode({"service": service, "ticket": ticket})
        try:
            with urllib.request.urlopen(  # noqa: S310  the operator's own setting
                f"{cas_url}/serviceValidate?{asked}", timeout=TIMEOUT_S
            ) as answer:
                # One byte more than is read: what is longer is no answer.
                document: bytes = answer.read(LONGEST_DOCUMENT_BYTES + 1)
        except (OSError, ValueError, HTTPException) as fault:
            raise Unavailable("The sign-in does not answer now; try again.") from fault
        return parse_validation(document)

    return check_ticket
