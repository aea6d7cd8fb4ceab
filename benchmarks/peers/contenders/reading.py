"""What the pages say, as a script reads it that was written for this purpose alone: name, newest post, number of posts.

The quickest way that is still right on these pages: expressions over the source of an article, lxml for a feed, JSON elsewhere.
"""

import html
import json
import re
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from lxml import etree

Answer = dict[str, object]

_NICK = re.compile(rb"nick_name: JsDecode\('([^']*)'\)")
_STAMP = re.compile(rb"\bcreate_timestamp: '(\d+)'")
_ESCAPE = re.compile(r"\\x([0-9a-f]{2})")
_RENDERED = re.compile(r'<script id="RENDER_DATA" type="application/json">([^<]*)</script>')


def article(body: bytes) -> Answer:
    """A 公众号 article: one post. Raises TypeError where the page is none."""
    # the page's own data come last; advertisements before it carry the same keys
    name = _NICK.search(body, body.index(b"window.cgiDataNew"))[1].decode()
    stamp = _STAMP.search(body)[1]
    return {"name": html.unescape(_ESCAPE.sub(lambda hit: chr(int(hit[1], 16)), name)), "latest": int(stamp), "count": 1}


def feed(body: bytes) -> Answer:
    """An RSS feed. Raises ValueError where it has no entries, lxml's errors where it is no XML."""
    channel = etree.fromstring(body).find("channel")
    dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in channel.findall("item")]
    return {"name": channel.findtext("title"), "latest": int(max(dates).timestamp()), "count": len(dates)}


def profile(page: str, rows: bytes) -> Answer:
    """An account page and the list that its script fetched."""
    told = json.loads(unquote(_RENDERED.search(page)[1]))["data"]["profileUserInfo"]
    posts = json.loads(rows)["data"]
    return {"name": told["name"], "latest": max(post["publish_time"] for post in posts), "count": len(posts)}


PAGES = {"article": article, "feed": feed}
"""Reader by kind of task, for pages that come by one request."""
FEED = re.compile(r"/api/pc/list/user/feed\?")
"""Address of the list that an account page fetches."""
