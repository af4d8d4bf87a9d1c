"""The buckets of a unit: datasets and their descriptions, and what was made for users."""

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.config import DAY_S, DisseminationUnit
from stacks.parts.bucket import BucketSpec, bucket

RECOVERABLE_DAYS = 30


class Storage(Construct):
    """The data and the results of a unit.

    Attributes:
        data: `datasets/{dataset}/` and `descriptions/{dataset}/{revision}.json`. Versioned:
            a published dataset can be recovered for RECOVERABLE_DAYS after a mistaken deletion.
        results: `results/{job_id}/{file_name}` and `reports/{job_id}.json`; all of it expires.
    """

    def __init__(self, scope: Construct, unit: DisseminationUnit) -> None:
        super().__init__(scope, "Storage")
        forget = s3.LifecycleRule(
            id="forget-old-versions",
            noncurrent_version_expiration=Duration.days(RECOVERABLE_DAYS),
            expired_object_delete_marker=True,
        )
        expire = s3.LifecycleRule(
            id="expire-results",
            expiration=Duration.days(unit.limits.result_lifetime_s // DAY_S),
        )
        data = BucketSpec(unit.removal, (forget,), versioned=True)
        self.data = bucket(self, "Data", data)
        self.results = bucket(
            self, "Results", BucketSpec(unit.removal, (expire,), origins=unit.origins)
        )

    @property
    def descriptions(self) -> str:
        """ARN of every description document."""
        return self.data.arn_for_objects("descriptions/*")

    @property
    def datasets(self) -> str:
        """ARN of every object of a dataset."""
        return self.data.arn_for_objects("datasets/*")

    @property
    def result_objects(self) -> str:
        """ARN of every result."""
        return self.results.arn_for_objects("results/*")

    @property
    def reports(self) -> str:
        """ARN of every report a container leaves."""
        return self.results.arn_for_objects("reports/*")
