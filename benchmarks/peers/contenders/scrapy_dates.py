"""A script that reports accounts without a post for 14 days: Scrapy for plain pages, scrapy-playwright for the rest.

Written as an office's own programmer might in an afternoon. Prints one JSON line per account: its name, what was reported
(stale, never, fine) by the newest of all dates, and by the first row alone, as many scripts do; or the error that was met
instead, which is no report.
"""

import json
import re
import sys
from datetime import date, datetime, timedelta

import dates
import places
import scrapy
import scrapy_http
from scrapy.crawler import CrawlerProcess
from scrapy_pages import CONTEXT
from scrapy_playwright.page import PageMethod

API = "https://api.weixin.qq.com"


def settings(told: dict[str, object]) -> dict[str, object]:
    """Tries again as Scrapy does by itself."""
    return scrapy_http.SETTINGS | {
        "ITEM_PIPELINES": {},
        "LOG_LEVEL": "CRITICAL",
        "DOWNLOAD_HANDLERS": {"https": "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"},
        "PLAYWRIGHT_LAUNCH_OPTIONS": places.launch(told),
        "PLAYWRIGHT_CONTEXTS": {"guest": CONTEXT, "login": CONTEXT | {"storage_state": told["login"]}},
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 6,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 10_000,
        "DOWNLOAD_TIMEOUT": 20,
    }


def say(name: str, told: str, first: str = "") -> None:
    """One line."""
    sys.stdout.write(json.dumps({"name": name, "told": told, "first": first or told}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


async def taken(page, heard, pattern):
    """Bodies of this page's good answers from the wanted address."""
    await page.wait_for_load_state("networkidle", timeout=12_000)
    wanted = [told for told in heard if pattern and told.ok and re.search(pattern, told.url) and told.frame.page == page]
    return [await told.body() for told in wanted]


class Dates(scrapy.Spider):
    """Every account by the way in which it is looked at."""

    name = "dates"

    async def start(self):
        """One request for each account to begin with."""
        self.told = places.task()
        self.now = int(datetime.fromisoformat(self.told["now"]).timestamp())
        for one in self.told["targets"]:
            if one["by"] == "owner":
                yield self.call(one, "/cgi-bin/stable_token", self.token, grant_type="client_credential", **one["grant"])
            elif one["platform"] == "weixin":
                yield self.request(places.with_port(one["url"], self.told["port"]), one, self.plain)
            else:
                yield self.request(one["url"], one, self.paged, meta=self.browser(one))

    def request(self, url, one, callback, **more):
        """A request that remembers its account."""
        return scrapy.Request(url, callback, errback=self.failed, cb_kwargs={"one": one}, dont_filter=True, **more)

    def call(self, one, path, callback, **body):
        """An interface of the owner's."""
        url = places.with_port(API + path, self.told["port"])
        return self.request(
            url, one, callback, method="POST", body=json.dumps(body), headers={"Content-Type": "application/json"}
        )

    def browser(self, one):
        """Open the page, wait until the network is quiet, then take the answers that hold the dates."""
        heard: list[object] = []
        pattern, _ = dates.BY_BROWSER[one["platform"], one["by"] == "link"]
        return {
            "playwright": True,
            "playwright_context": "guest" if one["by"] == "guest" else "login",
            "playwright_page_event_handlers": {"response": lambda response: heard.append(response)},
            "playwright_page_methods": [PageMethod(taken, heard, pattern)],
        }

    def failed(self, failure):
        """Nothing came, or an error page."""
        say(failure.request.cb_kwargs["one"]["name"], f"error {failure.type.__name__}")

    def judged(self, one, read, bodies):
        """Report, or tell what went wrong."""
        try:
            found = [at for body in bodies for at in read(body)]
            say(one["name"], dates.verdict(found, self.now), dates.verdict(found[:1], self.now))
        except Exception as error:  # noqa: BLE001 - a script's surprise is an error of that account
            say(one["name"], f"error {type(error).__name__}")

    def plain(self, response, one):
        """An article or a feed."""
        self.judged(one, dates.feed if one["by"] == "feed" else dates.article, [response.body])

    def paged(self, response, one):
        """An account's or a post's page."""
        pattern, read = dates.BY_BROWSER[one["platform"], one["by"] == "link"]
        bodies = response.meta["playwright_page_methods"][0].result if pattern else [response.body]
        if bodies:
            self.judged(one, read, bodies)
        else:
            say(one["name"], "error no list")

    async def token(self, response, one):
        """The statistics of 14 days, then what was published without a broadcast."""
        today = date.fromisoformat(self.told["now"][:10])
        found: list[int] = []
        try:
            token = response.json()["access_token"]
            for back in range(1, 15):
                day = (today - timedelta(days=back)).isoformat()
                path = f"/datacube/getarticletotaldetail?access_token={token}"
                found += dates.statistics(await self.fetched(one, path, begin_date=day, end_date=day))
            path = f"/cgi-bin/freepublish/batchget?access_token={token}"
            found += dates.published(await self.fetched(one, path, offset=0, count=20, no_content=1))
        except Exception as error:  # noqa: BLE001 - the same
            say(one["name"], f"error {type(error).__name__}")
        else:
            say(one["name"], dates.verdict(found, self.now), dates.verdict(found[:1], self.now))

    async def fetched(self, one, path, **body):
        """The body of one more call."""
        response = await self.crawler.engine.download_async(self.call(one, path, None, **body))
        if response.status != 200:
            raise ValueError(response.status)
        return response.body


if __name__ == "__main__":
    process = CrawlerProcess(settings(places.task()))
    process.crawl(Dates)
    process.start()
