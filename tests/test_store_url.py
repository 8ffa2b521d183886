"""A store's address, taken apart."""

import pytest

from casebaton.store_url import parse


def test_sentinels_have_their_hosts_and_the_primarys_name() -> None:
    url = parse("redis+sentinel://user:pass@a:5000,b,[::1]:5001/casebaton?ssl_cert_reqs=none")
    assert (url.kind, url.hosts, url.name) == ("sentinel", (("a", 5000), ("b", 26379), ("::1", 5001)), "casebaton")
    assert url.sentinel(("a", 5000)) == "redis://a:5000", "Sentinels are asked without a password"
    assert url.server(("::1", 7000)) == "redis://user:pass@[::1]:7000?ssl_cert_reqs=none"


def test_a_cluster_has_its_hosts() -> None:
    url = parse("rediss+cluster://:pass@a:7000,b")
    assert (url.kind, url.hosts, url.name) == ("cluster", (("a", 7000), ("b", 6379)), "")
    assert url.server(("c", 7001)) == "rediss://:pass@c:7001"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:canary@a:6379/1?password=canary", "redis://a:6379/1"),
        ("unix://user:canary@/run/valkey.sock", "unix:///run/valkey.sock"),
        ("redis+sentinel://:canary@a,b/name", "redis+sentinel://a,b/name"),
        ("redis+cluster://user:canary@a,b", "redis+cluster://a,b"),
    ],
)
def test_people_are_shown_no_password(url: str, shown: str) -> None:
    assert parse(url).without_secrets() == shown
