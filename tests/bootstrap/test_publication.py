"""`atoll publish` where AWS says no: one sentence, exit status 1, nothing written."""

import io

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from atoll.aws.clients import Clients
from atoll.aws.faults import told_to_operator
from atoll.client.command import load_verbs, run
from atoll.errors import Unavailable
from tests.publication.builders import DEMO, NAVY

REGION = "eu-west-1"
WORDS = ["publish", str(NAVY), "--dataset", "navy-winds",
         "--product", str(DEMO / "navy-winds.yaml"),
         "--data-bucket", "data", "--datasets-table"]  # fmt: skip


@pytest.fixture
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine in a region, with nobody's credentials."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_REGION", REGION)


def publish_to(table: str) -> tuple[int, str]:
    """The verb's exit status and what it told."""
    told = io.StringIO()
    status = run([*WORDS, table], load_verbs(), told)
    return status, told.getvalue()


@pytest.mark.usefixtures("no_credentials")
def test_a_table_that_is_not_there_is_named():
    with mock_aws():
        status, told = publish_to("datasetz")
        kept = Clients(REGION).s3.list_buckets()["Buckets"]
    assert status == 1
    assert told.startswith("atoll: unavailable: The catalogue in table datasetz cannot be used:")
    assert "ResourceNotFoundException" in told
    assert told.count("\n") == 1
    assert kept == []


@pytest.mark.usefixtures("no_credentials")
def test_a_table_s_name_that_cannot_be_one_is_named():
    with mock_aws():
        status, told = publish_to("data sets!")
    assert status == 1
    assert "The catalogue in table data sets! cannot be used:" in told
    assert told.count("\n") == 1


@pytest.mark.usefixtures("no_credentials")
def test_no_credentials_is_a_sentence():
    status, told = publish_to("datasets")
    assert status == 1
    assert "Unable to locate credentials" in told
    assert told.count("\n") == 1


def test_a_refusal_is_told_in_the_words_of_aws():
    expected = r"^The table cannot be used: .*ann may not read it$"
    with pytest.raises(Unavailable, match=expected) as told, told_to_operator("table"):
        raise ClientError(
            {"Error": {"Code": "AccessDeniedException", "Message": "ann may not\nread it"}},
            "GetItem",
        )
    assert isinstance(told.value.__cause__, ClientError)
