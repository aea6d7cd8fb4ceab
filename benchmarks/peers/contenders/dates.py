"""The dates of an account's posts, as an afternoon's script takes them from each platform's answers.

A competent script: it takes the newest of all dates and not the first row's, lets every surprise be an error instead of a
finding, and looks at the status of an answer. What it does not know is what an answer may leave out, or whose it is.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

import reading
from lxml import etree

LIMIT = 14 * 86400
"""Seconds without a post after which an account is reported."""
STALE, NEVER, FINE = "stale", "never", "fine"
_RENDERED = re.compile(r'<script id="RENDER_DATA" type="application/json">([^<]*)</script>')


def verdict(dates: list[int], now: int) -> str:
    """What the script reports of an account with these dates (seconds since 1970)."""
    if not dates:
        return NEVER
    return STALE if now - max(dates) > LIMIT else FINE


def _weibo_time(text: str) -> int:
    return int(datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y").timestamp())


def weibo(body: bytes) -> list[int]:
    """/ajax/statuses/mymblog."""
    return [_weibo_time(row["created_at"]) for row in json.loads(body)["data"]["list"]]


def weibo_post(body: bytes) -> list[int]:
    """/ajax/statuses/show."""
    return [_weibo_time(json.loads(body)["created_at"])]


def toutiao(body: bytes) -> list[int]:
    """/api/pc/list/user/feed."""
    return [row["publish_time"] for row in json.loads(body)["data"]]


def toutiao_post(body: bytes) -> list[int]:
    """The data of an article page."""
    told = json.loads(unquote(_RENDERED.search(body.decode())[1]))["data"]
    return [int(datetime.fromisoformat(f"{told['publishTime']}+08:00").timestamp())]


def douyin(body: bytes) -> list[int]:
    """/aweme/v1/web/aweme/post/."""
    return [row["create_time"] for row in json.loads(body)["aweme_list"]]


def douyin_post(body: bytes) -> list[int]:
    """/aweme/v1/web/aweme/detail/."""
    return [json.loads(body)["aweme_detail"]["create_time"]]


def article(body: bytes) -> list[int]:
    """A 公众号 article."""
    return [int(reading.article(body)["latest"])]


def feed(body: bytes) -> list[int]:
    """An RSS feed."""
    return [int(parsedate_to_datetime(text).timestamp()) for text in etree.fromstring(body).xpath("//item/pubDate/text()")]


def statistics(body: bytes) -> list[int]:
    """/datacube/getarticletotaldetail of one day."""
    return [int(datetime.fromisoformat(f"{row['ref_date']}T12:00+08:00").timestamp()) for row in json.loads(body)["list"]]


def published(body: bytes) -> list[int]:
    """/cgi-bin/freepublish/batchget."""
    return [row["update_time"] for row in json.loads(body)["item"]]


DOCUMENT = ""
BY_BROWSER: Mapping[tuple[str, bool], tuple[str, Callable[[bytes], list[int]]]] = {
    ("weibo", False): (r"/ajax/statuses/mymblog\?", weibo),
    ("weibo", True): (r"/ajax/statuses/show\?", weibo_post),
    ("toutiao", False): (r"/api/pc/list/user/feed\?", toutiao),
    ("toutiao", True): (DOCUMENT, toutiao_post),
    ("douyin", False): (r"/aweme/v1/web/aweme/post/", douyin),
    ("douyin", True): (r"/aweme/v1/web/aweme/detail/", douyin_post),
}
"""(platform, whether it is a link to one post) → address of the answer that holds the dates, and its reader."""
