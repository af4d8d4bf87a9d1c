"""What producers deliver: offered, received, begun in its turn, closed, and looked after."""

from atoll.services.deliveries.course import Step, advance
from atoll.services.deliveries.looks import MOST_LISTED, listing, show
from atoll.services.deliveries.offers import Offer, Upload, offer
from atoll.services.deliveries.receiving import receive
from atoll.services.deliveries.turns import close, start
from atoll.services.deliveries.watch import watch

__all__ = [
    "MOST_LISTED",
    "Offer",
    "Step",
    "Upload",
    "advance",
    "close",
    "listing",
    "offer",
    "receive",
    "show",
    "start",
    "watch",
]
