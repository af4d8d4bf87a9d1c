"""Documents of results on the REST door."""

from typing import Annotated

from pydantic import BaseModel, Field


class ResultFile(BaseModel):
    """A file behind an address that anyone may use for a short while."""

    href: str
    type: str
    file_name: str
    size_bytes: int
    sha256: str
    cells_with_data: int = Field(description="Of all data variables, cells that are not fill.")
    message: str = Field(description="The same in a sentence; it says when there are none.")
    expires_in_s: int


class ManifestFile(BaseModel):
    """Where in a Zarr result each key lies: a reference document, version 1, as fsspec reads it.

    With it the result is a Zarr store that is read key by key, by ranges of the one address.
    The document's template `u` stands for that address: readers put the `href` of `subset` in
    its place, e.g. `template_overrides={"u": href}` of fsspec's ReferenceFileSystem.
    """

    href: str
    type: str


# No `type`: what is said of a field would be lost in it.
Manifest = Annotated[
    ManifestFile | None,
    Field(
        description="Of format `zarr` only; left out otherwise.",
        exclude_if=lambda value: value is None,
    ),
]


class SetFile(ResultFile):
    """One file of a result that is a set of several."""

    manifest: Manifest = None


class ResultReply(BaseModel):
    """OGC API - Processes results document: `subset`, and `manifest` where it is a Zarr store."""

    subset: ResultFile = Field(description="The file; of several the first.")
    manifest: Manifest = None
    files: list[SetFile] = Field(
        default=[],
        description="Of a result larger than one file may be: all its files, one behind the other "
        "along time. Left out otherwise.",
        exclude_if=lambda value: not value,
    )
