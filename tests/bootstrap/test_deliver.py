"""The worker that publishes a delivery: whatever is in it, and wherever it is killed."""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atoll.errors import DataError, JobAlreadyEnded, Unavailable
from atoll.model.coverage import Coverage
from atoll.model.delivery import Finding, Operation, Receipt
from atoll.planning.digest import tag_of
from tests.bootstrap.delivering import T0, Unit, process
from tests.publication.builders import plain
from tests.services.crashes import Killed

pytestmark = pytest.mark.slow

ADVICE = Finding(check="acdd", severity="advice", problem="summary is missing")
ERROR = Finding(check="cf", file="days.nc", variable="t2m", problem="t2m has no units")


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    return Unit(tmp_path)


def test_what_passes_is_published_with_what_was_found(unit: Unit):
    unit.found = [ADVICE]
    receipt = unit.run(unit.receive(unit.operation([0, 1, 2])))
    assert (receipt.status, receipt.findings) == ("published", (ADVICE,))
    assert receipt.revision == unit.catalogue.entry("d").revision
    assert receipt == unit.deliveries.receipt("delivery-0")
    assert (unit.times(), unit.checked) == (3, [["put-0.nc"]])


def test_deliveries_follow_each_other(unit: Unit):
    unit.run(unit.receive(unit.operation([0, 1])))
    assert unit.run(unit.receive(unit.operation([2], seed=1), seed=1)).status == "published"
    gone = Operation(action="delete", time_start="2020-01-01", time_end="2020-01-02")
    receipt = unit.run(unit.receive(gone, seed=2))
    assert (receipt.status, unit.times()) == ("published", 1)
    assert receipt.revision == unit.catalogue.entry("d").revision


def test_what_the_gate_refuses_is_rejected(unit: Unit):
    unit.found = [ADVICE, ERROR]
    receipt = unit.run(unit.receive(unit.operation([0])))
    assert (receipt.status, receipt.findings) == ("rejected", (ERROR, ADVICE))
    assert unit.catalogue.mains == {}
    assert receipt.ended_at == receipt.checked_at == T0


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"sha256": "f" * 64}, "Its sha256 is"),
        ({"md5": "f" * 32, "sha256": None}, "Its md5 is"),
        ({"size_bytes": 10**6}, "bytes"),
        ({"size_bytes": 10}, "10"),
        ({"path": "in/other.nc"}, "in/other.nc"),
    ],
)
def test_a_file_that_is_not_the_one_of_the_note_is_rejected(
    unit: Unit, changed: dict[str, Any], problem: str
):
    wrong = unit.operation([0]).model_copy(update=changed)
    receipt = unit.run(unit.receive(unit.operation([1], "replace"), wrong))
    (finding,) = receipt.findings
    assert (receipt.status, finding.check, finding.file) == ("rejected", "file", wrong.path)
    assert problem in finding.problem
    assert unit.checked == []


def test_the_digest_of_a_historic_note_is_compared(unit: Unit):
    operation = unit.operation([0])
    content = unit.incoming.objects[f"incoming/met/delivery-0/{operation.path}"]
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    historic = {"size_bytes": None, "sha256": None, "md5": md5}
    receipt = unit.run(unit.receive(operation.model_copy(update=historic)))
    assert receipt.status == "published"


def test_what_does_not_fit_the_dataset_is_rejected(unit: Unit):
    unit.found = [ADVICE]
    unit.run(unit.receive(unit.operation([0, 1])))
    gone = Operation(action="delete", time_start="2021-01-01", time_end="2021-01-02")
    receipt = unit.run(unit.receive(gone, seed=1))
    first, *_ = receipt.findings
    assert (receipt.status, first.check) == ("rejected", "structure")
    assert unit.times() == 2


def test_an_older_forecast_is_rejected_and_the_newer_one_stays(unit: Unit):
    for seed, day in enumerate((24, 23)):
        delivery_id = unit.receive(unit.operation([0, 1], "replace", seed), seed=seed)
        before = unit.deliveries.receipts[delivery_id]
        forecast = {"reference_time": f"2026-11-{day}T00:00:00Z"}
        note = before.note.model_copy(update=forecast)
        unit.deliveries.receipts[delivery_id] = before.model_copy(update={"note": note})
    newer, older = unit.run("delivery-0"), unit.run("delivery-1")
    (finding,) = older.findings
    assert (newer.status, older.status) == ("published", "rejected")
    assert finding.problem.startswith("reference_time: '2026-11-23T00:00:00Z' is not")
    assert "2026-11-24T00:00:00Z or later" in finding.accepted
    assert unit.catalogue.entry("d").revision == newer.revision


def test_without_settings_it_is_the_unit_that_failed(unit: Unit):
    unit.products.kept.clear()
    receipt = unit.run(unit.receive(unit.operation([0])))
    assert (receipt.status, receipt.findings[0].check) == ("failed", "unit")


def test_files_that_are_gone_when_it_is_begun_again_are_the_units_failure(unit: Unit):
    delivery_id = unit.receive(unit.operation([0]), status="ingesting")
    unit.incoming.objects.clear()
    assert unit.run(delivery_id).status == "failed"


