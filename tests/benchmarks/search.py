"""How long a search among 5,000 records takes, by each door of the catalogue, warm.

`python -m tests.benchmarks.search [RECORDS] [ROUNDS]` prints a table: requests and answers as
they go over the wire, in this process, for somebody who has signed in.
"""

import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from atoll.model.announcement import Announcement
from atoll.model.record import Box, Record
from tests.dialects.catalogue.builders import told
from tests.web.catalogue.probes import CSW, CSW3, ITEMS, LIST, Probe, get_records, like
from tests.web.catalogue.world import CatalogueUnderTest

RECORDS, ROUNDS = 5_000, 40
WORDS = ("temperature", "salinity", "velocity", "chlorophyll", "ice", "wave", "wind", "oxygen")
SEAS = ("Baltic", "Black Sea", "Mediterranean", "Arctic", "Iberian", "Irish", "global", "Nordic")
ALL = "limit=10"
PAGE = "maxrecords=10"

type Taken = tuple[float, float]


def records(number: int) -> Iterator[Announcement]:
    """Records of many products and units; every fifth is for some profile alone."""
    chosen = random.Random(1)  # noqa: S311  the same each time
    base = told()
    for index in range(number):
        sea, word = chosen.choice(SEAS), chosen.choice(WORDS)
        record = base.model_copy(update=_changed(base, index, f"{sea} {word}", chosen))
        hidden = ("navy",) if index % 5 == 0 else None
        yield Announcement(record=record, visible_to=hidden)


def _changed(base: Record, index: int, words: str, chosen: random.Random) -> dict[str, object]:
    west, south = chosen.uniform(-180, 160), chosen.uniform(-80, 70)
    box = Box(west=west, south=south, east=west + 20, north=south + 10)
    return {
        "identifier": f"dataset-{index:05}",
        "publisher": base.publisher.model_copy(update={"name": f"unit-{index % 19}"}),
        "title": f"{words} {index}",
        "abstract": f"{words}. " + "Analysed fields and their errors. " * 20,
        "product": f"PRODUCT_{index % 300:03}",
        "box": box,
    }


def searches(chosen: random.Random) -> dict[str, Probe]:
    """One of each kind, with words and a box of its own."""
    sea, word = chosen.choice(SEAS), chosen.choice(WORDS)
    west, south = chosen.uniform(-180, 150), chosen.uniform(-80, 60)
    box = f"{west:.2f},{south:.2f},{west + 30:.2f},{south + 20:.2f}"
    within = (
        "<ogc:BBOX><ogc:PropertyName>ows:BoundingBox</ogc:PropertyName>"
        '<gml:Envelope xmlns:gml="http://www.opengis.net/gml">'
        f"<gml:lowerCorner>{south:.2f} {west:.2f}</gml:lowerCorner>"
        f"<gml:upperCorner>{south + 20:.2f} {west + 30:.2f}</gml:upperCorner>"
        "</gml:Envelope></ogc:BBOX>"
    )
    both = f"<ogc:And>{like('csw:AnyText', f'%{word}%')}{within}</ogc:And>"
    return {
        "CSW 2.0.2, words and box": get_records(both),
        "CSW 2.0.2, words": Probe(
            f"{CSW}&request=GetRecords&{LIST}&{PAGE}&constraintlanguage=CQL_TEXT"
            f"&constraint=csw:AnyText like '%25{word}%25'"
        ),
        "CSW 3.0.0, words and box": Probe(
            f"{CSW3}&request=GetRecords&{LIST}&{PAGE}&q={word}&bbox={box}"
        ),
        "OpenSearch, words": Probe(f"/opensearch?q={word}&{PAGE}"),
        "OAI-PMH, a page of 100": Probe("/oai?verb=ListRecords&metadataPrefix=oai_dc"),
        "Records, words and box": Probe(f"{ITEMS}?q={sea} {word}&bbox={box}&{ALL}"),
        "Records, facets": Probe(f"{ITEMS}?q={sea}&facets=true&{ALL}"),
        "Records, sorted": Probe(f"{ITEMS}?sortby=-title&{ALL}"),
        "STAC, words and box": Probe(f"/stac/search?q={sea} {word}&bbox={box}&{ALL}"),
        "STAC, times": Probe(f"/stac/search?datetime=1990-01-01/..&q={sea}&{ALL}"),
    }


def measure(number: int, rounds: int, folder: Path) -> dict[str, list[Taken]]:
    """Seconds of each search of each kind: on the clock, and of processor."""
    catalogue = CatalogueUnderTest(list(records(number)), folder=folder)
    client, chosen = catalogue.client("public"), random.Random(2)  # noqa: S311
    taken: dict[str, list[Taken]] = {}
    for number_of in range(rounds + 1):
        for name, probe in searches(chosen).items():
            began = time.perf_counter(), time.process_time()
            answer = probe.send(client)
            ended = time.perf_counter(), time.process_time()
            assert answer.status_code == 200, (name, answer.text)
            assert "xception" not in answer.text, (name, answer.text)
            if number_of:  # the first of each kind loads what it needs
                taken.setdefault(name, []).append((ended[0] - began[0], ended[1] - began[1]))
    return taken


def main() -> None:
    said = [int(word) for word in sys.argv[1:]]
    number, rounds = (*said, *(RECORDS, ROUNDS)[len(said) :])
    with TemporaryDirectory() as folder:
        taken = measure(number, rounds, Path(folder))
    head = f"| search of {number:,} records | p50 ms | p95 ms | processor p50 | p95 |"
    sys.stdout.write(f"{head}\n|---|---|---|---|---|\n")
    for name, seconds in taken.items():
        cells = [
            f"{value * 1000:.0f}"
            for one in zip(*seconds, strict=True)
            for value in (statistics.median(one), statistics.quantiles(one, n=20)[-1])
        ]
        sys.stdout.write(f"| {name} | {' | '.join(cells)} |\n")


if __name__ == "__main__":
    main()
