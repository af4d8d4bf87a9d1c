"""What the door tells of deliveries, besides the response to each."""

from base64 import b64encode

from pydantic import BaseModel, Field

from atoll.dialects.delivery.response import ResponseDocument
from atoll.model.delivery import NOTE_NAME
from atoll.services.deliveries import Offer, Upload

ONCE = {"if-none-match": "*"}


class UploadReply(BaseModel):
    """One PUT."""

    path: str = Field(description="Of the file, as the note has it.")
    url: str = Field(description="Good for an hour; an upload that began in time may end later.")
    headers: dict[str, str] = Field(description="To be sent with it, as they are.")


class OfferReply(BaseModel):
    """A delivery that may begin: all files first, the note last."""

    delivery_id: str
    received: bool = Field(description="This very note was received before: see how it stands.")
    uploads: list[UploadReply]
    note: UploadReply | None = Field(description="null = it was received before.")


class DeliveryList(BaseModel):
    """Deliveries to a dataset, the newest first."""

    deliveries: list[ResponseDocument]


def render_offer(offer: Offer) -> OfferReply:
    """Where everything may be put."""
    url = offer.note_url
    return OfferReply(
        delivery_id=offer.note.delivery_id,
        received=url is None,
        uploads=[_upload(one) for one in offer.uploads],
        note=None if url is None else UploadReply(path=NOTE_NAME, url=url, headers=ONCE),
    )


def _upload(upload: Upload) -> UploadReply:
    # S3's own name for it; S3 compares what arrives.
    digest = b64encode(bytes.fromhex(upload.sha256)).decode()
    headers = ONCE | {"x-amz-checksum-sha256": digest}
    return UploadReply(path=upload.path, url=upload.url, headers=headers)
