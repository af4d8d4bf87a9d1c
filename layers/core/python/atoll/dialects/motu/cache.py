"""cachestatus: how fresh what is known of each product is."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

# Descriptions are written when data are published, not gathered by a round that takes time.
_TAKES = "PT0S"


def render_cache_status(products: Sequence[tuple[str, str]], now: datetime, version: str) -> str:
    """The JSON document.

    Args:
        products: each with the time of its newest dataset's revision, ISO 8601.
        now: aware.
        version: of this software.
    """
    state = {
        "nbTotal": len(products),
        "nbSuccess": len(products),
        "nbFailure": 0,
        "lastUpdate": _instant(now),
        "lastUpdateDuration": _TAKES,
    }
    parts = ("motu-products", "motu-distribution", "motu-configuration")
    status = {"state": state, "configServices": [_service(*one) for one in products]}
    return json.dumps({"cachestatus": status, "version": dict.fromkeys(parts, version)})


def _service(product: str, updated_at: str) -> dict[str, object]:
    state = {"status": "SUCCESS", "lastUpdate": updated_at, "lastUpdateDuration": _TAKES}
    conf = {"refreshCacheAutomaticallyEnabled": True, "type": "tds", "ncss": "enabled"}
    return {product: {"state": state, "conf": conf}}


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
