"""What the HTTP layer alone already says of an answer (formats/weixin.md §5 guard 5, §6)."""

from urllib.parse import urlsplit

from adapters.weixin.surprise import Surprise
from tracker.model import Exchange, Outcome
from tracker.text import clip, squeeze

CHALLENGE_URLS = ("wappoc_appmsgcaptcha", "secitptpage/verify")
"""Parts of the address of a verification page (§6); its presence in a final URL or a redirect is enough."""


def is_challenge_url(url: str) -> bool:
    """Whether an address leads to a verification page."""
    return any(part in url for part in CHALLENGE_URLS)


def refusal(exchange: Exchange) -> Surprise | None:
    """The reason that an answer holds no data at all, by its address and status; None = look at the body."""
    target = exchange.headers.get("location", "") if 300 <= exchange.status < 400 else ""
    if is_challenge_url(exchange.url) or is_challenge_url(target):
        return Surprise(Outcome.CHALLENGE, "出现验证页面(环境异常或访问过于频繁),需由人处理")
    if exchange.status == 200:
        return None
    if exchange.status == 0:
        return Surprise(Outcome.TRANSPORT, f"网络没有应答:{clip(squeeze(exchange.text), 60)}")
    return _by_status(exchange.status, target)


def _by_status(status: int, target: str) -> Surprise:
    if 300 <= status < 400:
        return Surprise(Outcome.REFUSED, f"被转往站外地址 {_host(target)},未跟随")
    if status == 429:
        return Surprise(Outcome.RATE_LIMITED, "请求过于频繁(HTTP 429),稍后再试")
    if status in (401, 403):
        return Surprise(Outcome.REFUSED, f"服务器拒绝访问(HTTP {status})")
    if status in (404, 410):
        return Surprise(Outcome.AMBIGUOUS_EMPTY, f"页面不存在(HTTP {status}),不能据此判定已删除")
    if status >= 500:
        return Surprise(Outcome.TRANSPORT, f"服务器出错(HTTP {status})")
    return Surprise(Outcome.DRIFT, f"服务器返回未见过的状态(HTTP {status})")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "(未注明)"
    except ValueError:
        return "(地址无效)"
