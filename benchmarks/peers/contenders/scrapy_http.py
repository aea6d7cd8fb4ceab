"""Scrapy over plain requests: a spider, an item, a pipeline that writes the evidence."""

from pathlib import Path

import places
import reading
import scrapy
from evidence import Evidence, Exchange
from scrapy.crawler import CrawlerProcess

SETTINGS = {
    "LOG_LEVEL": "WARNING",
    "TELNETCONSOLE_ENABLED": False,
    "COOKIES_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "TWISTED_DNS_RESOLVER": "loopback.Loopback",
    "EXTENSIONS": {"scrapy.extensions.logstats.LogStats": None, "scrapy.extensions.memusage.MemoryUsage": None},
    "ITEM_PIPELINES": {"scrapy_http.Keeper": 1},
}


class Keeper:
    """Writes each item."""

    def open_spider(self) -> None:
        """Begin."""
        self._evidence = Evidence(Path(places.task()["out"]))

    def process_item(self, item: dict[str, object]) -> dict[str, object]:
        """One account."""
        self._evidence.keep(item["account_id"], item["exchanges"], item["answer"])
        return item

    def close_spider(self) -> None:
        """End."""
        self._evidence.close()


class Accounts(scrapy.Spider):
    """One request for each account."""

    name = "accounts"

    async def start(self):
        """All requests."""
        told = places.task()
        self.read = reading.PAGES[told["kind"]]
        for one in told["targets"]:
            yield scrapy.Request(
                places.with_port(one["url"], told["port"]),
                self.parse,
                dont_filter=True,
                cb_kwargs={"account_id": one["account_id"]},
            )

    def parse(self, response, account_id):
        """The answer and its evidence."""
        headers = [(name.decode().lower(), value.decode()) for name, values in response.headers.items() for value in values]
        exchange = Exchange(url=response.url, status=response.status, headers=headers, body=response.body)
        yield {"account_id": account_id, "exchanges": [exchange], "answer": self.read(response.body)}


if __name__ == "__main__":
    process = CrawlerProcess(SETTINGS)
    process.crawl(Accounts)
    process.start()
