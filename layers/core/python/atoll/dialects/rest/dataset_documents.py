"""Documents of datasets on the REST door."""

from typing import Literal

from pydantic import BaseModel

from atoll.dialects.rest.wire import Link
from atoll.model.coverage import Attributes


class AxisReply(BaseModel):
    """An axis in a person's words."""

    name: str
    role: str
    standard_name: str | None
    units: str
    size: int
    first: float
    last: float
    step: float | None
    values: list[float] | None
    positive: str | None
    calendar: str | None
    first_text: str | None
    last_text: str | None


class VariableReply(BaseModel):
    """A variable in a person's words."""

    name: str
    standard_name: str | None
    long_name: str | None
    units: str | None
    axes: list[str]
    dtype: str
    packed: bool
    uncompressed_bytes: int


class DatasetLine(BaseModel):
    """One dataset in the list."""

    id: str
    title: str
    access: Literal["public", "restricted"]
    revision: str
    updated: str
    links: list[Link]


class DatasetList(BaseModel):
    """The datasets that the caller may use."""

    datasets: list[DatasetLine]
    links: list[Link]


class DatasetReply(BaseModel):
    """A dataset: what there is to ask for."""

    id: str
    title: str
    product: str
    licence: str
    access: Literal["public", "restricted"]
    revision: str
    updated: str
    axes: list[AxisReply]
    variables: list[VariableReply]
    curvilinear: bool
    layouts: list[str]
    formats: list[str]
    uncompressed_bytes: int
    attributes: Attributes
    links: list[Link]
