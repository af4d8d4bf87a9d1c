"""Whom to tell of a job."""

from atoll.model.value import Value


class Subscriber(Value):
    """Addresses of an order's own that are told of its job (OGC API - Processes, Part 1).

    Each is checked by `model.webhook` when it is read, and once more when it is called.

    Attributes:
        success_uri: told that the job was successful.
        failed_uri: told that it failed; None = nobody is.
        in_progress_uri: told that it runs; None = nobody is.
    """

    success_uri: str
    failed_uri: str | None = None
    in_progress_uri: str | None = None
