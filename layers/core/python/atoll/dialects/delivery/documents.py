"""The port DeliveryDocuments: notes by the names of their files, responses in JSON."""

from collections.abc import Sequence
from datetime import datetime

from atoll.dialects.delivery.dnt import parse_dnt
from atoll.dialects.delivery.note import parse_note
from atoll.dialects.delivery.response import ResponseDocument, refusal_of, response_of
from atoll.errors import InvalidParameter
from atoll.model.delivery import DNT_NAME, NOTE_NAME, DeliveryNote, Finding, Receipt


class Documents:
    """Words of deliveries; it keeps nothing."""

    def read(self, name: str, text: bytes, delivery_id: str) -> DeliveryNote:
        """A note; see `ports.DeliveryDocuments`.

        Raises:
            RequestTooLong, InvalidParameter: see `parse_note` and `parse_dnt`.
        """
        if name == DNT_NAME:
            return parse_dnt(text, delivery_id)
        if name == NOTE_NAME:
            return parse_note(text)
        raise InvalidParameter("note", name, f"{NOTE_NAME} or {DNT_NAME} is")

    def response(self, receipt: Receipt) -> bytes:
        """What became of a delivery; see `ports.DeliveryDocuments`."""
        return _bytes(response_of(receipt))

    def refusal(self, delivery_id: str, at: datetime, findings: Sequence[Finding]) -> bytes:
        """Why there is no delivery; see `ports.DeliveryDocuments`."""
        return _bytes(refusal_of(delivery_id, at, findings))


def _bytes(document: ResponseDocument) -> bytes:
    return document.model_dump_json(indent=1).encode() + b"\n"
