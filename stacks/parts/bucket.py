"""The one way to make a bucket: private, TLS only, encrypted, no upload left half done.

Encrypted with S3's own key: a presigned download then needs no grant on a key of ours.
"""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.config import Removal
from stacks.parts.table import removal_policy

ABANDONED_UPLOAD = s3.LifecycleRule(
    id="abort-abandoned-uploads", abort_incomplete_multipart_upload_after=Duration.days(1)
)


@dataclass(frozen=True, slots=True)
class BucketSpec:
    """What distinguishes one bucket from another.

    Attributes:
        removal: `destroy` deletes it with the stack, if it is empty.
        lifecycle: rules beside the one for abandoned uploads.
        versioned: what is overwritten or deleted stays recoverable.
        origins: web origins that may fetch objects, or put them, by presigned URL.
        for_uploads: they put, and each object that is there is told to EventBridge.
    """

    removal: Removal
    lifecycle: tuple[s3.LifecycleRule, ...] = ()
    versioned: bool = False
    origins: tuple[str, ...] = ()
    for_uploads: bool = False


def bucket(scope: Construct, name: str, spec: BucketSpec) -> s3.Bucket:
    """Make a bucket; its physical name is CloudFormation's, unique in all of AWS."""
    methods = s3.HttpMethods
    by_url = s3.CorsRule(
        allowed_methods=[methods.PUT] if spec.for_uploads else [methods.GET, methods.HEAD],
        allowed_origins=list(spec.origins),
        allowed_headers=["*"],
        exposed_headers=["Content-Length", "Content-Disposition", "ETag"],
        max_age=3600,
    )
    made = s3.Bucket(
        scope,
        name,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        versioned=spec.versioned,
        lifecycle_rules=[ABANDONED_UPLOAD, *spec.lifecycle],
        cors=[by_url] if spec.origins else None,
        removal_policy=removal_policy(spec.removal),
    )
    if spec.for_uploads:
        _tell_events(made)
    return made


def _tell_events(made: s3.Bucket) -> None:
    """Tell EventBridge. The construct library's own way would bring a function of its own."""
    plain = made.node.default_child
    if not isinstance(plain, s3.CfnBucket):
        raise TypeError("a bucket is made of a CfnBucket")
    plain.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
        event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
            event_bridge_enabled=True
        )
    )
