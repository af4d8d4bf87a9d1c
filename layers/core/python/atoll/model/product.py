"""The operator's word on a dataset: what its files lack, and how they become CF."""

from typing import Annotated, Literal, Self

from pydantic import Field as Setting
from pydantic import model_validator

from atoll.model.coverage import Attribute, Role
from atoll.model.document import Document
from atoll.model.value import Value

type LayoutName = Literal["geo", "time"]
type Mode = Literal["copy", "virtual"]


class TimeSettings(Value):
    """The T axis.

    Attributes:
        variable: which one it is where a file has several, by the file's name for it.
        calendar: CF name; where the file tells none or the wrong one.
        climatology: its numbers stand for every year and are shown as they are.
    """

    variable: str | None = None
    calendar: str | None = None
    climatology: bool = False


class GribSettings(Value):
    """Which messages of a GRIB file make the dataset.

    Attributes:
        select: eccodes' name of a key -> values that are taken, e.g.
            `{typeOfLevel: [isobaricInhPa], shortName: [t, u, v]}`; messages that have another
            value are not published.
    """

    select: dict[str, tuple[str | int, ...]] = Setting(default_factory=dict)


class Archive(Value):
    """A producer's own bucket of NetCDF files, which a virtual dataset refers to.

    Attributes:
        url_prefix: of the files' addresses, `s3://bucket/prefix/`.
        folders: how many of the last folders of a file's path its address has too.
        region: of the bucket; None = that of the unit.
        anonymous: everybody may read it.
    """

    url_prefix: str = Setting(pattern=r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/([^/\s]+/)*$")
    folders: int = Setting(default=0, ge=0)
    region: str | None = None
    anonymous: bool = False


class VariableRules(Value):
    """What the product promises of a variable, in the dataset's names and physical units.

    Attributes:
        units, standard_name: as they must be; None = not promised.
        dimensions: in their order; None = not promised.
        valid_min, valid_max: that no value lies beyond.
        may_be_empty: a time of it may be without any value.
    """

    units: str | None = None
    standard_name: str | None = None
    dimensions: tuple[str, ...] | None = None
    valid_min: float | None = None
    valid_max: float | None = None
    may_be_empty: bool = False


class Timeliness(Value):
    """When deliveries are due.

    Attributes:
        every: ISO 8601 duration from one delivery to the next, e.g. `P1D`.
        target: time of day, UTC, by which each is published, e.g. `12:00`.
    """

    every: str = Setting(pattern=r"^P(\d+[YMWD])?(T\d+[HM])?$")
    target: str = Setting(default="12:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")


class Product(Value):
    """Settings of one product. Names are those after `names` has been applied, but where told.

    Attributes:
        id: of the product.
        title, licence: shown to users.
        profiles: who may order; None = public, everyone who has signed in.
        names: name in the file -> name in the dataset, of dimensions and of variables.
        attributes: variable -> attribute -> value; None takes the attribute away.
        global_attributes: attribute -> value; None takes it away.
        fill_values: variable -> the number that stands for "no value" in the dataset.
        missing_values: variable -> numbers in the file that mean the same, besides NaN and
            what the file's `_FillValue` and `missing_value` tell.
        packing: variable -> `keep` (as stored, the default) or `decode` (physical values, for
            files that are packed differently from one another).
        roles: dimension -> role, where the file leaves doubt.
        time: the T axis.
        grib: which messages of a GRIB file make the dataset.
        chunks: layout -> dimension -> nodes in a chunk, instead of the rule's.
        drop: variables and groups of the file, by the file's names, that are not published.
        mode: whether the numbers are copied, or stay in the producer's files.
        archive: where these lie, if they stay.
        producers: profiles that may deliver.
        variables: variable -> what is promised of it; with any, those and no others are published.
        waivers: checks of the CF checker, by their names, that the product need not pass.
        timeliness: when deliveries are due; None = nothing is promised.
        documents: that users should read.
    """

    id: str = Setting(pattern=r"^[A-Za-z0-9._-]+$")
    title: str
    licence: str
    profiles: tuple[str, ...] | None = None
    names: dict[str, str] = Setting(default_factory=dict)
    attributes: dict[str, dict[str, Attribute | None]] = Setting(default_factory=dict)
    global_attributes: dict[str, Attribute | None] = Setting(default_factory=dict)
    fill_values: dict[str, float] = Setting(default_factory=dict)
    missing_values: dict[str, tuple[float, ...]] = Setting(default_factory=dict)
    packing: dict[str, Literal["keep", "decode"]] = Setting(default_factory=dict)
    roles: dict[str, Role] = Setting(default_factory=dict)
    time: TimeSettings = TimeSettings()
    grib: GribSettings = GribSettings()
    chunks: dict[LayoutName, dict[str, Annotated[int, Setting(ge=1)]]] = Setting(
        default_factory=dict
    )
    drop: tuple[str, ...] = ()
    mode: Mode = "copy"
    archive: Archive | None = None
    producers: tuple[str, ...] = ()
    variables: dict[str, VariableRules] = Setting(default_factory=dict)
    waivers: tuple[str, ...] = ()
    timeliness: Timeliness | None = None
    documents: tuple[Document, ...] = ()

    @model_validator(mode="after")
    def _demand_archive(self) -> Self:
        if (self.mode == "virtual") != (self.archive is not None):
            raise ValueError("mode: virtual and archive are told together, or neither is")
        if self.archive is not None and self.chunks:
            raise ValueError("chunks: a virtual dataset has those of its files")
        return self
