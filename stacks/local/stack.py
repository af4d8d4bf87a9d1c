"""A local place, up and down."""

from stacks.assembly import DEMO
from stacks.config import Federation, load_federation
from stacks.local.cloud import DeployedStack
from stacks.local.deploy import deploy
from stacks.local.endpoints import Endpoints
from stacks.local.place import Place
from stacks.local.seed import seed_users
from stacks.local.servers import LocalError, emulator, object_server, running, start, stop


def up(place: Place, federation: Federation | None = None) -> dict[str, DeployedStack]:
    """Start the servers, deploy the templates and make the users; what is there is kept.

    Returns:
        `central` and each unit's name -> its stack.

    Raises:
        LocalError: something did not come up; the message says what.
    """
    place.directory.mkdir(parents=True, exist_ok=True)
    start_servers(place)
    stacks = deploy(federation or load_federation(DEMO), place)
    central = stacks["central"]
    try:
        known = Endpoints.read(place).users
    except LocalError:
        known = []
    Endpoints(
        central=place.endpoint,
        units={name: stack.api_url for name, stack in stacks.items() if name != "central"},
        issuer=central.outputs["Issuer"],
        client_id=central.outputs["CommandClientId"],
        users=seed_users(central, known),
    ).write(place)
    return stacks


def start_servers(place: Place) -> None:
    """Start what does not run; the state is as it was left."""
    start(object_server(place), place)
    start(emulator(place), place)


def down(place: Place) -> None:
    """Stop the servers; the state stays."""
    stop(emulator(place), place)
    stop(object_server(place), place)


def is_up(place: Place) -> bool:
    """Whether both servers run."""
    return running(emulator(place), place) and running(object_server(place), place)
