"""Executions in memory."""

from dataclasses import dataclass, field

from atoll.model.job import Work
from atoll.ports import ExecutionState
from tests.fakes.available import demand_up


@dataclass
class FakeWorkflow:
    """Executions by job id.

    Attributes:
        started: what each execution was given, first start only.
        stopped: ids of executions that were stopped.
        ended: ids of executions that came to their end.
    """

    available: bool = True
    started: dict[str, Work] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)

    def start(self, work: Work) -> None:
        demand_up("workflow", available=self.available)
        self.started.setdefault(work.job_id, work)

    def stop(self, job_id: str) -> None:
        demand_up("workflow", available=self.available)
        if job_id in self.started and job_id not in self.stopped:
            self.stopped.append(job_id)

    def state(self, job_id: str) -> ExecutionState | None:
        demand_up("workflow", available=self.available)
        if job_id not in self.started:
            return None
        return "ended" if job_id in self.ended or job_id in self.stopped else "running"
