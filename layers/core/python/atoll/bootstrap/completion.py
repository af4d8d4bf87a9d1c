"""The processes that end jobs: no door, no planning, no arrays."""

from atoll.aws.clients import dynamodb_client, s3_client
from atoll.aws.ledger import DynamoLedger
from atoll.aws.results import S3Results
from atoll.bootstrap.settings import Place, TableSettings, now
from atoll.services.completion import Ends


def make_ends() -> Ends:
    """What ending a job needs, from the environment."""
    settings, place = TableSettings.read(), Place.read()
    dynamodb = dynamodb_client(place.region, place.endpoint_url)
    return Ends(
        ledger=DynamoLedger(
            dynamodb, settings.jobs_table, settings.accounts_table, settings.ledger_table
        ),
        results=S3Results(s3_client(place.region, place.s3_endpoint_url), settings.results_bucket),
        now=now,
    )
