"""What users should read of a product."""

from typing import Literal

from pydantic import Field

from atoll.model.value import Value

type Kind = Literal["PUM", "QUID", "SQO"]

_TITLES: dict[Kind, str] = {
    "PUM": "Product User Manual",
    "QUID": "Quality Information Document",
    "SQO": "Synthesis Quality Overview",
}


class Document(Value):
    """What a user should read of a product.

    Attributes:
        kind: user manual, quality document, or synthesis quality overview.
        url: where it is.
    """

    kind: Kind
    url: str = Field(pattern=r"^https?://\S+$")

    @property
    def title(self) -> str:
        """What its kind is called."""
        return _TITLES[self.kind]
