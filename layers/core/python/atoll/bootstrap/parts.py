"""The processes that make one result together."""

from dataclasses import dataclass
from typing import Self

from atoll.aws.results import S3Results
from atoll.aws.uploads import S3Uploads
from atoll.bootstrap.completion import make_clients
from atoll.bootstrap.extraction import Buckets
from atoll.bootstrap.settings import PartsSettings
from atoll.errors import Unavailable, UploadGone
from atoll.extraction import parts
from atoll.extraction.assemble import assemble
from atoll.extraction.documents import write_report
from atoll.extraction.files_made import files_made, keep_file, read_file, read_files
from atoll.model.coverage import Coverage
from atoll.model.job import Outcome, Work
from atoll.model.parts import Begun, PartMade, Upload
from atoll.planning.files import file_plan
from atoll.planning.parts import split
from atoll.planning.shares import shares
from atoll.ports import Results, Uploads
from atoll.services.completion import reason_of
from atoll.services.rounds import demand_progress


@dataclass(frozen=True, slots=True)
class Workshop:
    """What each of them may be asked to do; stores stay open between calls."""

    settings: PartsSettings
    buckets: Buckets
    uploads: Uploads
    results: Results

    @classmethod
    def open(cls) -> Self:
        """The workshop that the environment names."""
        settings, clients = PartsSettings.read(), make_clients()
        bucket = settings.results_bucket
        uploads = S3Uploads(clients.s3, bucket)
        return cls(settings, Buckets.open(), uploads, S3Results(clients.s3, bucket))

    def begin(self, work: Work, rounds: int, file: int = 1) -> Begun:
        """Begin one more round of the first file that is not made.

        Where all are made, they are left as the job's report.

        Args:
            work: of the job.
            rounds: begun before.
            file: that these were of; of another file none has been begun.

        Raises:
            DataError, WorkerLost: see `demand_progress`.
            UnknownDataset: the dataset is gone.
            Unavailable: a store did not answer.
        """
        numbers, results = range(1, work.files + 1), self.buckets.places.results
        made = files_made(results, work.job_id)
        following = next((number for number in numbers if number not in made), None)
        if following is None:
            write_report(results, work.job_id, read_files(results, work.job_id, numbers))
            return self._begun(work.files, None, rounds, [])
        upload = self.upload(work, following)
        missing = self.missing(work, upload)
        before = rounds if following == file else 0
        demand_progress(work.job_id, before, len(missing), self.results)
        return self._begun(following, upload, before + 1, missing)

    def _begun(self, file: int, upload: Upload | None, rounds: int, missing: list[int]) -> Begun:
        return Begun(
            file=file,
            upload=upload,
            round=rounds,
            parts=tuple(missing),
            runs=shares(missing, self.settings.workers),
            parts_at_once=self.settings.parts_at_once,
        )

    def upload(self, work: Work, file: int = 1) -> Upload:
        """The upload of a file, which is begun where it is not.

        Raises:
            UnknownDataset, Unavailable: see `begin`.
        """
        coverage, results = self.buckets.describe(work.plan), self.buckets.places.results
        size = self.settings.part_bytes
        return parts.begin(work, coverage, size, results, self.uploads, file=file)

    def missing(self, work: Work, upload: Upload) -> list[int]:
        """Numbers of the file's parts that are not there, rising.

        Raises:
            UnknownDataset, Unavailable: see `begin`.
        """
        coverage, results = self.buckets.describe(work.plan), self.buckets.places.results
        planned = split(_of_file(work, coverage, upload).plan, coverage, upload.part_bytes)
        return parts.missing(work.job_id, planned, results, file=upload.file)

    def make(self, work: Work, upload: Upload, number: int) -> PartMade:
        """Make one part. Where it is vain to try again, the reason is left as a report.

        Raises:
            BrokerError: see `make_part`.
        """
        places = self.buckets.places
        try:
            coverage = self.buckets.describe(work.plan)
            own = _of_file(work, coverage, upload)
            return parts.make_part(own, coverage, upload, number, places, self.uploads)
        except (Unavailable, UploadGone):  # it may pass; the job has ended meanwhile
            raise
        except Exception as fault:
            write_report(places.results, work.job_id, reason_of(fault))
            raise

    def finish(self, work: Work, upload: Upload) -> Outcome:
        """Put all parts of a file together, unless that is done, and say so.

        Raises:
            BrokerError: see `assemble`.
        """
        coverage, places = self.buckets.describe(work.plan), self.buckets.places
        done = read_file(places.results, work.job_id, upload.file)
        if done is not None:
            return done
        own = _of_file(work, coverage, upload)
        made = assemble(own, coverage, upload, places, self.uploads)
        keep_file(places.results, work.job_id, upload.file, made)
        return made


def _of_file(work: Work, coverage: Coverage, upload: Upload) -> Work:
    """The work of one file of the result."""
    plan = file_plan(work.plan, coverage, work.files, upload.file)
    return work.model_copy(update={"plan": plan})
