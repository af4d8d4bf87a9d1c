"""A federation: one central, and its dissemination units."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stacks.config.parts import Limits, Motu, Publication, Worker, Workflow
from stacks.config.values import (
    AccountId,
    BusArn,
    CasUrl,
    Config,
    Name,
    Region,
    Removal,
    Url,
    UrlPrefix,
)


class Place(Config):
    """Where a stack is deployed.

    Attributes:
        account: twelve digits; absent = the account of whoever deploys.
        region: e.g. `eu-west-1`.
        removal: whether data survive the deletion of their stack.
        log_retention_days: how long logs are kept.
    """

    account: AccountId | None = None
    region: Region
    removal: Removal = "retain"
    log_retention_days: Literal[7, 14, 30, 90, 365] = 90


class CatalogueWords(Config):
    """What the federation's catalogue says of itself.

    Attributes:
        title, abstract: for a person.
        provider: who answers for it; empty = the federation.
        email: of whoever that is, as INSPIRE wants one; empty = none is told.
    """

    title: str = Field(default="Catalogue of ocean data", min_length=1)
    abstract: str = "The records of all dissemination units of the federation."
    provider: str = ""
    email: str = Field(default="", pattern=r"^([^@\s]+@[^@\s]+)?$")


class Central(Place):
    """What the federation has once.

    Attributes:
        login_prefix: of the hosted login's host name; unique in its region of all AWS.
        callback_urls: where the portal is returned to after signing in.
        logout_urls: where it is returned to after signing out.
        issuer: the user pool's URL, known once central is deployed; the default of every
            unit's parameter `Issuer`. Absent = each deployment of a unit must name it.
        client_ids: of the user pool, likewise for `ClientIds`.
        cas_url: of central's CAS, likewise for `CasUrl`. Absent = units without CAS, where
            their deployment names none.
        records_bus: ARN of the catalogue's bus, likewise for `RecordsBus`. Absent = units tell
            nobody of their records, where their deployment names none.
        catalogue: what the catalogue says of itself.
        cas_services: the default of central's `CasServices`: how the URLs begin that tickets
            may be given for, i.e. the units' doors.
    """

    login_prefix: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")]
    callback_urls: tuple[Url, ...] = Field(min_length=1)
    logout_urls: tuple[Url, ...] = Field(min_length=1)
    issuer: Url | None = None
    client_ids: tuple[str, ...] = ()
    cas_url: CasUrl | None = None
    cas_services: tuple[UrlPrefix, ...] = ()
    records_bus: BusArn | None = None
    catalogue: CatalogueWords = CatalogueWords()


class DisseminationUnit(Place):
    """One provider's unit.

    Attributes:
        name: part of the stack's name, unique in the federation.
        title: for a person's eye.
        jwt_authorizer: the gateway itself refuses bad tokens on the routes that need identity,
            so that they start no function; its answer is the gateway's, not problem+json.
        zones: letters of the availability zones the containers run in.
        architecture: of functions and containers.
        origins: web origins that may call the API and fetch results; `*` = any.
        ledger_hosts: whether the ledger has the address that an order came from: personal data.
        notifications: whether there is an SNS topic that is told the end of every job.
    """

    name: Name
    title: str = Field(min_length=1)
    jwt_authorizer: bool = False
    zones: tuple[str, str] = ("a", "b")
    architecture: Literal["arm64", "x86_64"] = "arm64"
    origins: tuple[str, ...] = Field(default=("*",), min_length=1)
    ledger_hosts: bool = False
    notifications: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    limits: Limits = Limits()
    worker: Worker = Worker()
    workflow: Workflow = Workflow()
    publication: Publication = Publication()
    motu: Motu = Motu()

    @model_validator(mode="after")
    def _certificate_beside_the_balancer(self) -> Self:
        balancer = self.motu.load_balancer
        if balancer and f":acm:{self.region}:" not in balancer.certificate_arn:
            raise ValueError(
                f"motu.load_balancer.certificate_arn {balancer.certificate_arn} "
                f"is not of region {self.region}"
            )
        return self


class Federation(Config):
    """One central and its dissemination units.

    Attributes:
        name: prefix of every stack, so that two federations can share an account.
        profiles: groups of the user pool; a dataset names those that may use it.
    """

    name: Name
    profiles: tuple[Name, ...] = Field(min_length=1)
    central: Central
    units: tuple[DisseminationUnit, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique_names(self) -> Self:
        for key, names in (("profiles", self.profiles), ("units", [u.name for u in self.units])):
            twice = sorted({name for name in names if list(names).count(name) > 1})
            if twice:
                raise ValueError(f"{key}: {', '.join(twice)} is named twice")
        return self
