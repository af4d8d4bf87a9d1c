"""The demonstration: deliver, sign in, order, download, look; on real data, through real doors."""

import shlex
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from stacks.local import seed, stack
from stacks.local.cloud import DeployedStack
from stacks.local.endpoints import Endpoints
from stacks.local.finding import show_finding
from stacks.local.lifecycle import all_running, stop_servers
from stacks.local.motuclient import Motuclient, signing_in
from stacks.local.orders import Customer, Document, OrderError
from stacks.local.picture import draw_maps
from stacks.local.place import ROOT, LocalError, Place
from stacks.local.producer import DeliveryError, Producer

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
        _publish(stacks, Endpoints.read(place))
        _order(Endpoints.read(place))
        _script(Endpoints.read(place))
        show_finding(place)
    except (OrderError, DeliveryError) as error:
        raise LocalError(f"it was not done: {error}") from error
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


def _publish(stacks: Mapping[str, DeployedStack], endpoints: Endpoints) -> None:
    """Deliver what is not there; both units work at the same time."""
    began = _headline("Producer pia (profile pmel) delivers: files by presigned URL, then a note")
    missing = [
        demo for demo in seed.DATASETS if not seed.is_published(stacks[demo.unit], demo.dataset)
    ]
    notes = [_deliver_source(endpoints, demo) for demo in missing]
    for demo, note in zip(missing, notes, strict=True):
        _tell(_producer(endpoints, demo.unit).outcome(note["delivery_id"]))
    if not missing:
        print("  both datasets are there already")
    _took(began)

    began = _headline("pia delivers again; half of the file is lost on the way")
    levitus, *_ = seed.DATASETS
    cut = TARGET / levitus.source.name
    cut.parent.mkdir(exist_ok=True)
    cut.write_bytes(levitus.source.read_bytes()[: levitus.source.stat().st_size // 2])
    note = seed.note(levitus, cut)
    pia = _producer(endpoints, levitus.unit)
    pia.deliver(note, cut.parent)
    _tell(pia.outcome(note["delivery_id"]))
    print("           (the dataset is as it was; the same is told in response.json by the note)")
    _took(began)


def _producer(endpoints: Endpoints, unit: str) -> Producer:
    return Producer(endpoints.units[unit], endpoints.token("pia"))


def _deliver_source(endpoints: Endpoints, demo: seed.DemoDataset) -> Document:
    """Let the unit's operator say what the dataset needs; then deliver its source."""
    operator = Customer(endpoints.units[demo.unit], endpoints.token("ops"))
    seed.set_product(operator, demo)
    note = seed.note(demo, demo.source)
    _producer(endpoints, demo.unit).deliver(note, demo.source.parent)
    print(f"  note     {note['delivery_id']}: {demo.source.name} for {demo.dataset}")
    return note


def _tell(ended: Document) -> None:
    """How a delivery ended, and what was found that must be mended."""
    counts = Counter(each["severity"] for each in ended["findings"])
    found = ", ".join(f"{count} {severity}" for severity, count in counts.items()) or "nothing"
    revision = f", revision {ended['revision']}" if ended["revision"] else ""
    print(f"  {ended['status']:8} {ended['dataset']}{revision}; found: {found}")
    for each in ended["findings"]:
        if each["severity"] == "error":
            print(f"           {each['file']}: {each['problem']}; {each['accepted']}")


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
