"""Many GRIB files are open at a time: what is kept of each is small, and of all is bounded."""

import tracemalloc
from contextlib import ExitStack, contextmanager

import numpy as np
import pytest

from atoll.publication import grib
from atoll.publication.grib import open_grib
from atoll.publication.grib_kept import Kept
from tests.publication.builders import plain
from tests.publication.grib_bench import made

EVEN, UNEVEN = "regular_ll_sfc_grib2", "polar_stereographic_sfc_grib2"
POINTS = {EVEN: {"Ni": 150, "Nj": 100, "latitudeOfLastGridPointInDegrees": 10,
                 "longitudeOfLastGridPointInDegrees": 149},
          UNEVEN: {"Nx": 150, "Ny": 100, "DxInMetres": 20000, "DyInMetres": 20000}}  # fmt: skip
SIZE = 150 * 100
KEPT_BYTES = {EVEN: (150 + 100) * 8, UNEVEN: 2 * SIZE * 8}
FILES = 200
MOST_BYTES = 1024**2

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _bounds(monkeypatch):
    """Bounds that 200 tiny files exceed."""
    monkeypatch.setattr(grib, "_MAPS", Kept(MOST_BYTES))
    monkeypatch.setattr(grib, "_GRIDS", Kept(MOST_BYTES))


@contextmanager
def traced():
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def array_bytes():
    """Of all arrays that were made since tracing began and are still there."""
    numpy_alone = tracemalloc.DomainFilter(inclusive=True, domain=np.lib.tracemalloc_domain)
    found = tracemalloc.take_snapshot().filter_traces([numpy_alone]).statistics("filename")
    return sum(each.size for each in found)


def path_of(folder, sample, number, **keys):
    told = {**POINTS[sample], "bitsPerValue": 0, "values": np.full(SIZE, float(number)), **keys}
    return made(folder / f"{number}.grib2", sample, told)


@pytest.mark.parametrize("sample", [EVEN, UNEVEN])
def test_files_of_one_grid_keep_it_once(tmp_path, sample):
    paths = [path_of(tmp_path, sample, number) for number in range(FILES)]
    with ExitStack() as stack, traced():
        files = [stack.enter_context(open_grib(path, plain())) for path in paths]
        assert array_bytes() < KEPT_BYTES[sample] + 64 * FILES
        for number, file in enumerate(files):
            assert (file.fields["t"].whole() == number).all()
        assert array_bytes() < 2 * MOST_BYTES
        first, last = (file.fields["longitude"].whole() for file in (files[0], files[-1]))
        assert np.array_equal(first, last)
        assert first.ndim == {EVEN: 1, UNEVEN: 2}[sample]


def test_files_of_many_grids_keep_few_of_them(tmp_path):
    degrees = [10 + number / 8 for number in range(FILES)]
    paths = [path_of(tmp_path, UNEVEN, number, latitudeOfFirstGridPointInDegrees=latitude)
             for number, latitude in enumerate(degrees)]  # fmt: skip
    with ExitStack() as stack, traced():
        files = [stack.enter_context(open_grib(path, plain())) for path in paths]
        found = [file.fields["latitude"].whole()[0, 0] for file in files]
        assert array_bytes() < 2 * MOST_BYTES
    assert np.allclose(found, degrees, atol=1e-5)


def test_a_column_of_many_maps_takes_few_of_them_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(grib, "_MAPS", Kept(1))
    fields = [{**POINTS[EVEN], "dataDate": 20200101 + day, "bitsPerValue": 0,
               "values": np.full(SIZE, float(day))} for day in range(30)]  # fmt: skip
    path = made(tmp_path / "a.grib2", EVEN, *fields)
    with open_grib(path, plain()) as file, traced():
        column = file.fields["t"].read((slice(0, 30), slice(0, 100), slice(3, 4)))
        _, most_bytes = tracemalloc.get_traced_memory()
    assert column[:, 0, 0].tolist() == list(range(30))
    assert most_bytes < 10 * SIZE * 4


def test_what_was_asked_for_longest_ago_goes_first_and_the_last_one_stays():
    kept: Kept[np.ndarray] = Kept(3000)
    made_anew = []

    def get(name, size):
        def make():
            made_anew.append(name)
            return np.zeros(size, "i1")

        return kept.get(name, make).nbytes

    assert [get("a", 500), get("b", 500), get("a", 500), get("c", 900)] == [500, 500, 500, 900]
    assert made_anew == ["a", "b", "c"]
    assert get("a", 500) == 500
    assert get("b", 500) == 500
    assert made_anew == ["a", "b", "c", "b"]
    assert get("huge", 10**4) == 10**4
    assert get("huge", 10**4) == 10**4
    assert made_anew[4:] == ["huge"]
    assert kept.held_bytes < 11000
