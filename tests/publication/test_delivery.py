"""Deliveries one after the other: all or nothing, the same twice is one, later ones append."""

import numpy as np
import pytest

from atoll.errors import DataError, InvalidParameter, Unavailable
from atoll.publication.ingest import ingest
from atoll.publication.publish import Delivery, publish
from atoll.publication.repository import Target
from atoll.publication.work import Change, Work
from tests.fakes import FakeCatalogue
from tests.publication.builders import LATER, PLAIN, T0, Grid, plain, steps

pytestmark = pytest.mark.slow


def deliver(folder, file, days, seed=0, **told):
    return Grid(steps(len(days), seed), days, **told).write(folder / file)


@pytest.fixture
def first(tmp_path):
    return deliver(tmp_path, "first.nc", [0, 1, 2])


def test_later_times_append(tmp_path, bench, first):
    old = bench.publish([first])
    new = bench.publish([deliver(tmp_path, "second.nc", [3, 5], 1)], now=LATER)
    expected = np.concatenate([steps(3), steps(2, 1)])
    for layout in ("geo", "time"):
        assert np.array_equal(bench.open(layout)["t2m"].values, expected)
    assert bench.commits() == 2
    assert new.revision != old.revision
    assert new.updated_at == "2026-11-02T12:00:00Z"
    assert bench.catalogue.entry("d").revision == new.revision
    assert bench.catalogue.describe("d", old.revision).axis_of("T").size == 3


def test_the_same_delivery_again_commits_nothing(bench, first):
    coverage = bench.publish([first])
    assert bench.publish([first], now=LATER) == coverage
    assert bench.commits() == 1


def test_an_older_delivery_again_commits_nothing(tmp_path, bench, first):
    bench.publish([first])
    newest = bench.publish([deliver(tmp_path, "second.nc", [3], 1)])
    assert bench.publish([first]) == newest


def test_other_settings_of_the_product_are_a_new_revision(bench, first):
    old = bench.publish([first])
    new = bench.publish([first], PLAIN.model_copy(update={"profiles": ("navy",)}), now=LATER)
    assert new.revision != old.revision
    assert (new.profiles, new.updated_at) == (("navy",), "2026-11-02T12:00:00Z")
    named = plain(attributes={"t2m": {"standard_name": "air_temperature"}})
    assert bench.publish([first], named).variable_by_name["t2m"].standard_name == "air_temperature"
    assert bench.commits() == 3


def test_other_settings_with_an_older_delivery_are_a_new_revision_too(tmp_path, bench, first):
    bench.publish([first])
    old = bench.publish([deliver(tmp_path, "second.nc", [3], 1)])
    new = bench.publish([first], plain(profiles=["navy"]))
    assert (new.profiles, new.axis_of("T")) == (("navy",), old.axis_of("T"))
    assert new.revision != old.revision
    assert bench.catalogue.entry("d").profiles == ("navy",)


@pytest.mark.parametrize("days", [[1], [2, 3], [-1, 0, 1, 2, 3], [0, 2]])
def test_other_values_for_stored_times_are_refused(tmp_path, bench, first, days):
    bench.publish([first])
    before = bench.head()
    with pytest.raises(DataError, match=r"bad.nc: t2m has other values .* at (1|2|0).0.* replace"):
        bench.publish([deliver(tmp_path, "bad.nc", days, 9)])
    assert bench.head() == before


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"latitudes": (-30, 0, 31)}, "latitude differs between bad.nc and the dataset"),
        ({"name": "sst"}, "do not hold the same variables and axes: sst, t2m"),
        ({"attributes": {"units": "degC"}}, "units is degC in bad.nc and K in the dataset"),
        ({"attributes": {"_FillValue": np.float32(9)}}, "fill_value is 9.0 in bad.nc and None"),
        ({"calendar": "noleap"}, "calendar noleap in bad.nc and standard in the dataset"),
    ],
)
def test_what_does_not_belong_to_the_dataset_is_refused(tmp_path, bench, first, told, message):
    bench.publish([first])
    before = bench.head()
    with pytest.raises(DataError, match=message):
        bench.publish([deliver(tmp_path, "bad.nc", [3], **told)])
    assert bench.head() == before


def test_another_type_is_refused(tmp_path, bench, first):
    bench.publish([first])
    other = Grid(steps(1, dtype="f8"), [3]).write(tmp_path / "bad.nc")
    with pytest.raises(DataError, match=r"dtype is <f8 in bad.nc and <f4 in the dataset"):
        bench.publish([other])


