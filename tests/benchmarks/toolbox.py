"""The Copernicus Marine toolbox on our data: its own store, subset and writer.

Without its catalogue, its login and its progress bar. Two things had to be given to it: an
address with a port, which its parser drops, and Zarr 3, for which it has no option.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import xarray as xr
from copernicusmarine.core_functions.custom_s3_store_zarr_v3 import CustomS3StoreZarrV3  # type: ignore[import-untyped]
from copernicusmarine.download_functions import download_zarr  # type: ignore[import-untyped]
from copernicusmarine.download_functions.subset_parameters import (  # type: ignore[import-untyped]
    DepthParameters,
    GeographicalParameters,
    TemporalParameters,
    XParameters,
    YParameters,
)

from atoll.model.moment import Moment
from atoll.model.request import SubsetRequest
from tests.benchmarks.cases import Case
from tests.extraction.seaweed import S3Server

WHOLE_DAY = timedelta(hours=23, minutes=59)


def toolbox(server: S3Server, folder: Path) -> Callable[[Case], Path]:
    """What `copernicusmarine subset` does once it knows where the dataset is."""

    def open_zarr(dataset_url: str, copernicus_marine_username: str, **options: Any) -> Any:
        store = CustomS3StoreZarrV3(
            endpoint=server.endpoint_url,
            bucket=server.bucket,
            root_path=dataset_url,
            copernicus_marine_username=copernicus_marine_username,
            read_only=True,
        )
        return xr.open_zarr(store, decode_times=True, decode_timedelta=True, **options)

    def get(case: Case) -> Path:
        target = folder / f"{case.name}-toolbox.nc"
        target.unlink(missing_ok=True)
        with patch.object(download_zarr.custom_open_zarr, "open_zarr", open_zarr):
            dataset = download_zarr.open_dataset_from_arco_series(
                username="",
                dataset_url=f"plain/{case.layout}",
                variables=None,
                coordinates_selection_method="inside",
                optimum_dask_chunking=None,  # its own choice for up to 50 chunks
                **parameters(case.request),
            )
        download_zarr._save_dataset_locally(dataset, target, 0, False)  # noqa: FBT003, SLF001
        dataset.close()
        return target

    return get


def parameters(asked: SubsetRequest) -> dict[str, Any]:
    """An order as the toolbox says it."""
    x, y, z, t = XParameters(), YParameters(), DepthParameters(), TemporalParameters()
    if asked.longitude:
        x = XParameters(asked.longitude.west, asked.longitude.east)
    if asked.latitude:
        y = YParameters(asked.latitude.lower, asked.latitude.upper)
    if asked.depth:
        z = DepthParameters(asked.depth.lower, asked.depth.upper)
    if asked.time:
        first, last = (_midnight(moment) for moment in (asked.time.start, asked.time.end))
        t = TemporalParameters(first, last + WHOLE_DAY)
    return {
        "geographical_parameters": GeographicalParameters(y, x),
        "depth_parameters": z,
        "temporal_parameters": t,
    }


def _midnight(moment: Moment | None) -> datetime:
    assert moment
    return datetime(moment.year, moment.month or 1, moment.day or 1, tzinfo=UTC)
