"""From an exchange to its JSON, or to the reason why there is none (formats/toutiao.md §5)."""

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from tracker.adapter import LOUDEST
from tracker.model import Exchange, Outcome, Unseen
from tracker.text import Json, Surprise, json_of, squeeze

_CHALLENGE = re.compile(rb"byted_acrawler\s*\.\s*init\(\s*\{\s*aid\s*:\s*99999999|__ac_nonce")
_RENDER = re.compile(r"<script[^>]*\bid=[\"']RENDER_DATA[\"'][^>]*>(.*?)</script>", re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_LOGIN = re.compile(r"请先登录|登录后查看|登录后继续")
_LOGIN_MESSAGE = re.compile(r"登录|need_login|not_login", re.IGNORECASE)
_GONE = re.compile(r"用户不存在|账号不存在|账号已注销|用户已注销|账号已被封禁")
CHALLENGED = Unseen(outcome=Outcome.CHALLENGE, detail="出现验证页面")
BLANK = Unseen(outcome=Outcome.REFUSED, detail="平台返回空白应答")


def interface(exchange: Exchange) -> Json | Unseen:
    """The JSON body of an interface's answer, or the refusal that it is."""
    try:
        body = json_of(exchange.body)
    except Surprise as surprise:
        return _no_json(exchange, str(surprise))
    if body.has("decision") or body.at("data").has("decision"):
        return CHALLENGED
    return http(exchange) or body


def document(exchange: Exchange) -> Unseen | None:
    """What an HTML page says against reading; asked only when nothing of the visit could be read: a page may finish by itself."""
    if _CHALLENGE.search(exchange.body):
        return CHALLENGED
    if told := http(exchange):
        return told
    text = visible(exchange.body)
    if _GONE.search(text):
        return Unseen(outcome=Outcome.GONE, detail="页面称账号不存在或已关闭")
    if _LOGIN.search(text):
        return Unseen(outcome=Outcome.LOGIN_WALL, detail="需要登录态")
    return None if text and text != "blocked" else BLANK


def http(exchange: Exchange) -> Unseen | None:
    """What the HTTP status says against reading."""
    status = exchange.status
    if status == 200:
        return None
    if status in (0, 407, 408) or 500 <= status < 600:
        return Unseen(outcome=Outcome.TRANSPORT, detail="网络没有应答")
    if 300 <= status < 400:
        return _redirect(exchange.headers.get("location", ""))
    if status in (404, 410, 451):
        if exchange.page == "item":
            return Unseen(outcome=Outcome.ITEM_GONE, detail="内容不存在")
        return Unseen(outcome=Outcome.INCONSISTENT, detail="页面不存在，请核对台账链接")
    if status == 429:
        return Unseen(outcome=Outcome.RATE_LIMITED, detail="访问过于频繁，被平台限制")
    if status in (401, 403, 405, 412, 444):
        return Unseen(outcome=Outcome.REFUSED, detail=f"平台拒绝访问（HTTP {status}）")
    return Unseen(outcome=Outcome.DRIFT, detail=f"平台返回未见过的状态（HTTP {status}）")


def render_data(exchange: Exchange) -> Json:
    """The page's `RENDER_DATA`, URI-encoded JSON. Raises Surprise when the page has none."""
    found = _RENDER.search(exchange.text)
    if not found:
        raise Surprise("页面没有 RENDER_DATA")
    return json_of(unquote(found[1].strip()).encode("utf-8", "replace"))


def title(exchange: Exchange) -> str:
    """The document title: as rendered, else as in the HTML."""
    if exchange.title:
        return exchange.title
    found = _TITLE.search(exchange.text)
    return squeeze(found[1]) if found else ""


def visible(body: bytes) -> str:
    """The text of an HTML page without scripts and styles, on one line; "" when it is no HTML."""
    try:
        root = html.document_fromstring(body[:3_000_000], parser=html.HTMLParser(encoding="utf-8"))
        etree.strip_elements(root, "script", "style", "title", etree.Comment, with_tail=False)
        return squeeze(" ".join(str(one) for one in root.itertext()))
    except (etree.LxmlError, ValueError, AssertionError):
        return ""


def login_asked(message: str) -> bool:
    """Whether a message asks to log in."""
    return bool(_LOGIN_MESSAGE.search(message))


def loudest(refusals: Sequence[Unseen]) -> Unseen | None:
    """Of several refusals the one that the engine has to hear; None of none."""
    order = {outcome: place for place, outcome in enumerate(LOUDEST)}
    return min(refusals, key=lambda one: order.get(one.outcome, len(order)), default=None)


def _no_json(exchange: Exchange, why: str) -> Unseen:
    if _CHALLENGE.search(exchange.body):
        return CHALLENGED
    if told := http(exchange):
        return told
    if exchange.body.strip() in (b"", b"blocked"):
        return BLANK
    return Unseen(outcome=Outcome.DRIFT, detail=f"接口 {exchange.page}：{why}")


def _redirect(location: str) -> Unseen:
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        host = ""
    if "login" in location or "passport" in location or host.startswith("sso."):
        return Unseen(outcome=Outcome.LOGIN_WALL, detail="需要登录态")
    if "verify" in location or "captcha" in location:
        return CHALLENGED
    return Unseen(outcome=Outcome.INCONSISTENT, detail=f"链接转到平台以外（{host or '地址不明'}），没有打开")
