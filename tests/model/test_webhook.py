"""Addresses that strangers give us to call."""

from ipaddress import IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import InvalidParameter
from atoll.model.webhook import Webhook, is_public

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("uri", "host", "port", "path", "authority"),
    [
        ("https://example.org", "example.org", 443, "/", "example.org"),
        ("https://Example.org./a/b?c=d&e", "example.org", 443, "/a/b?c=d&e", "example.org"),
        ("https://example.org:8443/a", "example.org", 8443, "/a", "example.org:8443"),
        ("https://xn--bcher-kva.example", "xn--bcher-kva.example", 443, "/", None),
        ("https://93.184.216.34/x", "93.184.216.34", 443, "/x", "93.184.216.34"),
        ("https://[2606:4700::1111]:1024/", "2606:4700::1111", 1024, "/", "[2606:4700::1111]:1024"),
        ("HTTPS://EXAMPLE.ORG?q", "example.org", 443, "/?q", "example.org"),
    ],
)
def test_a_public_address_is_taken_apart(uri, host, port, path, authority):
    webhook = Webhook.parse("subscriber.successUri", uri)
    assert (webhook.host, webhook.port, webhook.path) == (host, port, path)
    assert webhook.authority == (authority or host)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "169.254.169.254.",
        "2852039166",
        "0xa9fea9fe",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  refused, not bound to
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "[::1]",
        "[::]",
        "[::ffff:10.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[::127.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::1]",
        "[2002:0a00:0001::1]",
        "[2002:a9fe:a9fe::]",
        "[2002:5db8:d822::1]",
        "[2001:0:53aa:64c:0:0:f5ff:fffe]",
        "[fe80::1]",
        "[fe80::1%25eth0]",
        "[2606:4700::1111%25eth0]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[ff0e::1]",
        "[fec0::1]",
        "[2001:db8::1]",
        "[3fff::1]",
        "[v1.fe80::a]",
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "printer.local",
        "ip-10-0-0-1.ec2.internal",
        "intranet",
        "1.0.0.127.in-addr.arpa",
        "",
        ".",
        "a..org",
        "-a.org",
        "a_b.org",
        "b\u00fccher.example",
        "\u24d4xample.org",
        "127\u30020\u30020\u30021",
        "example.org%2f",
        "*.org",
        f"{'a' * 64}.org",
    ],
)
def test_a_host_that_is_not_public_is_refused(host):
    for form in (f"https://{host}/", f"https://{host}:8443/hook?a=b", f"https://{host}"):
        with pytest.raises(InvalidParameter) as caught:
            Webhook.parse("subscriber.failedUri", form)
        assert caught.value.facts["parameter"] == "subscriber.failedUri"


@pytest.mark.parametrize(
    "uri",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "//example.org/",
        "example.org",
        "",
        "https:/example.org/",
        "https:///example.org/",
        "https://user@example.org/",
        "https://user:pass@example.org/",
        "https://@example.org/",
        "https://example.org:80/",
        "https://example.org:22/",
        "https://example.org:0/",
        "https://example.org:1023/",
        "https://example.org:65536/",
        "https://example.org:-1/",
        "https://example.org:https/",
        "https://example.org/#part",
        "https://example.org/a b",
        "https://example.org/\r\nHost: 169.254.169.254",
        "https://exa\tmple.org/",
        "\nhttps://example.org/",
        " https://example.org/",
        "https://example.org\\@127.0.0.1/",
        "https://[::1/",
        "https://[example.org]/",
        f"https://example.org/{'a' * 1980}",
    ],
)
def test_an_address_of_another_form_is_refused(uri):
    with pytest.raises(InvalidParameter, match="give an https address"):
        Webhook.parse("subscriber.successUri", uri)


def test_the_longest_address_is_accepted():
    uri = "https://example.org/".ljust(1999, "a")
    assert Webhook.parse("subscriber.successUri", uri).path == f"/{'a' * 1979}"


@pytest.mark.parametrize(
    "uri",
    [
        "https://user:hunter2@example.org/hunter2?token=hunter2",
        "https://example.org:80/hunter2?hunter2",
        "https://10.0.0.1/hunter2",
        "https://user:hunter2@[::1/",
        "https://example.org/ hunter2",
        "https://example.org/hunter2\n",
        "user:hunter2@example.org",
    ],
)
def test_a_refusal_tells_no_secret_of_the_address(uri):
    with pytest.raises(InvalidParameter) as caught:
        Webhook.parse("subscriber.successUri", uri)
    assert "hunter2" not in f"{caught.value} {caught.value.facts}"


def test_a_refusal_names_the_host():
    with pytest.raises(InvalidParameter, match=r"'https://10\.0\.0\.1:8443' is not accepted"):
        Webhook.parse("subscriber.successUri", "https://10.0.0.1:8443/hook")


def test_two_public_addresses_of_each_kind():
    for text in ("8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::200e"):
        assert is_public(ip_address(text))


@given(st.ip_addresses(v=4))
def test_what_carries_an_address_is_judged_by_it(inner):
    nat64 = IPv6Address(int(IPv6Address("64:ff9b::")) + int(inner))
    mapped = IPv6Address(f"::ffff:{inner}")
    assert is_public(nat64) == is_public(mapped) == is_public(inner)
    assert not is_public(IPv6Address(int(IPv6Address("2002::")) + (int(inner) << 80)))
    assert not is_public(IPv6Address(int(inner)))


# RFC 6890 and its successors, by their own words: none is a host's on the public internet.
SPECIAL = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.2.0/24 "
    "192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
    "::/128 ::1/128 64:ff9b:1::/48 100::/64 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 ff00::/8"
)


@pytest.mark.parametrize("network", SPECIAL.split())
@given(st.data())
def test_no_address_of_a_special_network_is_public(network, data):
    inside = ip_network(network)
    number = data.draw(st.integers(0, inside.num_addresses - 1))
    assert not is_public(inside[number])
