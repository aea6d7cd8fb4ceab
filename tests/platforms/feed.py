"""A fake feed host: what an operator's own RSS service tells of a 公众号 (formats/weixin.md §3.3)."""

from email.utils import format_datetime
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from tests.platforms.endpoint import Call, endpoint
from tests.platforms.world import World, WorldAccount, WorldPost, article_url

HOST = "feeds.shili.example"


def address(account: WorldAccount) -> str:
    """Where the operator's service has this account's feed."""
    return f"https://{HOST}/feeds/{account.ids['user_name']}.rss"


def who(world: World, request: Request, body: bytes) -> WorldAccount | None:
    """The account that the file is named after."""
    return world.find("weixin", "user_name", str(request.path_params["name"]).removesuffix(".rss"))


def rss(call: Call) -> Response:
    """What was broadcast (群发), the newest first: what was only published (发表) a feed does not have."""
    if call.account is None:
        return Response(b"", 404)
    posts = [] if call.fault("feed_empty") else sorted((p for p in call.me.posts if p.notified), key=lambda p: p.at, reverse=True)
    items = "".join(_item(call.me, post) for post in posts[:20])
    title = f"<title>{escape(call.me.name)}</title><link>https://{HOST}/</link><description>x</description>"
    body = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{title}{items}</channel></rss>'
    return Response(body, media_type="application/rss+xml; charset=utf-8")


def _item(account: WorldAccount, post: WorldPost) -> str:
    url = article_url(account, post)
    told = f"<title>{escape(post.title)}</title><link>{url}</link><guid>{url}</guid><author>{escape(account.name)}</author>"
    return f"<item>{told}<pubDate>{format_datetime(post.at)}</pubDate></item>"


def routes() -> list[BaseRoute]:
    """Everything that the feed host answers."""
    return [endpoint("/feeds/{name}", "weixin", "rss", who, rss)]
