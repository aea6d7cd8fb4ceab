"""Crawlee over plain requests: its HttpCrawler, which parses nothing by itself, with the storage in memory."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import places
import reading
from crawlee import ConcurrencySettings, Request
from crawlee.crawlers import HttpCrawler
from crawlee.http_clients import ImpitHttpClient
from crawlee.storage_clients import MemoryStorageClient
from evidence import Evidence, Exchange


def request(told: dict[str, str], port: int) -> Request:
    """The client resolves names by itself: it is sent to this machine, the platform's name goes into the header."""
    parts = urlsplit(told["url"])
    address = parts._replace(netloc=f"localhost:{port}").geturl()
    headers = {"Host": parts.hostname or ""}
    return Request.from_url(address, headers=headers, unique_key=told["account_id"], user_data={"account_id": told["account_id"]})


async def main() -> None:
    """Visit every target."""
    told = places.task()
    evidence, read = Evidence(Path(told["out"])), reading.PAGES[told["kind"]]
    crawler = HttpCrawler(
        http_client=ImpitHttpClient(verify=False),
        storage_client=MemoryStorageClient(),
        use_session_pool=False,
        configure_logging=False,
        concurrency_settings=ConcurrencySettings(desired_concurrency=16, min_concurrency=16, max_concurrency=16),
    )

    @crawler.router.default_handler
    async def one(context) -> None:
        body = await context.http_response.read()
        headers = list(context.http_response.headers.items())
        exchange = Exchange(url=context.request.url, status=context.http_response.status_code, headers=headers, body=body)
        evidence.keep(context.request.user_data["account_id"], [exchange], read(body))

    await crawler.run([request(one, told["port"]) for one in told["targets"]])
    evidence.close()


if __name__ == "__main__":
    asyncio.run(main())
