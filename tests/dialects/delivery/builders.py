"""Notes of deliveries, as producers write them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atoll.dialects.delivery import parse_note
from atoll.model.delivery import DeliveryNote
from atoll.model.product import Product, Timeliness

GOLDEN = Path(__file__).parent / "golden"
DATASET = "winds-daily"
DELIVERY_ID = "01JDDAILY-20261123"
FOLDER = f"incoming/met/{DELIVERY_ID}/"
NOTE_KEY = f"{FOLDER}delivery.json"
T0 = datetime(2026, 11, 23, 11, tzinfo=UTC)
WINDS = Product(
    id="WINDS",
    title="Winds",
    licence="CC-BY-4.0",
    producers=("met", "other"),
    timeliness=Timeliness(every="P1D", target="12:00"),
)


def put_of(number: int = 1, **changed: Any) -> dict[str, Any]:
    """One file; None takes a member away."""
    said = {"op": "put", "path": f"2026/{number:03}.nc", "bytes": 1000, "sha256": f"{number:064x}"}
    return {name: value for name, value in (said | changed).items() if value is not None}


def document(**changed: Any) -> dict[str, Any]:
    """A note dn/1; None takes a member away."""
    said = {
        "schema": "dn/1",
        "delivery_id": DELIVERY_ID,
        "producer": "met",
        "product": "WINDS",
        "dataset": DATASET,
        "operations": [put_of()],
    }
    return {name: value for name, value in (said | changed).items() if value is not None}


def text(**changed: Any) -> bytes:
    return json.dumps(document(**changed)).encode()


def note(**changed: Any) -> DeliveryNote:
    return parse_note(text(**changed))


def dnt(files: str = "", **changed: str) -> bytes:
    """A note DNT."""
    said = {
        "product": "WINDS",
        "PushingEntity": "met",
        "date": "20261123T080000Z",
        "DatasetName": DATASET,
    } | changed
    file = files or dnt_file()
    return (
        f'<delivery product="{said["product"]}" PushingEntity="{said["PushingEntity"]}" '
        f'date="{said["date"]}"><dataset DatasetName="{said["DatasetName"]}">{file}</dataset>'
        "</delivery>"
    ).encode()


def dnt_file(name: str = "2026/001.nc", inner: str = "", **changed: str) -> str:
    said = {"FileName": name, "Checksum": "0" * 32, "FileType": "NRT"} | changed
    return f"<file {' '.join(f'{key}="{value}"' for key, value in said.items())}>{inner}</file>"
