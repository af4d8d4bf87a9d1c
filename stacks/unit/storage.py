"""The buckets of a unit: datasets and their descriptions, and what was made for users."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.config import DAY_S, DisseminationUnit
from stacks.parts.bucket import BucketSpec, bucket
from stacks.parts.permissions import allow

RECOVERABLE_DAYS = 30
# An upload under way is forgotten after one.
PARTS_DAYS = 2
# S3 counts from when an upload was begun, a job from its end: what was long in the making, or
# is the first of many files, must live as long as its job says.
MAKING_DAYS = 2


class Storage(Construct):
    """The data and the results of a unit.

    Attributes:
        data: `datasets/{dataset}/`, `descriptions/{dataset}/{revision}.json` and
            `products/{dataset}.json`. Versioned: a published dataset can be recovered for
            RECOVERABLE_DAYS after a mistaken deletion.
        results: `results/{job_id}/{file_name}`, `reports/{job_id}.json`, of each file that many
            workers have made `reports/{job_id}/{file}.json`, and what they leave for each other
            under `parts/{job_id}/`; all of it expires.
    """

    def __init__(self, scope: Construct, unit: DisseminationUnit) -> None:
        super().__init__(scope, "Storage")
        self._archives = [
            f"arn:{Aws.PARTITION}:s3:::{prefix.removeprefix('s3://')}*"
            for prefix in unit.publication.archives
        ]
        forget = s3.LifecycleRule(
            id="forget-old-versions",
            noncurrent_version_expiration=Duration.days(RECOVERABLE_DAYS),
            expired_object_delete_marker=True,
        )
        expire = s3.LifecycleRule(
            id="expire-results",
            expiration=Duration.days(unit.limits.result_lifetime_s // DAY_S + MAKING_DAYS),
        )
        expire_parts = s3.LifecycleRule(
            id="expire-parts", prefix="parts/", expiration=Duration.days(PARTS_DAYS)
        )
        data = BucketSpec(unit.removal, (forget,), versioned=True)
        self.data = bucket(self, "Data", data)
        results = BucketSpec(unit.removal, (expire, expire_parts), origins=unit.origins)
        self.results = bucket(self, "Results", results)

    @property
    def descriptions(self) -> str:
        """ARN of every description document."""
        return self.data.arn_for_objects("descriptions/*")

    @property
    def datasets(self) -> str:
        """ARN of every object of a dataset."""
        return self.data.arn_for_objects("datasets/*")

    @property
    def products(self) -> str:
        """ARN of every dataset's settings."""
        return self.data.arn_for_objects("products/*")

    @property
    def result_objects(self) -> str:
        """ARN of every result."""
        return self.results.arn_for_objects("results/*")

    @property
    def reports(self) -> str:
        """ARN of every report a worker leaves."""
        return self.results.arn_for_objects("reports/*")

    @property
    def parts(self) -> str:
        """ARN of what the workers of one job tell one another."""
        return self.results.arn_for_objects("parts/*")

    @property
    def read_data(self) -> list[iam.PolicyStatement]:
        """Read datasets, and files that they refer to.

        Icechunk tells absent from forbidden only if it may list.
        """
        return [
            allow(["s3:GetObject"], [self.descriptions, self.datasets, *self._archives]),
            allow(["s3:ListBucket"], [self.data.bucket_arn]),
        ]

    @property
    def write_data(self) -> list[iam.PolicyStatement]:
        """Write datasets, whose branches are deleted when they were taken over, and describe."""
        return [
            *self.read_data,
            allow(["s3:PutObject"], [self.descriptions, self.datasets]),
            allow(["s3:DeleteObject"], [self.datasets]),
        ]

    @property
    def write_result(self) -> list[iam.PolicyStatement]:
        """Write results, in one piece or in several."""
        return [allow(["s3:PutObject", "s3:AbortMultipartUpload"], [self.result_objects])]

    @property
    def share_parts(self) -> list[iam.PolicyStatement]:
        """Leave parts and their manifest, see those of others, and which files are made."""
        only_these = {"StringLike": {"s3:prefix": ["parts/*", "reports/*"]}}
        return [
            allow(["s3:GetObject", "s3:PutObject"], [self.parts]),
            allow(["s3:ListBucket"], [self.results.bucket_arn], only_these),
        ]

    @property
    def see_parts(self) -> list[iam.PolicyStatement]:
        """See which parts are made."""
        only_these = {"StringLike": {"s3:prefix": "parts/*"}}
        return [
            allow(["s3:GetObject"], [self.parts]),
            allow(["s3:ListBucket"], [self.results.bucket_arn], only_these),
        ]

    @property
    def remove_results(self) -> list[iam.PolicyStatement]:
        """Leave nothing of what a job has made: no upload and no finished file."""
        only_these = {"StringLike": {"s3:prefix": "results/*"}}
        return [
            *self.discard_uploads,
            allow(["s3:ListBucket"], [self.results.bucket_arn], only_these),
            allow(["s3:DeleteObject"], [self.result_objects]),
        ]

    @property
    def discard_uploads(self) -> list[iam.PolicyStatement]:
        """Find and abort what a job has begun to upload."""
        return [
            allow(["s3:ListBucketMultipartUploads"], [self.results.bucket_arn]),
            allow(["s3:AbortMultipartUpload"], [self.result_objects]),
        ]
