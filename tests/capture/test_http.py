import asyncio
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.capture.fake import AT, DEMO, Naps, tools, visit_of
from tests.capture.server import World
from tracker.adapter import Ask
from tracker.capture import HostMap, Session
from tracker.capture.guard import Guard, PublicResolver, Refused, is_public
from tracker.capture.http import HttpFetcher, open_session
from tracker.capture.retry import retry_after
from tracker.model import Exchange

LOGIN = Session(
    storage_state={
        "cookies": [
            {"name": "SUB", "value": "planted-cookie", "domain": ".a.test", "path": "/"},
            {"name": "OTHER", "value": "foreign-cookie", "domain": "foreign.test", "path": "/"},
            {"name": "DEEP", "value": "deep-cookie", "domain": "a.test", "path": "/deep"},
        ]
    }
)


def get(host_map: HostMap, path: str, naps: Naps | None = None, session: Session | None = None, **ask: Any) -> Exchange:
    async def go() -> list[Exchange]:
        async with open_session(host_map, timeout=aiohttp.ClientTimeout(total=20, sock_read=1)) as client:
            fetcher = HttpFetcher(client, Guard(DEMO.hosts, host_map), tools=tools(naps), secret=session)
            url = f"https://a.test{path}" if path.startswith("/") else path
            return await fetcher.fetch(Ask(page="home", url=url, **ask), visit_of())

    (found,) = asyncio.run(go())
    return found


def test_a_page_comes_whole_under_its_real_name(world: World, host_map: HostMap) -> None:
    found = get(host_map, "/plain/one")
    assert (found.status, found.page, found.url, found.at) == (200, "home", "https://a.test/plain/one", AT)
    assert found.body == b"<html>one cookie=</html>"
    assert world.hosts() == {"a.test"}


def test_what_is_secret_in_headers_is_dropped(world: World, host_map: HostMap) -> None:
    found = get(host_map, "/plain/one")
    assert found.headers["x-kept"] == "yes"
    assert not {"set-cookie", "x-token", "content-length"} & found.headers.keys()


def test_a_login_goes_to_its_own_host_only_and_never_comes_back(world: World, host_map: HostMap) -> None:
    found = get(host_map, "/plain/one", session=LOGIN, auth="session")
    assert world.asked("/plain/one")[0]["cookie"] == "SUB=planted-cookie"
    assert b"planted-cookie" not in found.body
    assert b"SUB=redacted" in found.body
    get(host_map, "/plain/two", session=LOGIN)
    assert world.asked("/plain/two")[0]["cookie"] == "", "an ask without auth goes as a guest"


def test_posted_bytes_arrive_and_are_remembered(world: World, host_map: HostMap) -> None:
    found = get(host_map, "/echo", method="POST", body=b'{"day":"2026-11-05"}')
    assert b'"body":"{\\"day\\":\\"2026-11-05\\"}"' in found.body
    assert (found.method, found.ask_body) == ("POST", b'{"day":"2026-11-05"}')


def test_a_redirect_within_the_hosts_is_followed(world: World, host_map: HostMap) -> None:
    found = get(host_map, "/go?to=https://api.test/plain/two")
    assert (found.status, found.url) == (200, "https://api.test/plain/two")


@pytest.mark.parametrize(
    "target",
    [
        "https://foreign.test/login",
        "http://a.test/plain/one",
        "https://10.0.0.5/",
        "https://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://a.test:8443/",
        "https://a.test@foreign.test/",
        "https://user@a.test/",
        "//foreign.test/x",
        "file:///etc/passwd",
        "https://a.test.foreign.test/",
    ],
)
def test_a_redirect_out_of_the_hosts_is_told_and_not_followed(world: World, host_map: HostMap, target: str) -> None:
    found = get(host_map, f"/go?to={target}")
    assert found.status == 302
    assert found.headers["location"]
    assert [row["path"] for row in world.log] == ["/go"]
    assert world.hosts() == {"a.test"}


def test_redirects_without_end_end(world: World, host_map: HostMap) -> None:
    path = "/go?to=/go"
    for _ in range(8):
        path = f"/go?to={path.replace('%', '%25').replace('?', '%3F').replace('=', '%3D').replace('&', '%26')}"
    assert get(host_map, path).status == 302
    assert len(world.log) == 5


