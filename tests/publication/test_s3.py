"""Publication on a real S3 server."""

import numpy as np
import pytest
import xarray as xr

from atoll.publication.publish import Delivery, publish
from atoll.publication.repository import Target, open_repository
from tests.extraction.seaweed import seaweed
from tests.fakes import FakeCatalogue
from tests.publication.builders import LEVITUS, NAVY, T0, equal, product, raw


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    with seaweed(tmp_path_factory.mktemp("s3")) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield Target(f"s3://{server.bucket}", server.endpoint_url, server.region)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "dataset", "name"),
    [(LEVITUS, "levitus-climatology", "SALT"), (NAVY, "navy-winds", "VWND")],
)
def test_the_demo_s_datasets(target, source, dataset, name):
    catalogue = FakeCatalogue()
    delivery = Delivery([source], dataset, product(dataset))
    coverage = publish(delivery, target, catalogue, T0)
    assert coverage.layouts["geo"].url == f"s3://data/datasets/{dataset}"
    assert publish(delivery, target, catalogue, T0) == coverage
    session = open_repository(target, dataset).readonly_session(snapshot_id=coverage.revision)
    for layout in ("geo", "time"):
        found = xr.open_zarr(session.store, group=layout, consolidated=False, chunks=None)
        assert equal(np.asarray(found[name].values), raw(source, name))
