"""The fetchers of a live sweep: one client and one browser for all, one fetcher per lane that sends each ask the right way."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp

from tracker.adapter import Adapter, Ask, Pace
from tracker.capture.browser import BrowserFetcher, Chromium
from tracker.capture.guard import Guard
from tracker.capture.http import HttpFetcher, open_session
from tracker.capture.owner import OwnerFetcher
from tracker.capture.page import Patience
from tracker.capture.ports import Delegate, Fetcher, HostMap, Lane, Owner, Secret, Tools
from tracker.capture.retry import Sleep
from tracker.clock import Clock, now
from tracker.model import Exchange, Route, Visit

Secrets = Callable[[Lane], Secret | None]
"""The secret of a lane; None for a guest."""


class Desk:
    """Opens lanes (it is the engine's `Fetchers`); use as `async with Desk(...) as desk: await sweep(..., fetchers=desk)`.

    `feeds` are the feed addresses that the operator named in tracker.toml: these alone may be fetched by route `feed`.
    `host_map` is for tests.
    """

    def __init__(
        self,
        secrets: Secrets = lambda lane: None,
        *,
        feeds: frozenset[str] = frozenset(),
        clock: Clock = now,
        sleep: Sleep = asyncio.sleep,
        rng: random.Random | None = None,
        host_map: HostMap | None = None,
        patience: Patience | None = None,
        pace: Callable[[Adapter], Pace] = lambda adapter: adapter.pace,
    ) -> None:
        self._secrets, self._feeds, self._pace = secrets, feeds, pace
        self._tools = Tools(clock=clock, sleep=sleep, rng=rng or random.SystemRandom())
        self._host_map, self._patience = host_map, patience
        self._client: aiohttp.ClientSession | None = None
        self._chromium: Chromium | None = None

    async def __aenter__(self) -> Self:
        self._client = open_session(self._host_map)
        self._chromium = Chromium(self._host_map)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._chromium:
            await self._chromium.close()
        if self._client:
            await self._client.close()

    def __call__(self, lane: Lane, adapter: Adapter) -> Fetcher:
        """The fetcher of a lane. Nothing is opened before its first ask."""
        if self._client is None or self._chromium is None:
            raise RuntimeError("a Desk is used with `async with`")
        guard, secret = Guard(adapter.hosts, self._host_map), self._secrets(lane)
        tools = replace(self._tools, least=self._pace(adapter).between_requests)
        feed_guard = Guard(frozenset(urlsplit(url).hostname or "" for url in self._feeds), self._host_map)
        return LaneFetcher(
            http=HttpFetcher(self._client, guard, secret=secret, tools=tools),
            browser=BrowserFetcher(self._chromium, guard, secret=secret, patience=self._patience, tools=tools),
            feed=HttpFetcher(self._client, feed_guard, tools=tools),
            owner=OwnerFetcher(secret, guard, tools=tools) if isinstance(secret, Owner | Delegate) else None,
            feeds=self._feeds,
            clock=self._tools.clock,
        )


class LaneFetcher:
    """Sends each ask of a lane by its kind: owner's interface, browser (awaits, steps, route `browser`), feed, else plain."""

    def __init__(
        self,
        *,
        http: Fetcher,
        browser: Fetcher,
        feed: Fetcher,
        owner: Fetcher | None,
        feeds: frozenset[str],
        clock: Clock,
    ) -> None:
        self._http, self._browser, self._feed, self._owner, self._feeds = http, browser, feed, owner, feeds
        self._clock = clock

    async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
        """What came for an ask; a feed that the operator did not name, or a missing grant, is status 0 with the reason."""
        if ask.auth == "owner":
            return await self._owner.fetch(ask, visit) if self._owner else self._refusal(ask, "没有这个账号的授权凭据")
        if visit.route is Route.FEED:
            named = ask.url in self._feeds
            return await self._feed.fetch(ask, visit) if named else self._refusal(ask, "这个订阅源没有写在 tracker.toml 里")
        if ask.await_ or ask.steps or visit.route is Route.BROWSER:
            return await self._browser.fetch(ask, visit)
        return await self._http.fetch(ask, visit)

    async def close(self) -> None:
        """Give back the lane's page and connections."""
        for fetcher in (self._http, self._browser, self._feed, self._owner):
            if fetcher:
                await fetcher.close()

    def _refusal(self, ask: Ask, why: str) -> list[Exchange]:
        return [Exchange(page=ask.page, url=ask.url, status=0, body=why.encode(), at=self._clock(), method=ask.method)]
