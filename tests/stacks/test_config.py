import re
from pathlib import Path

import pytest
import yaml

from stacks.config import ConfigError, load_federation, parse_federation

MINIMAL = """
name: reef
profiles: [public]
central:
  region: eu-west-1
  login_prefix: reef-login
  callback_urls: ["https://reef.example/in"]
  logout_urls: ["https://reef.example/"]
units:
  - {name: north, title: Northern reef, region: eu-west-1}
"""

BALANCER = "units.0.motu.load_balancer"
SAID = {
    "certificate_arn": "arn:aws:acm:eu-west-1:123456789012:certificate/1234-abcd",
    "url": "https://motu.example",
}


def changed(path: str, value: object) -> str:
    """The minimal federation with the value at a dotted path replaced, as YAML."""
    document = yaml.safe_load(MINIMAL)
    *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    at = document
    for key in way:
        at = at[key] if isinstance(key, int) else at.setdefault(key, {})
    at[last] = value
    return yaml.safe_dump(document)


def test_what_is_left_out_has_safe_defaults():
    unit = parse_federation(MINIMAL).units[0]
    assert unit.removal == "retain"
    assert unit.limits.small_bytes == 64 * 2**20
    assert unit.limits.medium_bytes == 8 * 2**30
    assert unit.limits.part_bytes == 64 * 2**20
    assert (unit.workflow.parts_at_once, unit.workflow.workers) == (50, 8)
    assert unit.limits.file_bytes == 2**42
    assert unit.limits.hard_limit_bytes is None
    assert unit.worker.disk_gib == 100
    assert unit.jwt_authorizer is False


def test_sizes_may_be_said_in_words():
    limits = parse_federation(changed("units.0.limits.small_bytes", "4 MiB")).units[0].limits
    assert limits.small_bytes == 4 * 2**20


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("colour", "blue"),
        ("name", "Reef"),
        ("profiles", []),
        ("central.region", "Ireland"),
        ("central.login_prefix", "-reef"),
        ("central.account", 12),
        ("central.callback_urls", ["reef.example"]),
        ("central.cas_url", "https://central.example/cas/"),
        ("central.cas_url", "https://central.example"),
        ("central.cas_services", ["https://door.example"]),
        ("central.cas_services", ["https://door.example/a,b"]),
        ("units", []),
        ("units.0.name", "a name with spaces"),
        ("units.0.title", ""),
        ("units.0.removal", "keep"),
        ("units.0.architecture", "riscv"),
        ("units.0.zones", ["a"]),
        ("units.0.origins", []),
        ("units.0.jwt_authorizer", "perhaps"),
        ("units.0.log_retention_days", 8),
        ("units.0.limits.small_bytes", "many"),
        ("units.0.limits.small_bytes", 0),
        ("units.0.limits.small_bytes", 768 * 2**20 + 1),
        ("units.0.limits.medium_bytes", 0),
        ("units.0.limits.file_bytes", 2**42 + 1),
        ("units.0.limits.part_bytes", 5 * 2**20 - 1),
        ("units.0.limits.part_bytes", 256 * 2**20 + 1),
        ("units.0.workflow.parts_at_once", 0),
        ("units.0.workflow.workers", 41),
        ("units.0.limits.hard_limit_bytes", -1),
        ("units.0.limits.result_lifetime_s", 90_000),
        ("units.0.limits.url_lifetime_s", 7_200),
        ("units.0.limits.smal_bytes", 1),
        ("units.0.worker.cpu_units", 3),
        ("units.0.worker.disk_gib", 20),
        ("units.0.worker.disk_gib", 201),
        ("units.0.motu.guests", "perhaps"),
        ("units.0.motu.cas_url", "https://central.example/cas"),
    ],
)
def test_an_error_names_the_key_and_the_value(path: str, value: object):
    with pytest.raises(ConfigError) as caught:
        parse_federation(changed(path, value), "reef.yaml")
    message = str(caught.value)
    assert message.startswith(f"reef.yaml: {path}")
    assert repr(value).strip("[]") in message