def test_another_size_is_refused(tmp_path, bench, first):
    bench.publish([first])
    other = Grid(np.zeros((1, 3, 5), "f4"), [3], longitudes=range(5)).write(tmp_path / "bad.nc")
    with pytest.raises(DataError, match=r"longitude differs"):
        bench.publish([other])


def test_a_failure_in_the_middle_leaves_main_as_it_was(tmp_path, bench, first):
    bench.publish([first])
    before, described = bench.head(), bench.catalogue.entry("d")
    values = steps(40, 1)
    path = Grid(values, range(3, 43)).write(
        tmp_path / "broken.nc", fletcher32=True, chunksizes=(1, 3, 4))  # fmt: skip
    content = path.read_bytes()
    at = content.index(values[30].tobytes())
    path.write_bytes(content[: at + 8] + b"\0" * 8 + content[at + 16 :])
    with pytest.raises(DataError, match=r"broken.nc: t2m cannot be read"):
        bench.publish([path])
    assert bench.head() == before
    assert bench.catalogue.entry("d") == described
    assert np.array_equal(bench.open("geo")["t2m"].values, steps(3))
    assert bench.open("time").sizes["time"] == 3


def test_a_failure_of_the_first_delivery_leaves_an_empty_dataset_that_can_be_published(
    tmp_path, bench
):
    path = deliver(tmp_path, "nan.nc", [0, np.nan])
    with pytest.raises(DataError, match=r"nan at node 1"):
        bench.publish([path])
    assert bench.catalogue.entries() == []
    assert bench.publish([deliver(tmp_path, "good.nc", [0])]).axis_of("T").size == 1


def test_the_catalogue_learns_at_the_second_try_what_it_missed(bench, first):
    class Deaf(FakeCatalogue):
        def publish(self, coverage):
            raise Unavailable(f"no ear for {coverage.dataset}")

    with pytest.raises(Unavailable, match="no ear for d"):
        publish(Delivery([first], "d", PLAIN), bench.target, Deaf(), T0)
    coverage = bench.publish([first], now=LATER)
    assert bench.commits() == 1
    assert coverage.updated_at == "2026-11-01T12:00:00Z"
    assert bench.catalogue.entry("d").revision == bench.head() == coverage.revision


def test_another_commit_in_between_is_worth_another_try(tmp_path, bench, first):
    bench.publish([first])
    rival, late = (deliver(tmp_path, f"{day}.nc", [day], day) for day in (3, 4))

    def interrupted(step):
        if step == "verifying":
            bench.publish([rival])

    work = Work("d", PLAIN, (Change("put", late),), "late-one", interrupted)
    with pytest.raises(Unavailable, match=r"another delivery was committed meanwhile"):
        ingest(work, bench.target, T0)
    assert bench.open("geo").sizes["time"] == 4
    bench.publish([late])
    assert np.array_equal(bench.open("time")["t2m"].values[4:], steps(1, 4))


@pytest.mark.parametrize("dataset", ["", "Upper", "../other", "a/b", "-", "x" * 201])
def test_a_dataset_id_is_checked(bench, first, dataset):
    with pytest.raises(InvalidParameter, match=r"--dataset"):
        bench.publish([first], dataset=dataset)
    assert list(bench.folder.iterdir()) == []


def test_a_catalogue_that_does_not_answer_is_found_out_before_anything_is_written(bench, first):
    class Silent(FakeCatalogue):
        def entry(self, dataset):
            raise Unavailable(f"no word of {dataset}")

    with pytest.raises(Unavailable, match="no word of d"):
        publish(Delivery([first], "d", PLAIN), bench.target, Silent(), T0)
    assert list(bench.folder.iterdir()) == []


def test_a_target_is_checked(first):
    with pytest.raises(InvalidParameter, match=r"s3://bucket is needed"):
        publish(Delivery([first], "d", PLAIN), Target("ftp://there"), FakeCatalogue(), T0)


def test_a_delivery_has_files(bench):
    with pytest.raises(InvalidParameter, match=r"FILE"):
        bench.publish([])


def test_a_delivery_has_no_more_files_than_can_be_open(bench, first):
    with pytest.raises(InvalidParameter, match=r"501 files.* at most 500 files"):
        bench.publish([first] * 501)


def test_a_store_that_does_not_answer_is_worth_another_try(first):
    target = Target("s3://bucket", endpoint_url="http://127.0.0.1:9", region="us-east-1")
    with pytest.raises(Unavailable):
        publish(Delivery([first], "d", PLAIN), target, FakeCatalogue(), T0)
