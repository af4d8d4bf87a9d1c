"""A delivery before it begins: where its files may be put."""

from dataclasses import dataclass

from atoll.admission.entitlement import demand_ordering
from atoll.errors import InvalidParameter
from atoll.model.delivery import DeliveryNote
from atoll.model.job import Account
from atoll.ports.deliveries import DeliveryPorts
from atoll.services.deliveries.entitlement import product_of
from atoll.services.deliveries.identity import received

UPLOAD_LIFETIME_S = 3600  # an upload that began in time may end later


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a delivery, and the address that it may be put to.

    Attributes:
        sha256: of the file, hexadecimal.
    """

    path: str
    size_bytes: int
    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A delivery that may begin.

    Attributes:
        uploads: one for each file.
        note_url: where the note is put to, last; None = the delivery was received before.
    """

    note: DeliveryNote
    uploads: tuple[Upload, ...]
    note_url: str | None


def offer(note: DeliveryNote, account: Account, ports: DeliveryPorts) -> Offer:
    """Say where the files of a delivery may be put. It changes nothing.

    Raises:
        NotAuthenticated, NotEntitled: see `demand_ordering`.
        UnknownDataset: there is none that the account may deliver to.
        InvalidParameter: the dataset is another product's, or the producer is not the account's.
        DeliveryReused: the id stands for another note.
        Unavailable: a part did not answer.
    """
    demand_ordering(account)
    product = product_of(note, account.profiles, ports.products)
    if note.producer not in account.profiles or note.producer not in product.producers:
        own = [name for name in product.producers if name in account.profiles]
        raise InvalidParameter("producer", note.producer, f"one of {', '.join(own)} is")
    if received(note, ports.deliveries) is not None:
        return Offer(note, (), None)
    uploads = tuple(
        Upload(
            one.path,
            one.size_bytes,
            one.sha256,
            ports.incoming.upload_url(note, one, UPLOAD_LIFETIME_S),
        )
        for one in note.operations
        if one.path is not None and one.size_bytes is not None and one.sha256 is not None
    )
    return Offer(note, uploads, ports.incoming.note_url(note, UPLOAD_LIFETIME_S))
