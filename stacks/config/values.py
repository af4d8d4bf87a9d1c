"""The words that the parts of a configuration are made of."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

type Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,19}$")]
type AccountId = Annotated[str, Field(pattern=r"^\d{12}$")]
type Region = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
type Removal = Literal["retain", "destroy"]
type Url = Annotated[str, Field(pattern=r"^https?://\S+$")]
# Up to and including its `/cas`, where its paths begin.
type CasUrl = Annotated[str, Field(pattern=r"^https?://[^\s/?#]+(/[^\s?#]+)?/cas$")]
type BusArn = Annotated[
    str, Field(pattern=r"^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus/\S+$")
]
# With a slash after the host: `https://door.example` would also begin `https://door.example.org`.
type UrlPrefix = Annotated[str, Field(pattern=r"^https?://[^\s/?#,]+/[^\s?#,]*$")]
# Of a bucket, or of what lies in a folder of it.
type ArchivePrefix = Annotated[str, Field(pattern=r"^s3://[a-z0-9][a-z0-9.-]{1,61}/([^/\s*?]+/)*$")]


class Config(BaseModel):
    """A frozen part of the configuration that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