def test_motu_is_for_people_who_sign_in_and_without_a_load_balancer_where_nothing_is_said():
    federation = parse_federation(MINIMAL)
    assert (federation.central.cas_url, federation.central.cas_services) == (None, ())
    assert federation.units[0].motu.guests is False
    assert federation.units[0].motu.load_balancer is None


def test_a_load_balancer_is_said_by_its_certificate_and_its_name():
    motu = parse_federation(changed(BALANCER, SAID)).units[0].motu
    assert motu.load_balancer is not None
    assert motu.load_balancer.requests_per_5_minutes == 2000


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("url", "http://motu.example"),
        ("url", "https://motu.example/motu-web"),
        ("certificate_arn", "arn:aws:iam::123456789012:role/some"),
        ("requests_per_5_minutes", 9),
        ("cas_url", "https://central.example/cas"),
    ],
)
def test_a_load_balancer_that_cannot_be_is_refused_by_its_key(key: str, value: object):
    with pytest.raises(ConfigError) as caught:
        parse_federation(changed(BALANCER, {**SAID, key: value}), "reef.yaml")
    assert str(caught.value).startswith(f"reef.yaml: {BALANCER}.{key}: ")
    assert repr(value) in str(caught.value)


def test_a_certificate_is_of_the_units_region():
    said = {**SAID, "certificate_arn": SAID["certificate_arn"].replace("eu-west-1", "us-east-1")}
    with pytest.raises(ConfigError, match=r"certificate_arn arn\S+ is not of region eu-west-1"):
        parse_federation(changed(BALANCER, said))


def test_every_fault_is_told_at_once():
    text = changed("units.0.zones", ["a"]).replace("name: reef", "name: Reef")
    with pytest.raises(ConfigError) as caught:
        parse_federation(text, "reef.yaml")
    assert len(str(caught.value).splitlines()) == 2


def test_tiers_are_in_order():
    with pytest.raises(ConfigError, match="medium_bytes 1048576 is below small_bytes 67108864"):
        parse_federation(changed("units.0.limits.medium_bytes", "1 MiB"))


def test_a_file_holds_a_part_and_a_small_result():
    with pytest.raises(ConfigError, match="file_bytes 1048576 is below"):
        parse_federation(changed("units.0.limits.file_bytes", "1 MiB"))
    accepted = parse_federation(changed("units.0.limits.file_bytes", "64 MiB"))
    assert accepted.units[0].limits.file_bytes == 64 * 2**20


@pytest.mark.parametrize("key", ["units", "profiles"])
def test_a_name_is_given_once(key: str):
    twice = yaml.safe_load(MINIMAL)[key] * 2
    with pytest.raises(ConfigError, match=rf"{key}: \w+ is named twice"):
        parse_federation(changed(key, twice))


@pytest.mark.parametrize(
    ("worker", "accepted"),
    [
        ({"cpu_units": 512, "memory_mib": 5120}, "1024 to 4096"),
        ({"cpu_units": 4096, "memory_mib": 4096}, "8192 to 30720"),
    ],
)
def test_a_container_has_a_memory_that_fargate_offers(worker: dict[str, int], accepted: str):
    with pytest.raises(ConfigError, match=accepted):
        parse_federation(changed("units.0.worker", worker))


def test_a_file_that_is_missing_is_named(tmp_path: Path):
    missing = tmp_path / "none.yaml"
    with pytest.raises(ConfigError, match=re.escape(f"{missing}: No such file")):
        load_federation(missing)


@pytest.mark.parametrize("text", ["name: [", "", "- 1"])
def test_what_is_no_federation_is_refused(text: str):
    with pytest.raises(ConfigError, match=r"^reef\.yaml: "):
        parse_federation(text, "reef.yaml")