def begun(unit: Unit, *operations: Operation) -> str:
    """A delivery that `main` holds, and that its worker has not published."""
    delivery_id, publish = unit.receive(*operations), unit.catalogue.publish

    def away(_coverage: Coverage) -> None:
        raise Killed

    unit.catalogue.publish = away
    with pytest.raises(Killed):
        unit.run(delivery_id)
    unit.catalogue.publish = publish
    assert unit.deliveries.receipt(delivery_id).status == "verifying"
    return delivery_id


def test_what_main_holds_needs_no_files_to_be_published(unit: Unit):
    unit.found = [ADVICE]
    delivery_id = begun(unit, unit.operation([0, 1]))
    unit.incoming.objects.clear()
    receipt = unit.run(delivery_id)
    assert (receipt.status, receipt.findings, unit.times()) == ("published", (ADVICE,), 2)
    assert receipt.revision == unit.catalogue.entry("d").revision
    assert len(unit.checked) == 1


@pytest.mark.parametrize("fault", ["settings", "description"])
def test_what_main_holds_is_not_to_be_delivered_again(
    unit: Unit, monkeypatch: pytest.MonkeyPatch, fault: str
):
    unit.found = [ADVICE]
    delivery_id = begun(unit, unit.operation([0, 1]))
    if fault == "settings":
        unit.products.kept.clear()
    else:

        def damaged(_coverage: Coverage) -> None:
            raise DataError("there is no dataset d")

        monkeypatch.setattr(unit.catalogue, "publish", damaged)
    receipt = unit.run(delivery_id)
    told, *others = receipt.findings
    assert (receipt.status, told.check, others) == ("failed", "unit", [ADVICE])
    assert receipt.revision is not None
    assert "The dataset holds it" in told.problem
    assert "not to be delivered again" in told.accepted


def test_what_was_checked_is_not_checked_again(unit: Unit):
    same = tag_of(plain())
    lost: dict[str, Any] = {"status": "ingesting", "product_tag": same, "findings": (ADVICE,)}
    receipt = unit.run(unit.receive(unit.operation([0]), **lost))
    assert (receipt.status, receipt.findings, unit.checked) == ("published", (ADVICE,), [])


def test_what_was_checked_with_other_settings_is_checked_again(unit: Unit):
    unit.found = [ERROR]
    before = tag_of(plain(profiles=("before",)))
    lost: dict[str, Any] = {"status": "ingesting", "product_tag": before}
    receipt = unit.run(unit.receive(unit.operation([0]), **lost))
    assert (receipt.status, receipt.findings) == ("failed", (ERROR,))
    assert unit.catalogue.mains == {}


def test_it_is_kept_with_which_settings_it_was_checked(unit: Unit):
    receipt = unit.run(unit.receive(unit.operation([0])))
    assert receipt.product_tag == tag_of(plain())


@pytest.mark.parametrize("status", ["published", "rejected", "failed"])
def test_one_that_has_ended_is_left_as_it_is(unit: Unit, status: str):
    delivery_id = unit.receive(unit.operation([0]), status=status)
    assert unit.run(delivery_id).status == status
    assert (unit.checked, unit.catalogue.mains) == ([], {})


class Mortal:
    """A port whose process is killed at one of its calls: before it, or when it was done."""

    def __init__(self, port: object, clock: list[int], *, after: bool) -> None:
        self._port, self._clock, self._after = port, clock, after

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._port, name)
        return self._call(asked) if callable(asked) else asked

    def _call(self, asked: Callable[..., Any]) -> Callable[..., Any]:
        def call(*said: Any, **more: Any) -> Any:
            self._clock[0] -= 1
            if self._clock[0] == 0 and not self._after:
                raise Killed
            answer = asked(*said, **more)
            if self._clock[0] == 0:
                raise Killed
            return answer

        return call


@pytest.mark.parametrize("when", ["before", "after"])
def test_wherever_it_is_killed_another_run_completes_it(tmp_path: Path, when: str):
    """Before and after each call of each port, until there is none at which it could be."""
    survived, calls = False, 0
    while not survived:
        calls += 1
        unit, clock = Unit(tmp_path / str(calls)), [calls]
        unit.path.mkdir()
        delivery_id = unit.receive(unit.operation([0, 1]))
        whole = unit.deliveries, unit.incoming, unit.catalogue
        unit.deliveries, unit.incoming, unit.catalogue = (
            Mortal(port, clock, after=when == "after") for port in whole
        )
        try:
            unit.run(delivery_id)
            survived = True
        except Killed:
            survived = False
        unit.deliveries, unit.incoming, unit.catalogue = whole
        receipt = unit.run(delivery_id)
        assert (receipt.status, unit.times()) == ("published", 2)
        assert receipt.revision == unit.catalogue.entry("d").revision
    assert calls > 8


@pytest.mark.parametrize(
    ("fault", "status"), [(Unavailable("away"), 1), (JobAlreadyEnded("closed"), 0)]
)
def test_only_what_may_pass_is_begun_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: Exception, status: int
):
    class Broken:
        def deliver(self, _delivery_id: str) -> Receipt:
            raise fault

    monkeypatch.setenv("ATOLL_DELIVERY_ID", "delivery-0")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(process, "stop_when_asked", lambda: None)
    monkeypatch.setattr(process, "_deliverer", lambda _settings, _folder: Broken())
    (tmp_path / "delivery-delivery-0").mkdir()
    (tmp_path / "delivery-delivery-0" / "left.nc").touch()
    assert process.deliver() == status
    assert list(tmp_path.iterdir()) == []
