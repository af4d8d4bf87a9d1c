"""The demonstration: publish, sign in, order, download, look; on real data, through real doors."""

import shlex
import time
from collections.abc import Mapping
from pathlib import Path

from stacks.local import seed, stack
from stacks.local.cloud import DeployedStack
from stacks.local.endpoints import Endpoints
from stacks.local.lifecycle import all_running, stop_servers
from stacks.local.motuclient import Motuclient, signing_in
from stacks.local.orders import Customer, OrderError
from stacks.local.picture import draw_maps
from stacks.local.place import ROOT, LocalError, Place

TARGET = ROOT / ".demo"
BOTH = ["sea_water_temperature", "sea_water_salinity"]
BOX = {
    "dataset": "levitus-climatology",
    "variables": BOTH,
    "bbox": [-40, 30, 30, 60],
    "depth": [0, 500],
}
WHOLE = {"dataset": "levitus-climatology"}
# The same in Motu's words. Service ids may be in capitals and end in -TDS, as they used to.
MOTU_BOX = (
    *("LEVITUS-TDS", "levitus-climatology"),
    *("-x", "-40", "-X", "30", "-y", "30", "-Y", "60", "-z", "0", "-Z", "500"),
    *("-v", "sea_water_temperature", "-v", "sea_water_salinity", "-f", "motu.nc"),
)
WINDS = {"dataset": "navy-winds", "bbox": [-10, 40, 10, 50]}


def run_demo(place: Place) -> None:
    """Run all of it; servers that did not run before are stopped at the end.

    Raises:
        LocalError: a step failed; the message says which and why.
    """
    ran_before = all_running(place)
    try:
        stacks = _start(place)
        _publish(stacks)
        _order(Endpoints.read(place))
        _script(Endpoints.read(place))
    except OrderError as error:
        raise LocalError(f"the order failed: {error}") from error
    finally:
        if not ran_before:
            stop_servers(place)
    print("\nDone. `make up` starts the same system and leaves it running.")


def _start(place: Place) -> dict[str, DeployedStack]:
    began = _headline("Starting the emulator and the S3 server, deploying what CDK synthesises")
    stacks = stack.up(place)
    for name, deployed in stacks.items():
        print(f"  {name:8} {len(deployed.physical):3} resources  {deployed.name}")
    _took(began)
    return stacks


def _publish(stacks: Mapping[str, DeployedStack]) -> None:
    for demo in seed.DATASETS:
        began = _headline(f"Publishing {demo.source.name} as {demo.dataset} in unit {demo.unit}")
        if seed.is_published(stacks[demo.unit], demo.dataset):
            print("  it is there already")
            continue
        seed.publish(stacks[demo.unit], demo)
        _took(began)


def _order(endpoints: Endpoints) -> None:
    began = _headline("Signing in as ann (profile public) through Cognito")
    ann = Customer(endpoints.units["levitus"], endpoints.token("ann"))
    _took(began)

    _headline("Ordering a box: 40 W - 30 E, 30 - 60 N, 0 - 500 m, temperature and salinity")
    _deliver(ann, BOX, TARGET / "box.nc")
    draw_maps(TARGET / "box.nc", TARGET / "box.png")
    print(f"  map      {_shown(TARGET / 'box.png')}")

    _headline("Ordering the whole dataset: above this unit's threshold, hence a Fargate task")
    _deliver(ann, WHOLE, TARGET / "whole.nc")

    _headline("Ordering the Navy winds, which ann's profile does not include")
    navy = endpoints.units["navy"]
    refused = Customer(navy, endpoints.token("ann")).order(WINDS).json()
    print(f"  ann      {refused['status']} {refused['title']}: {refused['detail']}")
    print("           (a restricted dataset looks like one that does not exist)")
    quoted = Customer(navy, endpoints.token("nav")).ask("POST", "/quotes", {"inputs": WINDS}).json()
    print(f"  nav      (profile navy) is quoted {quoted['output_bytes']:,} bytes for the same")


def _script(endpoints: Endpoints) -> None:
    """Do as scripts of MOTU's time do: its own client, and a password."""
    began = _headline("Downloading the box by motuclient 3.0.0, which signs in through CAS")
    ann = endpoints.user("ann")
    motu = f"{endpoints.units['levitus']}/motu-web/Motu"
    client = Motuclient(motu, TARGET, signing_in(ann.username, ann.password))
    target = TARGET / "motu.nc"
    target.unlink(missing_ok=True)
    shown = shlex.join(client.words(*MOTU_BOX)).replace(ann.password, "PASSWORD")
    print(f"  command  {shown}")
    ended = client.run(*MOTU_BOX)
    if not target.exists():
        raise LocalError(f"motuclient has no file:\n{ended.said}")
    print(f"  file     {_shown(target)}, {target.stat().st_size:,} bytes")
    _took(began)


def _deliver(customer: Customer, inputs: Mapping[str, object], target: Path) -> None:
    """Order, wait, download, check, and say what happened."""
    began = time.monotonic()
    ordered = customer.order(inputs)
    document = ordered.json()
    if ordered.status != 202:  # noqa: PLR2004 (HTTP's own: accepted)
        raise OrderError(document.get("detail") or str(document))
    job_id = document["jobID"]
    print(f"  job      {job_id}, tier {document['tier']}, {document['output_bytes']:,} bytes")
    status = customer.wait(job_id)
    if status["status"] != "successful":
        reason = status.get("problem") or {}
        raise OrderError(f"job {job_id} is {status['status']}: {reason.get('detail', '')}")
    print(f"  ready    after {time.monotonic() - began:.1f} s")
    result = customer.download(job_id, target)
    print(f"  covers   {_extent(status)}")
    print(f"  file     {_shown(target)}, {result['size_bytes']:,} bytes")
    print(f"  SHA-256  {result['sha256']} (verified)")
    _took(began)


def _extent(status: Mapping[str, dict[str, list[dict[str, object]]]]) -> str:
    axes = status["extent"]["axes"]
    return ", ".join(f"{axis['name']} {axis['first']}..{axis['last']}" for axis in axes)


def _headline(text: str) -> float:
    print(f"\n{text}")
    return time.monotonic()


def _took(began: float) -> None:
    print(f"  took     {time.monotonic() - began:.1f} s")


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
