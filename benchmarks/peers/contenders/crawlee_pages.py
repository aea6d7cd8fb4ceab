"""Crawlee's PlaywrightCrawler over account pages whose script fetches the list."""

import asyncio
from pathlib import Path

import places
import reading
from crawlee import ConcurrencySettings, Request
from crawlee.crawlers import PlaywrightCrawler
from crawlee.storage_clients import MemoryStorageClient
from evidence import Evidence, Exchange

CONTEXT = {"ignore_https_errors": True, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "service_workers": "block"}
"""The same context as our own browser's."""


async def main() -> None:
    """Visit every target."""
    told = places.task()
    evidence = Evidence(Path(told["out"]))
    crawler = PlaywrightCrawler(
        browser_launch_options=places.launch(told),
        browser_new_context_options=CONTEXT,
        fingerprint_generator=None,
        storage_client=MemoryStorageClient(),
        use_session_pool=False,
        configure_logging=False,
        concurrency_settings=ConcurrencySettings(desired_concurrency=4, min_concurrency=4, max_concurrency=4),
    )
    heard: dict[str, list[object]] = {}

    @crawler.pre_navigation_hook
    async def listen(context) -> None:
        mine = heard.setdefault(context.request.unique_key, [])
        context.page.on("response", lambda response: mine.append(response))

    @crawler.router.default_handler
    async def one(context) -> None:
        await context.page.wait_for_selector("#root article")
        key = context.request.unique_key
        found = [one for one in heard.pop(key) if reading.FEED.search(one.url) or one.request.is_navigation_request()]
        exchanges = [await exchange(one) for one in found]
        evidence.keep(key, exchanges, reading.profile(exchanges[0].body.decode(), exchanges[-1].body))

    await crawler.run([Request.from_url(one["url"], unique_key=one["account_id"]) for one in told["targets"]])
    evidence.close()


async def exchange(response) -> Exchange:
    """An answer as the browser holds it."""
    headers = list(response.headers.items())
    return Exchange(url=response.url, status=response.status, headers=headers, body=await response.body())


if __name__ == "__main__":
    asyncio.run(main())
