"""scrapy-playwright over account pages whose script fetches the list."""

import places
import reading
import scrapy
import scrapy_http
from evidence import Exchange
from scrapy.crawler import CrawlerProcess
from scrapy_playwright.page import PageMethod

CONTEXT = {"ignore_https_errors": True, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "service_workers": "block"}
"""The same context as our own browser's."""


def settings(told: dict[str, object]) -> dict[str, object]:
    """Four pages at once, as our own."""
    return scrapy_http.SETTINGS | {
        "DOWNLOAD_HANDLERS": {"https": "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"},
        "PLAYWRIGHT_LAUNCH_OPTIONS": places.launch(told),
        "PLAYWRIGHT_CONTEXTS": {"default": CONTEXT},
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 4,
        "CONCURRENT_REQUESTS": 4,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    }


class Pages(scrapy.Spider):
    """One page for each account; what its script fetches is heard by an event handler."""

    name = "pages"

    async def start(self):
        """All requests."""
        for one in places.task()["targets"]:
            heard: list[object] = []
            waits = PageMethod("wait_for_selector", "#root article")
            how = {
                "playwright": True,
                "playwright_page_event_handlers": {"response": lambda response, heard=heard: heard.append(response)},
            }
            how |= {"playwright_page_methods": [waits], "playwright_include_page": True}
            kept = {"account_id": one["account_id"], "heard": heard}
            yield scrapy.Request(one["url"], self.parse, dont_filter=True, meta=how, cb_kwargs=kept)

    async def parse(self, response, account_id, heard):
        """The document and the list, from the browser as they came."""
        page = response.meta["playwright_page"]
        wanted = [one for one in heard if reading.FEED.search(one.url) or one.request.is_navigation_request()]
        exchanges = [await exchange(one) for one in wanted]
        await page.close()
        document, rows = exchanges[0], exchanges[-1]
        yield {"account_id": account_id, "exchanges": exchanges, "answer": reading.profile(document.body.decode(), rows.body)}


async def exchange(response) -> Exchange:
    """An answer as the browser holds it."""
    headers = list(response.headers.items())
    return Exchange(url=response.url, status=response.status, headers=headers, body=await response.body())


if __name__ == "__main__":
    process = CrawlerProcess(settings(places.task()))
    process.crawl(Pages)
    process.start()
