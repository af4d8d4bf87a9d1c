"""Scripts of MOTU's time: the unmodified motuclient 3.0.0, in its own environment, at our doors."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import netCDF4
import numpy as np
import pytest

from stacks.local.endpoints import Endpoints
from stacks.local.motuclient import Motuclient, signing_in
from stacks.local.seed import DATA
from tests.journeys.crowd import PASSWORD, crowd_in
from tests.journeys.local import Local
from tests.journeys.test_orders import assert_equal_to_source, values

pytestmark = pytest.mark.slow

LEVITUS = ("LEVITUS-TDS", "levitus-climatology")
WINDS = ("navy", "navy-winds")
# Across the meridian where the grid begins and ends, and across 0; several depths.
BOX = ("-x", 10, "-X", 30, "-y", -10, "-Y", 10, "-z", 0, "-Z", 100)
NAMES = ("-v", "sea_water_temperature", "-v", "sea_water_salinity")
SMALL = ("-x", 0, "-X", 3, "-y", 0, "-Y", 3, "-z", "Surface", "-Z", "Surface", *NAMES)
CLIENTS = 20
PATIENCE_S = 600

type Clients = Callable[..., Motuclient]


@pytest.fixture
def guest(local: Local, tmp_path: Path) -> Motuclient:
    """Who has not signed in, at the door for such."""
    return Motuclient(f"{Endpoints.read(local.place).units['levitus']}/motu-open/Motu", tmp_path)


@pytest.fixture
def ann(local: Local, tmp_path: Path) -> Motuclient:
    return signed_in(local, "ann", "levitus", tmp_path)


def signed_in(
    local: Local, name: str, unit: str, home: Path, password: str | None = None
) -> Motuclient:
    """A user of the federation at a unit's door."""
    endpoints = Endpoints.read(local.place)
    words = signing_in(name, password or endpoints.user(name).password)
    return Motuclient(f"{endpoints.units[unit]}/motu-web/Motu", home, words)


def delivered(client: Motuclient, *words: object) -> Path:
    """The file of an order that ends well."""
    ended = client.run(*LEVITUS, *words, "-f", "out.nc")
    path = client.home / "out.nc"
    assert ended.code == 0, ended.said
    assert path.exists(), ended.said
    return path


@pytest.mark.parametrize("who", ["guest", "ann"])
def test_a_box_over_the_grids_seam_equals_the_source(
    who: str, request: pytest.FixtureRequest
) -> None:
    path = delivered(request.getfixturevalue(who), *BOX, *NAMES)
    assert_equal_to_source(path)
    with netCDF4.Dataset(path) as file:
        assert file.data_model.startswith("NETCDF3")
        np.testing.assert_array_equal(values(file, "longitude"), np.arange(10.5, 30))
        np.testing.assert_array_equal(values(file, "latitude"), np.arange(-9.5, 10))
        np.testing.assert_array_equal(values(file, "depth"), [0, 10, 20, 30, 50, 75, 100])


@pytest.mark.parametrize("who", ["guest", "ann"])
def test_surface_is_one_level(who: str, request: pytest.FixtureRequest) -> None:
    path = delivered(request.getfixturevalue(who), *SMALL)
    assert_equal_to_source(path)
    with netCDF4.Dataset(path) as file:
        assert values(file, "depth").tolist() == [0]


@pytest.mark.parametrize("who", ["guest", "ann"])
def test_sync_mode_waits_for_the_file(who: str, request: pytest.FixtureRequest) -> None:
    assert_equal_to_source(delivered(request.getfixturevalue(who), *SMALL, "--sync-mode"))


