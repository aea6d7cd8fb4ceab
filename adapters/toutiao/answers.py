"""From an exchange to its JSON, or to the reason why there is none (formats/toutiao.md §5)."""

import re
from urllib.parse import unquote

from tracker.adapter import Unread
from tracker.model import Exchange, Outcome
from tracker.payload import Json, Surprise, host_of, json_of, visible
from tracker.text import squeeze

_CHALLENGE = re.compile(rb"byted_acrawler\s*\.\s*init\(\s*\{\s*aid\s*:\s*99999999|__ac_nonce")
_RENDER = re.compile(r"<script[^<>]*\bid=[\"']RENDER_DATA[\"'][^<>]*>")
_TITLE = re.compile(r"<title[^<>]*>(.{0,300}?)</title>", re.DOTALL | re.IGNORECASE)
_LOGIN = re.compile(r"请先登录|登录后查看|登录后继续")
_LOGIN_MESSAGE = re.compile(r"登录|need_login|not_login", re.IGNORECASE)
_CLOSED = re.compile(r"账号已注销|用户已注销|账号已被封禁")
_GONE = re.compile(rf"用户不存在|账号不存在|{_CLOSED.pattern}")


def envelope(exchange: Exchange) -> Json:
    """The JSON body of an interface's answer. Raises Unread with the refusal that it is."""
    try:
        body = json_of(exchange.body)
    except Surprise as surprise:
        raise _no_json(exchange, str(surprise)) from None
    if body.has("decision") or body.at("data").has("decision"):
        raise _challenge()
    if told := _http(exchange):
        raise told
    return body


def document(exchange: Exchange) -> Unread | None:
    """What an HTML page says against reading; asked only when nothing of the visit could be read: a page may finish by itself."""
    if _CHALLENGE.search(exchange.body):
        return _challenge()
    if told := _http(exchange):
        return told
    text = visible(exchange.body, "title")
    if _GONE.search(text):
        return Unread(Outcome.GONE, "页面称账号不存在或已关闭")
    if _LOGIN.search(text):
        return Unread(Outcome.LOGIN_WALL, "需要登录态")
    return None if text and text != "blocked" else _blank()


def closing(exchange: Exchange) -> str:
    """The page's own words that the account was cancelled or banned, "" where it has none."""
    found = _CLOSED.search(visible(exchange.body, "title"))
    return found[0] if found else ""


def render_data(exchange: Exchange) -> Json:
    """The page's `RENDER_DATA`, URI-encoded JSON. Raises Surprise when the page has none."""
    found = _RENDER.search(exchange.text)
    data, closed, _ = exchange.text[found.end() :].partition("</script>") if found else ("", "", "")
    if not closed:
        raise Surprise("页面没有 RENDER_DATA")
    return json_of(unquote(data.strip()).encode("utf-8", "replace"))


def title(exchange: Exchange) -> str:
    """The document title: as rendered, else as in the HTML."""
    if exchange.title:
        return exchange.title
    found = _TITLE.search(exchange.text)
    return squeeze(found[1]) if found else ""


def login_asked(message: str) -> bool:
    """Whether a message asks to log in."""
    return bool(_LOGIN_MESSAGE.search(message))


def _no_json(exchange: Exchange, why: str) -> Unread:
    if _CHALLENGE.search(exchange.body):
        return _challenge()
    if told := _http(exchange):
        return told
    if exchange.body.strip() in (b"", b"blocked"):
        return _blank()
    return Unread(Outcome.DRIFT, f"接口 {exchange.page}：{why}")


def _http(exchange: Exchange) -> Unread | None:
    status = exchange.status
    if status == 200:
        return None
    if status in (0, 407, 408) or 500 <= status < 600:
        return Unread(Outcome.TRANSPORT, "网络没有应答")
    if 300 <= status < 400:
        return _redirect(exchange.headers.get("location", ""))
    if status in (404, 410, 451):
        if exchange.page == "item":
            return Unread(Outcome.ITEM_GONE, "内容不存在")
        return Unread(Outcome.INCONSISTENT, "页面不存在，请核对台账链接")
    if status == 429:
        return Unread(Outcome.RATE_LIMITED, "访问过于频繁，被平台限制")
    if status in (401, 403, 405, 412, 444):
        return Unread(Outcome.REFUSED, f"平台拒绝访问（HTTP {status}）")
    return Unread(Outcome.DRIFT, f"平台返回未见过的状态（HTTP {status}）")


def _redirect(location: str) -> Unread:
    host = host_of(location)
    if "login" in location or "passport" in location or host.startswith("sso."):
        return Unread(Outcome.LOGIN_WALL, "需要登录态")
    if "verify" in location or "captcha" in location:
        return _challenge()
    return Unread(Outcome.INCONSISTENT, f"链接转到平台以外（{host or '地址不明'}），没有打开")


def _challenge() -> Unread:
    return Unread(Outcome.CHALLENGE, "出现验证页面")


def _blank() -> Unread:
    return Unread(Outcome.REFUSED, "平台返回空白应答")
