import asyncio
import json
from typing import Any

import pytest

from tests.capture.fake import DEMO, Naps, tools, visit_of
from tests.capture.server import World
from tracker.adapter import Ask
from tracker.capture import HostMap, Owner
from tracker.capture.guard import Guard
from tracker.capture.owner import OwnerFetcher
from tracker.model import Exchange, Route

SECRET = "planted-app-secret"
OWNER = Owner(appid="wx0000000000000001", secret=SECRET)
DAY = Ask(page="day", url="https://api.test/datacube/day", method="POST", body=b'{"begin_date":"2026-11-05"}', auth="owner")


def call(host_map: HostMap, *asks: Ask, naps: Naps | None = None, **options: Any) -> list[Exchange]:
    async def go() -> list[Exchange]:
        fetcher = OwnerFetcher(OWNER, Guard(DEMO.hosts, host_map), tools=tools(naps), **options)
        found = [exchange for ask in asks for exchange in await fetcher.fetch(ask, visit_of(route=Route.API))]
        await fetcher.close()
        return found

    return asyncio.run(go())


def test_an_answer_comes_raw_and_without_its_token(world: World, host_map: HostMap) -> None:
    (found,) = call(host_map, DAY)
    told = json.loads(found.body)
    assert (found.status, found.page, found.method, found.url) == (200, "day", "POST", DAY.url)
    assert found.ask_body == DAY.body
    assert told["host"] == "api.test"
    assert told["body"] == '{"begin_date":"2026-11-05"}'
    assert world.issued == ["TOKEN-0-planted"]
    assert b"TOKEN-0-planted" not in repr(found).encode()
    assert SECRET not in repr(OWNER)


def test_one_token_serves_many_calls_and_is_itself_no_exchange(world: World, host_map: HostMap) -> None:
    found = call(host_map, DAY, DAY, DAY)
    assert [exchange.page for exchange in found] == ["day"] * 3
    assert len(world.asked("/cgi-bin/stable_token")) == 1


def test_a_get_carries_the_token_too(world: World, host_map: HostMap) -> None:
    (found,) = call(host_map, Ask(page="menu", url="https://api.test/datacube/menu", auth="owner"))
    assert (found.status, found.method) == (200, "GET")
    assert "access_token=TOKEN-0-planted" in world.asked("/datacube/menu")[0]["query"]


def test_a_token_that_died_once_is_renewed_once(world: World, host_map: HostMap) -> None:
    world.dead_tokens = 1
    (found,) = call(host_map, DAY)
    assert b'"list"' in found.body
    assert len(world.issued) == 2


def test_a_token_that_is_always_dead_stops_after_one_renewal(world: World, host_map: HostMap) -> None:
    world.dead_tokens = 99
    (found,) = call(host_map, DAY)
    assert json.loads(found.body)["errcode"] == 40001
    assert len(world.issued) == 2
    assert len(world.asked("/datacube/day")) == 2
    assert b"planted" not in found.body


@pytest.mark.parametrize("errcode", [40013, 40125, 40164])
def test_a_refused_token_tells_its_code_and_address_but_no_secret(world: World, host_map: HostMap, errcode: int) -> None:
    world.token_errcode = errcode
    (found,) = call(host_map, DAY)
    assert json.loads(found.body)["errcode"] == errcode
    assert b"203.0.113.9" in found.body
    assert SECRET.encode() not in repr(found).encode()
    assert not world.asked("/datacube/day")


def test_html_instead_of_json_is_tried_three_times_and_kept_as_it_is(world: World, host_map: HostMap) -> None:
    world.api_html = True
    naps = Naps()
    (found,) = call(host_map, DAY, naps=naps)
    assert (found.status, found.body) == (200, b"<html>busy</html>")
    assert len(world.asked("/datacube/day")) == 3
    assert len(naps.taken) == 2


def test_a_server_error_is_tried_three_times(world: World, host_map: HostMap) -> None:
    world.fail_times = 9
    (found,) = call(host_map, Ask(page="day", url="https://api.test/flaky", auth="owner"))
    assert (found.status, found.body, len(world.asked("/flaky"))) == (503, b"busy", 3)


def test_no_answer_is_transport_without_the_address(world: World, host_map: HostMap) -> None:
    (found,) = call(host_map, Ask(page="day", url="https://api.test/slow", auth="owner"), timeout=0.4)
    assert (found.status, found.text) == (0, "所有者接口超时")
    (found,) = call(HostMap(port=9, ssl=host_map.ssl), DAY)
    assert found.status == 0
    assert found.text == "连不上所有者接口(ConnectionError)"


def test_the_secret_goes_to_no_host_but_the_listed_ones(world: World, host_map: HostMap) -> None:
    (found,) = call(host_map, Ask(page="day", url="https://foreign.test/datacube/day", auth="owner"))
    assert found.status == 0
    assert world.log == []


def test_a_redirect_is_not_followed(world: World, host_map: HostMap) -> None:
    (found,) = call(host_map, Ask(page="day", url="https://api.test/go?to=https://foreign.test/x", auth="owner"))
    assert found.status == 302
    assert world.hosts() == {"api.test"}