@pytest.mark.parametrize(
    "url", ["https://foreign.test/x", "http://a.test/", "https://10.0.0.5/", "ftp://a.test/", "https://a.test:99999/"]
)
def test_a_first_address_outside_the_list_is_never_opened(world: World, host_map: HostMap, url: str) -> None:
    found = get(host_map, url)
    assert found.status == 0
    assert "允许清单" in found.text
    assert world.log == []


def test_a_busy_server_is_asked_three_times_with_growing_pauses(world: World, host_map: HostMap) -> None:
    naps, world.fail_times = Naps(), 2
    assert get(host_map, "/flaky", naps).body == b"fine"
    assert len(naps.taken) == 2
    assert 1 <= naps.taken[0] <= 2 <= naps.taken[1] <= 3


def test_a_server_that_stays_busy_keeps_its_own_answer(world: World, host_map: HostMap) -> None:
    world.fail_times = 9
    found = get(host_map, "/flaky")
    assert (found.status, found.body, len(world.log)) == (503, b"busy", 3)


def test_retry_after_is_obeyed_and_one_too_long_ends_the_trying(world: World, host_map: HostMap) -> None:
    naps, world.fail_times, world.retry_after = Naps(), 1, "7"
    assert get(host_map, "/flaky", naps).status == 200
    assert naps.taken == [7.0]
    world.fail_times, world.retry_after = 9, "3600"
    assert get(host_map, "/flaky").status == 503
    assert len(world.asked("/flaky")) == 3


def test_retry_after_reads_seconds_and_dates() -> None:
    assert retry_after("12", AT) == 12
    assert retry_after(format_datetime(AT + timedelta(seconds=90)), AT) == 90
    assert retry_after(format_datetime(AT - timedelta(seconds=90)), AT) == 0
    assert retry_after("soon", AT) is None
    assert retry_after(None, AT) is None


def test_a_body_over_the_cap_is_refused(world: World, host_map: HostMap) -> None:
    found = get(host_map, "/big")
    assert found.status == 0
    assert "16MB" in found.text
    assert len(world.log) == 1, "it must not be tried again"


def test_a_server_that_says_nothing_is_transport_after_three_tries(world: World, host_map: HostMap) -> None:
    found = get(host_map, "/slow")
    assert (found.status, found.text) == (0, "连接超时")
    assert len(world.log) == 3


def test_a_certificate_of_another_is_refused(world: World, host_map: HostMap) -> None:
    import ssl

    strict = HostMap(port=host_map.port, ssl=ssl.create_default_context())
    found = get(strict, "/plain/one")
    assert found.status == 0
    assert world.log == []


class Answering(AbstractResolver):
    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host=a, port=port, family=family, proto=0, flags=0) for a in self.addresses]

    async def close(self) -> None:
        """Nothing."""


@pytest.mark.parametrize("addresses", [("10.1.2.3",), ("8.8.8.8", "127.0.0.1"), ("fe80::1",), ("::ffff:192.168.1.1",)])
def test_an_allowed_name_that_leads_into_a_private_network_is_refused(addresses: tuple[str, ...]) -> None:
    async def go() -> list[Exchange]:
        connector = aiohttp.TCPConnector(resolver=PublicResolver(inner=Answering(*addresses)))
        async with aiohttp.ClientSession(connector=connector) as client:
            fetcher = HttpFetcher(client, Guard(DEMO.hosts), tools=tools())
            return await fetcher.fetch(Ask(page="home", url="https://a.test/x"), visit_of())

    (found,) = asyncio.run(go())
    assert found.status == 0
    assert "内网或本机地址" in found.text


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2400:3200::1", True),
        ("10.0.0.1", False),
        ("172.31.255.255", False),
        ("192.168.0.1", False),
        ("127.8.8.8", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.1.2.3", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:a00:1::", False),
    ],
)
def test_public_is_what_the_internet_can_reach(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_listed_name_that_means_this_machine_is_refused_to_browsers_and_owners_too() -> None:
    guard = Guard(frozenset({"localhost"}))
    assert guard.admits("https://localhost/")
    with pytest.raises(Refused, match="内网或本机地址"):
        asyncio.run(guard.check_public("https://localhost/"))
