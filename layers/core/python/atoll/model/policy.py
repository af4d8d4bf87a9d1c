"""What the operators of a dissemination unit allow: one reviewed document, in versions."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from atoll.model.job import Tier
from atoll.model.value import Value

type Right = Literal["see", "quote", "download"]

# The profile of accounts that have none with an allowance of its own.
DEFAULT_PROFILE = "default"
# Stands for every profile, and for those who have not signed in.
EVERYBODY = "everybody"


class Licence(Value):
    """Terms that an account accepts before it downloads.

    Attributes:
        revision: of the text; an acceptance of an older one does not count.
        url: of the text.
    """

    title: str = Field(min_length=1)
    revision: int = Field(ge=1)
    url: str = Field(pattern=r"^https?://\S+$")


class Embargo(Value):
    """The newest of a dataset is kept back.

    Attributes:
        newest_days: times less than so many days ago are not delivered, nor quoted.
        except_profiles: to whom they are.
    """

    newest_days: float = Field(gt=0, le=36_525)
    except_profiles: tuple[str, ...] = ()


class DatasetRule(Value):
    """Who may do what with the datasets of some names. The first rule that matches counts.

    Attributes:
        match: ids of datasets; `*` stands for any characters.
        see: profiles that may; None = those that the dataset's publication names.
        quote: likewise; None = as `see`.
        download: likewise, of accounts that have signed in; None = as `quote`. Whoever may
            download may quote, and whoever may quote may see.
        licence: key of `Policy.licences`.
    """

    match: tuple[str, ...] = Field(min_length=1)
    see: tuple[str, ...] | None = None
    quote: tuple[str, ...] | None = None
    download: tuple[str, ...] | None = None
    licence: str | None = None
    embargo: Embargo | None = None


class PerTier(Value):
    """A number of jobs of each tier; None = any number."""

    small: int | None = Field(default=None, ge=0)
    medium: int | None = Field(default=None, ge=0)
    big: int | None = Field(default=None, ge=0)

    def of(self, tier: Tier) -> int | None:
        """That of one tier."""
        return {"small": self.small, "medium": self.medium, "big": self.big}[tier]


class Allowance(Value):
    """What one account of a profile may use; None = no limit.

    Attributes:
        bytes_per_month: reserved and delivered in a calendar month (UTC).
        bytes_per_job: of one result, uncompressed.
        requests_per_minute: quotes and orders.
        running: jobs that run at the same time.
        waiting: jobs that wait for a slot; one more is refused.
        head_start_s: its jobs are treated as if they had waited so long already.
    """

    bytes_per_month: int | None = Field(default=None, ge=0)
    bytes_per_job: int | None = Field(default=None, ge=0)
    requests_per_minute: int | None = Field(default=None, ge=0)
    running: PerTier = PerTier()
    waiting: PerTier = PerTier()
    head_start_s: float = Field(default=0, ge=0)


class Slots(Value):
    """Jobs of each tier that run at the same time in this unit."""

    small: int = Field(default=60, ge=0, le=1000)
    medium: int = Field(default=24, ge=0, le=1000)
    big: int = Field(default=8, ge=0, le=1000)

    def of(self, tier: Tier) -> int:
        """Those of one tier."""
        return {"small": self.small, "medium": self.medium, "big": self.big}[tier]


class QueueRules(Value):
    """How waiting jobs come to run.

    Attributes:
        slots: see Slots.
        ageing_s: waiting so long outweighs one running job of the same account, so that
            nobody waits for ever behind those who have nothing running.
    """

    slots: Slots = Slots()
    ageing_s: float = Field(default=600, gt=0)


class Policy(Value):
    """The document.

    Attributes:
        datasets: rules in order; a dataset that none matches is open to the profiles that its
            publication names.
        licences: by key.
        allowances: by profile; `default` is for accounts whose profiles have none.
        queue: see QueueRules.
    """

    datasets: tuple[DatasetRule, ...] = ()
    licences: dict[str, Licence] = Field(default_factory=dict)
    allowances: dict[str, Allowance] = Field(default_factory=dict)
    queue: QueueRules = QueueRules()


class PolicyVersion(Value):
    """A policy as it was put in force. It never changes; the highest number counts.

    Attributes:
        number: from 1; 0 = none was ever put, and this is what holds then.
        text: as its author wrote it (YAML).
        author: account id.
    """

    number: int = Field(ge=0)
    policy: Policy
    text: str
    author: str
    put_at: datetime | None = None


# Until operators put their own: what one account can use without being in others' way, in a unit
# of five thousand users (`make simulate`).
UNWRITTEN = PolicyVersion(
    number=0,
    policy=Policy(
        allowances={
            DEFAULT_PROFILE: Allowance(
                requests_per_minute=600,
                running=PerTier(small=10, medium=2, big=1),
                waiting=PerTier(small=200, medium=50, big=10),
            )
        }
    ),
    text="",
    author="",
)
