"""Publication on a real S3 server."""

import numpy as np
import pytest
import xarray as xr

from atoll.model.moment import Moment
from atoll.publication.ingest import ingest
from atoll.publication.publish import Delivery, publish
from atoll.publication.repository import Target, open_repository
from atoll.publication.work import Work
from tests.extraction.seaweed import seaweed
from tests.fakes import FakeCatalogue
from tests.publication.builders import (
    LEVITUS,
    NAVY,
    T0,
    delete,
    equal,
    product,
    put,
    raw,
    replace,
)
from tests.publication.test_real_data import yearly


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


@pytest.mark.slow
def test_a_gap_a_correction_and_a_deletion(target, tmp_path):
    files = yearly(NAVY, tmp_path)

    def deliver(delivery_id, *changes):
        work = Work("winds", product("navy-winds"), changes, delivery_id)
        return ingest(work, target, T0)

    deliver("first-years", put(files[9]), put(files[0]))
    year = Moment(year=1991)
    filled = deliver("other-years", *map(put, files[1:9]), replace(files[0]), delete(year, year))
    assert deliver("first-years").revision != filled.revision
    repository = open_repository(target, "winds")
    assert repository.list_branches() == {"main"}
    session = repository.readonly_session(snapshot_id=filled.revision)
    for layout in ("geo", "time"):
        found = xr.open_zarr(session.store, group=layout, consolidated=False, chunks=None)
        assert equal(np.asarray(found["UWND"].values), raw(NAVY, "UWND")[:108])
