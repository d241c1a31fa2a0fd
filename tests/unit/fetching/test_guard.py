"""Which addresses may be dialled."""

import socket
from ipaddress import ip_network

import pytest

from monitor.fetching.guard import ForbiddenAddressError, refusal, socket_factory, url_refusal

PUBLIC = [
    "93.184.215.14",
    "8.8.8.8",
    "2606:2800:21f:cb07::1",
    "2a00:1450:4001::1",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
]
PRIVATE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1",
    "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "fc00::1", "fd12::1",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "5f00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_dialled(address: str) -> None:
    assert refusal(address) == ""


@pytest.mark.parametrize("address", PRIVATE)
def test_all_others_are_not(address: str) -> None:
    assert refusal(address) == f"{address} is not a public address; fetching.allow_private could allow it"


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203"])
def test_an_allowed_network_is_dialled_in_every_spelling(address: str) -> None:
    assert refusal(address, (ip_network("10.1.0.0/16"),)) == ""


def test_an_allowed_network_allows_no_other() -> None:
    assert refusal("10.2.0.1", (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))) != ""


def test_no_socket_is_made_for_a_forbidden_address() -> None:
    make = socket_factory(())
    with pytest.raises(ForbiddenAddressError):
        make((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80)))


def test_a_socket_is_made_for_another() -> None:
    with socket_factory(())((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80))) as made:
        assert (made.family, made.type) == (socket.AF_INET, socket.SOCK_STREAM)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://example.org/a", ""),
        ("HTTP://example.org", ""),
        ("gopher://example.org/", "gopher addresses are not fetched, only http and https"),
        ("/a", "relative addresses are not fetched, only http and https"),
        ("https://a@example.org/", "addresses with a user name or password are not fetched"),
        ("https:///a", "'https:///a' names no host"),
        ("https://example.org:http/", "'https://example.org:http/' is no web address (Port could not be cast to integer value as 'http')"),
    ],
)  # fmt: skip
def test_which_urls_are_fetched(url: str, why: str) -> None:
    assert url_refusal(url) == why
