"""What a local place holds from the start: four users, two datasets."""

import contextlib
import secrets
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import yaml

from stacks.local.cloud import DeployedStack
from stacks.local.endpoints import User
from stacks.local.orders import Customer
from stacks.local.place import ROOT, LocalError, process_environment
from stacks.local.producer import Document, note_of, with_file

DATA = ROOT / "stacks" / "local" / "data"
PROFILES = {"ann": "public", "nav": "navy", "pia": "pmel", "ops": "operators"}
# What the pool's password policy asks for beside length.
EVERY_KIND = "Aa1!"


@dataclass(frozen=True, slots=True)
class DemoDataset:
    """A dataset to publish.

    Attributes:
        unit: the dissemination unit that offers it.
        source: the producer's file.
    """

    unit: str
    dataset: str
    source: Path

    @property
    def product(self) -> Path:
        """The product's settings, beside the source."""
        return DATA / f"{self.dataset}.yaml"


DATASETS = (
    DemoDataset("levitus", "levitus-climatology", DATA / "levitus_climatology.cdf"),
    DemoDataset("navy", "navy-winds", DATA / "monthly_navy_winds.cdf"),
)


def seed_users(central: DeployedStack, known: list[User]) -> list[User]:
    """Make the demo's users; those that are known keep their passwords."""
    passwords = {user.username: user.password for user in known}
    users = [
        User(
            username=name,
            password=passwords.get(name) or secrets.token_urlsafe(12) + EVERY_KIND,
            profile=profile,
        )
        for name, profile in PROFILES.items()
    ]
    for user in users:
        make_user(central, user)
    return users


def is_published(unit: DeployedStack, dataset: str) -> bool:
    """Whether the unit's catalogue has it."""
    dynamodb = unit.cloud.client("dynamodb")
    key = {"dataset": {"S": dataset}}
    row = dynamodb.get_item(TableName=unit.outputs["DatasetsTable"], Key=key, ConsistentRead=True)
    return "Item" in row


def publish(unit: DeployedStack, demo: DemoDataset) -> None:
    """Publish a dataset by the `atoll` command, as its producer would.

    Raises:
        LocalError: the command failed.
    """
    words = [
        *("publish", str(demo.source), "--dataset", demo.dataset, "--product", str(demo.product)),
        *("--data-bucket", unit.outputs["DataBucket"]),
        *("--datasets-table", unit.outputs["DatasetsTable"]),
    ]
    _atoll(unit, demo.unit, words)


def announce(unit: DeployedStack, name: str) -> None:
    """Tell the federation's catalogue of all datasets of a unit, as its operator would.

    Raises:
        LocalError: the command failed.
    """
    words = [
        *("announce", "--data-bucket", unit.outputs["DataBucket"]),
        *("--datasets-table", unit.outputs["DatasetsTable"]),
    ]
    _atoll(unit, name, words)


def _atoll(unit: DeployedStack, name: str, words: list[str]) -> None:
    region = unit.cloud.region
    environment = process_environment() | unit.cloud.place.credentials()
    environment |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    environment |= telling(unit, name)
    command = [str(Path(sys.executable).parent / "atoll"), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LocalError(f"atoll {words[0]} failed in {name}:\n{done.stdout}{done.stderr}")


def telling(unit: DeployedStack, name: str) -> dict[str, str]:
    """What a program needs to tell the federation's catalogue of a unit's datasets."""
    return {
        "RECORDS_BUS": unit.told["RecordsBus"],
        "POLICIES_TABLE": unit.outputs["PoliciesTable"],
        "ATOLL_UNIT": name,
        "API_URL": unit.api_url,
    }


def set_product(operator: Customer, demo: DemoDataset) -> None:
    """Set a dataset's settings at the door, unless it has some.

    Raises:
        LocalError: the door refuses.
    """
    path = f"/admin/products/{demo.dataset}"
    if operator.ask("GET", path).status == HTTPStatus.OK:
        return
    settings = yaml.safe_load(demo.product.read_text(encoding="utf-8"))
    answer = operator.ask("PUT", path, settings)
    if answer.status != HTTPStatus.OK:
        raise LocalError(f"the settings of {demo.dataset} were refused: {answer.body!r}")


def note(demo: DemoDataset, path: Path) -> Document:
    """A note of a file, under an id that was not used before."""
    settings = yaml.safe_load(demo.product.read_text(encoding="utf-8"))
    (producer,) = settings["producers"]
    of = {"producer": producer, "product": settings["id"], "dataset": demo.dataset}
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    return note_of(f"{demo.dataset}-{moment}", of, [with_file("put", path)])


def make_user(central: DeployedStack, user: User) -> None:
    """Let somebody sign in, in their group.

    Also where the user is there already: a start that was interrupted may have gone no further.
    Who signs in by this password and in this group finds everything as it was.
    """
    cognito = central.cloud.client("cognito-idp")
    whom = {"UserPoolId": central.outputs["UserPoolId"], "Username": user.username}
    with contextlib.suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(**whom, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(**whom, Password=user.password, Permanent=True)
    cognito.admin_add_user_to_group(**whom, GroupName=user.profile)
