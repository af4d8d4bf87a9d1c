"""A local place with everything in it: servers, stacks, users."""

from stacks.local.addresses import cas
from stacks.local.cloud import DeployedStack
from stacks.local.deploy import deploy
from stacks.local.endpoints import Endpoints
from stacks.local.lifecycle import start_servers
from stacks.local.place import LocalError, Place
from stacks.local.seed import seed_users

CENTRAL = {"central", "catalogue"}


def up(place: Place) -> dict[str, DeployedStack]:
    """Start the servers, deploy the templates and make the users; what is there is kept.

    Returns:
        `central`, `catalogue` and each unit's name -> its stack.

    Raises:
        LocalError: something did not come up; the message says what.
    """
    start_servers(place)
    stacks = deploy(place)
    central = stacks["central"]
    try:
        known = Endpoints.read(place).users
    except LocalError:
        known = []
    Endpoints(
        central=place.endpoint,
        cas=cas(central),
        catalogue=stacks["catalogue"].api_url,
        units={name: stack.api_url for name, stack in stacks.items() if name not in CENTRAL},
        issuer=central.outputs["Issuer"],
        client_id=central.outputs["CommandClientId"],
        users=seed_users(central, known),
    ).write(place)
    return stacks
