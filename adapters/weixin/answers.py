"""What the HTTP layer alone already says of an answer (formats/weixin.md §5 guard 5, §6)."""

from tracker.adapter import Unread
from tracker.model import Exchange, Outcome
from tracker.payload import Json, Surprise, host_of, json_of
from tracker.text import clip, squeeze

CHALLENGE_URLS = ("wappoc_appmsgcaptcha", "secitptpage/verify")
"""Parts of the address of a verification page (§6); its presence in a final URL or a redirect is enough."""


def is_challenge_url(url: str) -> bool:
    """Whether an address leads to a verification page."""
    return any(part in url for part in CHALLENGE_URLS)


def refuse(exchange: Exchange) -> None:
    """Raise Unread where the address and status alone say that an answer holds no data."""
    target = exchange.headers.get("location", "") if 300 <= exchange.status < 400 else ""
    if is_challenge_url(exchange.url) or is_challenge_url(target):
        raise Unread(Outcome.CHALLENGE, "出现验证页面(环境异常或访问过于频繁),需由人处理")
    if exchange.status == 0:
        raise Unread(Outcome.TRANSPORT, f"网络没有应答:{clip(squeeze(exchange.text), 60)}")
    if exchange.status != 200:
        raise _by_status(exchange.status, target)


def envelope(exchange: Exchange) -> Json:
    """The JSON object of an answer. Raises Unread; HTML with status 200 is `transport` (guard 14), as is all that is no JSON."""
    refuse(exchange)
    try:
        root = json_of(exchange.body)
    except Surprise:
        what = "网页" if exchange.body.lstrip()[:1] == b"<" else "非 JSON 内容"
        raise Unread(Outcome.TRANSPORT, f"接口 {exchange.page} 返回{what},不是数据") from None
    if not isinstance(root.value, dict):
        raise Unread(Outcome.DRIFT, f"接口 {exchange.page} 的应答不是 JSON 对象")
    return root


def _by_status(status: int, target: str) -> Unread:
    if 300 <= status < 400:
        return Unread(Outcome.REFUSED, f"被转往站外地址 {host_of(target) or '(未注明)'},未跟随")
    if status == 429:
        return Unread(Outcome.RATE_LIMITED, "请求过于频繁(HTTP 429),稍后再试")
    if status in (401, 403):
        return Unread(Outcome.REFUSED, f"服务器拒绝访问(HTTP {status})")
    if status in (404, 410):
        return Unread(Outcome.AMBIGUOUS_EMPTY, f"页面不存在(HTTP {status}),不能据此判定已删除")
    if status >= 500:
        return Unread(Outcome.TRANSPORT, f"服务器出错(HTTP {status})")
    return Unread(Outcome.DRIFT, f"服务器返回未见过的状态(HTTP {status})")
