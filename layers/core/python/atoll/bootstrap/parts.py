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
from atoll.model.job import Outcome, Work
from atoll.model.parts import Begun, PartMade, Upload
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

    def begin(self, work: Work, rounds: int) -> Begun:
        """Begin one more round.

        Args:
            work: of the job.
            rounds: begun before.

        Raises:
            DataError, WorkerLost: see `demand_progress`.
            UnknownDataset: the dataset is gone.
            Unavailable: a store did not answer.
        """
        upload = self.upload(work)
        missing = self.missing(work, upload)
        demand_progress(work.job_id, rounds, len(missing), self.results)
        return Begun(
            upload=upload,
            round=rounds + 1,
            parts=tuple(missing),
            runs=shares(missing, self.settings.workers),
            parts_at_once=self.settings.parts_at_once,
        )

    def upload(self, work: Work) -> Upload:
        """The job's upload, which is begun where it is not.

        Raises:
            UnknownDataset, Unavailable: see `begin`.
        """
        coverage, results = self.buckets.describe(work.plan), self.buckets.places.results
        return parts.begin(work, coverage, self.settings.part_bytes, results, self.uploads)

    def missing(self, work: Work, upload: Upload) -> list[int]:
        """Numbers of the parts that are not there, rising.

        Raises:
            UnknownDataset, Unavailable: see `begin`.
        """
        planned = split(work.plan, self.buckets.describe(work.plan), upload.part_bytes)
        return parts.missing(work.job_id, planned, self.buckets.places.results)

    def make(self, work: Work, upload: Upload, number: int) -> PartMade:
        """Make one part. Where it is vain to try again, the reason is left as a report.

        Raises:
            BrokerError: see `make_part`.
        """
        places = self.buckets.places
        try:
            coverage = self.buckets.describe(work.plan)
            return parts.make_part(work, coverage, upload, number, places, self.uploads)
        except (Unavailable, UploadGone):  # it may pass; the job has ended meanwhile
            raise
        except Exception as fault:
            write_report(places.results, work.job_id, reason_of(fault))
            raise

    def finish(self, work: Work, upload: Upload) -> Outcome:
        """Put all parts together.

        Raises:
            BrokerError: see `assemble`.
        """
        coverage, places = self.buckets.describe(work.plan), self.buckets.places
        return assemble(work, coverage, upload, places, self.uploads)