@pytest.mark.parametrize("who", ["guest", "ann"])
def test_console_mode_says_where_the_file_is(
    who: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    ended = request.getfixturevalue(who).run(*LEVITUS, *SMALL, "--console-mode")
    assert ended.code == 0, ended.said
    (url,) = re.findall(r"https?://\S+\.nc\S*", ended.said)
    assert "Signature=" in url
    assert not list(tmp_path.glob("*.nc"))


@pytest.mark.parametrize("who", ["guest", "ann"])
def test_the_size_is_told(who: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(who)
    ended = client.run(*LEVITUS, *BOX, *NAMES, "--size", "-f", "size.nc")
    assert ended.code == 0, ended.said
    told = ET.fromstring((client.home / "size.xml").read_text())  # noqa: S314 (our own)
    assert (told.tag, told.get("unit"), told.get("msg")) == ("requestSize", "kB", "OK")
    data_bytes = 2 * 7 * 20 * 20 * 4
    assert data_bytes <= float(told.get("size", "")) * 1024 < 2 * data_bytes


@pytest.mark.parametrize("who", ["guest", "ann"])
def test_the_product_is_described(who: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(who)
    ended = client.run(*LEVITUS, "--describe-product", "-f", "product.nc")
    assert ended.code == 0, ended.said
    told = ET.fromstring((client.home / "product.xml").read_text())  # noqa: S314 (our own)
    assert (told.tag, told.get("id")) == ("productMetadataInfo", "levitus-climatology")
    names = {each.get("standardName") for each in told.iter("variable")}
    assert names == {"sea_water_temperature", "sea_water_salinity"}


def test_one_day_of_what_only_a_profile_may_see(local: Local, tmp_path: Path) -> None:
    nav = signed_in(local, "nav", "navy", tmp_path)
    day = ("-t", "1982-01-16", "-T", "1982-01-16 23:59:59", "-x", -10, "-X", 10)
    ended = nav.run(*WINDS, *day, "-v", "eastward_wind", "-f", "winds.nc")
    assert ended.code == 0, ended.said
    with (
        netCDF4.Dataset(tmp_path / "winds.nc") as result,
        netCDF4.Dataset(DATA / "monthly_navy_winds.cdf") as source,
    ):
        wind = values(result, "eastward_wind")
        assert wind.shape[0] == 1
        x = [int((west % 360 - 20) % 360 / 2.5) for west in values(result, "longitude")]
        np.testing.assert_array_equal(values(result, "longitude"), np.arange(-10, 12.5, 2.5))
        np.testing.assert_array_equal(wind[0], source["UWND"][0][:, x])


def test_to_who_is_of_another_profile_there_is_no_such_product(
    local: Local, tmp_path: Path
) -> None:
    ended = signed_in(local, "ann", "navy", tmp_path).run(*WINDS, "-f", "winds.nc")
    assert "010-30 : The requested service is unknown: 'navy'" in ended.said, ended.said
    assert not (tmp_path / "winds.nc").exists()


def test_a_guest_is_refused_where_guests_are_not_served(local: Local, tmp_path: Path) -> None:
    motu = f"{Endpoints.read(local.place).units['navy']}/motu-open/Motu"
    ended = Motuclient(motu, tmp_path).run(*WINDS, "-f", "winds.nc")
    assert re.search(r"010-\d+ : ", ended.said), ended.said
    assert not (tmp_path / "winds.nc").exists()


def test_a_refusal_is_told_in_our_words(guest: Motuclient) -> None:
    ended = guest.run(*LEVITUS, *SMALL, "-v", "sea_water_taste", "-f", "out.nc")
    assert "010-13" in ended.said, ended.said
    assert "sea_water_taste" in ended.said
    assert not (guest.home / "out.nc").exists()


def test_a_wrong_password_fails_at_once_and_for_good(local: Local, tmp_path: Path) -> None:
    ended = signed_in(local, "ann", "levitus", tmp_path, "nothers").run(*LEVITUS, *SMALL)
    assert ended.code == 1, ended.said
    assert "retrying" not in ended.said


def start_processes(local: Local) -> None:
    """Have one for each client: twice twenty take a minute here, whose begin AWS does at once."""
    endpoints = Endpoints.read(local.place)
    for url in (
        f"{endpoints.units['levitus']}/motu-open/Motu?action=ping",
        f"{endpoints.cas}/login",
    ):
        with ThreadPoolExecutor(CLIENTS) as pool:
            for answer in pool.map(partial(urlopen, timeout=PATIENCE_S), [url] * CLIENTS):
                answer.close()


def test_twenty_at_once_wait_for_each_other(local: Local, tmp_path: Path) -> None:
    """Ten users of CAS and ten guests, each with a box of its own, at a unit with four slots."""
    start_processes(local)
    endpoints = Endpoints.read(local.place)

    def fetch(number: int) -> Path:
        home = tmp_path / str(number)
        home.mkdir()
        words = signing_in(f"user-{number:02}", PASSWORD)
        client = Motuclient(f"{endpoints.units['levitus']}/motu-web/Motu", home, words)
        if number % 2:
            client = Motuclient(f"{endpoints.units['levitus']}/motu-open/Motu", home)
        return delivered(client, "-x", number, "-X", number + 3, "-y", 0, "-Y", 3, *NAMES)

    with crowd_in(local, CLIENTS), ThreadPoolExecutor(CLIENTS) as pool:
        for path in pool.map(fetch, range(CLIENTS)):
            assert_equal_to_source(path)
    assert local.reserved_bytes() == 0
    assert local.held_slots() == []
