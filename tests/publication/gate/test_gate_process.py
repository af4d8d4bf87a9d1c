"""The gate outlives whatever a file does to the process that looks at it."""

import json
import sys
import textwrap

import netCDF4
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atoll.errors import Unavailable
from atoll.model.delivery import MOST_FINDINGS, Finding
from atoll.publication.gate import Limits, check
from atoll.publication.gate.__main__ import bounded
from tests.publication.builders import DATA, Grid, plain, steps
from tests.publication.gate.builders import errors, good, shown

pytestmark = pytest.mark.slow

# Stands for the process that looks: files named so crash it, stall it, or are told as they are.
LOOKER = """
    import json, os, signal, sys, time
    for name in json.load(sys.stdin)["files"]:
        print(json.dumps({"layer": "values", "file": name}), flush=True)
        finding = {"check": "file", "file": name, "problem": "looked at"}
        print(json.dumps({"finding": finding}), flush=True)
        if "crash" in name:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "stall" in name:
            time.sleep(600)
    print(json.dumps({"done": True}))
"""


@pytest.fixture
def looker(tmp_path):
    (tmp_path / "looker.py").write_text(textwrap.dedent(LOOKER))
    return [sys.executable, str(tmp_path / "looker.py")]


def problems(folder, looker, *names, **limits):
    files = [folder / name for name in names]
    return {shown(each) for each in check(files, plain(), Limits(**limits), looker)}


def test_who_crashes_the_looker_is_told_and_the_others_are_looked_at(tmp_path, looker):
    told = problems(tmp_path, looker, "a.nc", "crash.nc", "b.nc")
    assert told == {"a.nc: looked at", "b.nc: looked at", "crash.nc: looked at",
                    "crash.nc: whoever reads it ends with code -11"}  # fmt: skip


def test_who_stalls_the_looker_is_told(tmp_path, looker):
    told = problems(tmp_path, looker, "a.nc", "stall.nc", silence_s=5)
    assert told == {"a.nc: looked at", "stall.nc: looked at",
                    "stall.nc: whoever reads it says nothing for 5 s"}  # fmt: skip


def test_a_delivery_that_crashes_on_and_on_comes_to_an_end(tmp_path, looker):
    told = problems(tmp_path, looker, *(f"crash{number}.nc" for number in range(9)))
    assert len([each for each in told if "code -11" in each]) == 5


def test_a_looker_that_does_not_start_is_no_fault_of_the_files(tmp_path):
    with pytest.raises(Unavailable, match="did not start: ends with code 3"):
        check([tmp_path / "a.nc"], plain(), command=[sys.executable, "-c", "raise SystemExit(3)"])


def test_the_looker_has_no_credentials(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials")
    seen_in = tmp_path / "seen"
    looks = f"pathlib.Path({str(seen_in)!r}).write_text(json.dumps(dict(os.environ)))"
    program = f"import json, os, pathlib; {looks}; print('{{}}')"
    check([tmp_path / "a.nc"], plain(), command=[sys.executable, "-c", program])
    seen = json.loads(seen_in.read_text())
    assert "PATH" in seen
    assert not {name for name in seen if name.startswith("AWS_")}


def test_much_advice_hides_no_error():
    advice = [Finding(check="acdd", severity="advice", problem=f"{n}") for n in range(9)]
    error = Finding(check="values", problem="wrong")
    assert list(bounded([*advice, error], most_told=3)) == [*advice[:3], error]
    assert list(bounded([error] * 9, most_told=3)) == [error] * 3


def test_files_of_one_name_are_told_apart(tmp_path, looker):
    told = problems(tmp_path, looker, "x/a.nc", "y/a.nc", "b.nc")
    assert told == {"x/a.nc: looked at", "y/a.nc: looked at", "b.nc: looked at"}


def test_errors_are_told_before_advice(tmp_path):
    (tmp_path / "b.nc").touch()
    findings = check([good(tmp_path / "a.nc"), tmp_path / "b.nc"], plain())
    assert [each.severity for each in findings[:2]] == ["error", "warning"]
    assert {each.severity for each in findings} == {"error", "warning", "advice"}


def test_no_delivery_has_endless_findings(tmp_path):
    for number in range(MOST_FINDINGS + 5):
        (tmp_path / f"{number}.nc").touch()
    findings = check(sorted(tmp_path.glob("*.nc")), plain())
    assert [each.problem for each in findings] == ["is empty"] * MOST_FINDINGS


def test_memory_is_bounded(tmp_path):
    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w") as dataset:
        for name in ("y", "x"):
            dataset.createDimension(name, 8000)
        for name, units in (("latitude", "degrees_north"), ("longitude", "degrees_east")):
            variable = dataset.createVariable(name, "f8", ("y", "x"), chunksizes=(500, 500))
            variable.units = units
    findings = check([path, good(tmp_path / "b.nc")], plain(), Limits(memory_bytes=400 * 1024**2))
    told = errors(findings)
    assert len(told) == 1
    assert told[0].startswith("a.nc: cannot be looked at")
    assert "Memory" in told[0]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Small files of each kind, and what is left of a GRIB file's first messages."""
    folder = tmp_path_factory.mktemp("whole")
    forms = (("a.nc", "NETCDF3_CLASSIC"), ("b.nc", "NETCDF4"))
    files = {name: Grid(steps(4), range(4)).write(folder / name, form) for name, form in forms}
    members = (DATA / "grib/era5-levels-members.grib").read_bytes()
    return {name: path.read_bytes() for name, path in files.items()} | {"c.grib": members[:29520]}


DAMAGE = st.tuples(
    st.sampled_from(["a.nc", "b.nc", "c.grib"]),
    st.lists(st.tuples(st.integers(0, 10**9), st.binary(min_size=1, max_size=8)), max_size=12),
    st.one_of(st.none(), st.floats(0, 1)),
)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(DAMAGE, min_size=12, max_size=12))
def test_random_damage_neither_fails_nor_stalls_the_gate(whole, tmp_path_factory, damages):
    folder = tmp_path_factory.mktemp("damaged")
    cut = []
    for number, (name, changes, left) in enumerate(damages):
        data = bytearray(whole[name])
        for offset, changed in changes:
            start = offset % len(data)
            data[start : start + len(changed)] = changed
        kept = len(data) if left is None else int(left * (len(data) - 20))
        (folder / f"{number}-{name}").write_bytes(data[:kept])
        cut += [f"{number}-{name}"] if left is not None else []
    findings = check(sorted(folder.iterdir()), plain(), Limits(silence_s=60))
    rejected = {told.split()[0].rstrip(":") for told in errors(findings)}
    if len(findings) < MOST_FINDINGS:
        assert set(cut) <= rejected
