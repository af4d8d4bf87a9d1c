"""The process that tells people of their jobs, out of its environment."""

import pytest

from atoll.aws.topics import SnsTopic
from atoll.bootstrap.notification import make_notifying, write_job
from atoll.errors import InvalidParameter
from atoll.notification.webhooks import HttpsWebhooks
from tests.contract.builders import job
from tests.functions.environment import ENVIRONMENT

TOPIC = "arn:aws:sns:eu-west-1:123456789012:jobs"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def test_strangers_are_called_over_https_and_a_unit_may_have_no_topic():
    made = make_notifying()
    assert isinstance(made.webhooks, HttpsWebhooks)
    assert made.topic is None


def test_a_unit_may_have_a_topic(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TOPIC_ARN", TOPIC)
    assert isinstance(make_notifying().topic, SnsTopic)


@pytest.mark.parametrize("name", ["API_URL", "MASTER_SECRET_ARN", "JOBS_TABLE"])
def test_a_setting_that_is_missing_is_named(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(name)
    with pytest.raises(InvalidParameter, match=name):
        make_notifying()


@pytest.mark.parametrize("url", ["https://api.example.org/stage", "https://api.example.org/stage/"])
def test_links_in_a_message_are_whole_addresses(url: str):
    assert f'"href":"https://api.example.org/stage/jobs/{job().job_id}"' in write_job(job(), url)
