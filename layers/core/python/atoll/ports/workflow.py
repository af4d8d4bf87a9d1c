"""What carries jobs out."""

from typing import Literal, Protocol

from atoll.model.job import Work

type ExecutionState = Literal["running", "ended"]


class Workflow(Protocol):
    """What carries jobs out."""

    def start(self, work: Work) -> None:
        """Start the job's execution. Once started, starting it again changes nothing.

        Raises:
            Unavailable: it could not be started; nothing runs.
        """
        ...

    def stop(self, job_id: str) -> None:
        """Stop the job's execution, if it runs."""
        ...

    def state(self, job_id: str) -> ExecutionState | None:
        """How the job's execution does; None = it was never started.

        Raises:
            Unavailable: nobody knows now.
        """
        ...
