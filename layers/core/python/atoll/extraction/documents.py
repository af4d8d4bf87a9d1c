"""Small documents beside the arrays: descriptions, reports, names of results."""

from collections.abc import Sequence

from obstore.store import ObjectStore

from atoll.errors import DataError, UnknownDataset
from atoll.extraction.object_source import store_faults
from atoll.model.coverage import Coverage, description_key
from atoll.model.job import Outcome, Reason, Report, report_key
from atoll.model.plan import SubsetPlan
from atoll.model.request import EXTENSIONS
from atoll.planning.fingerprint import fingerprint

FINGERPRINT_CHARACTERS = 12


def file_name(plan: SubsetPlan, file: int = 1, files: int = 1) -> str:
    """The dataset and the beginning of the plan's fingerprint; safe everywhere.

    Args:
        plan: of the whole result.
        file: number of one of its files, from 1; names sort as they follow each other.
        files: how many there are.
    """
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in plan.dataset)
    stem = f"{safe}_{fingerprint(plan)[:FINGERPRINT_CHARACTERS]}"
    number = f"_{file:04}" if files > 1 else ""
    return f"{stem}{number}{EXTENSIONS[plan.format]}"


def load_coverage(data: ObjectStore, dataset: str, revision: str) -> Coverage:
    """Read a description from the data bucket.

    Raises:
        DataError: the document is not a description.
        UnknownDataset: there is no such dataset or revision.
        Unavailable: the bucket did not answer.
    """
    with store_faults("the dataset's description"):
        try:
            text = bytes(data.get(description_key(dataset, revision)).bytes())
        except FileNotFoundError as error:
            raise UnknownDataset(
                f"there is no description of {dataset!r} at revision {revision!r}"
            ) from error
    try:
        return Coverage.model_validate_json(text)
    except ValueError as error:
        facts = {"dataset": dataset, "revision": revision}
        raise DataError(f"the description of {dataset!r} is damaged", facts) from error


def write_report(results: ObjectStore, job_id: str, found: Sequence[Outcome] | Reason) -> None:
    """Leave all outcomes, or the reason for none, where whoever settles the job looks for them.

    Raises:
        Unavailable: the bucket did not answer.
    """
    said = Report(reason=found) if isinstance(found, Reason) else Report(outcomes=tuple(found))
    with store_faults("room for the report"):
        results.put(report_key(job_id), said.model_dump_json().encode())
