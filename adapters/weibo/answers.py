"""What an answer is before anything in it is believed (formats/weibo.md §5, guards 1, 21 to 24)."""

import json
import re
from collections.abc import Mapping
from urllib.parse import unquote_plus

import lxml.html
from lxml.etree import LxmlError

from adapters.weibo.fields import Table, child, code, drift, plain, table, words
from tracker.adapter import Unread
from tracker.model import Exchange, Outcome
from tracker.payload import Surprise, argument, json_of
from tracker.text import clip, squeeze

NEEDS_LOGIN = "需要登录态"
HTML_PAGES = frozenset({"home", "post"})
BARE_PAGES = frozenset({"openapi", "app_status"})
"""Pages whose body is the status itself, without `ok` (guard 1 asks for `ok` everywhere else)."""

_LIMITED = frozenset({414, 418, 429, 432})
_LIMIT_CODES = frozenset({100005, 10022, 10023, 10024})
_AUTH_CODES = frozenset({10014, 21301, 21314, 21315, 21316, 21317, 21327, 21332})
_RESTRICT_CODES = frozenset({20112, 20130, 20132})
_LIMIT_TEXT = re.compile(r"拥堵|频繁|稍后")
_WIDGETS = ("geetest_panel", "geetest_holder", "yidun_panel")

_SCRIPT = re.compile(r"<script\b[^<]*(?:<(?!/script)[^<]*)*</script", re.IGNORECASE)
_NOTICES = re.compile(
    r"此微博已被作者删除|仅展示半年内微博|没有这条微博的查看权限|微博不存在或暂无查看权限|账号因[^<]{0,60}现已无法查看"
)

_TEXTS: tuple[tuple[str, Outcome, str], ...] = (
    ("请登录", Outcome.LOGIN_WALL, NEEDS_LOGIN),
    ("20003", Outcome.GONE, "平台提示该用户不存在"),
    ("该用户不存在", Outcome.GONE, "平台提示该用户不存在"),
    ("现已无法查看", Outcome.GONE, "平台提示账号已关闭或被封"),
    ("20101", Outcome.ITEM_GONE, "该微博不存在"),
    ("该微博不存在", Outcome.ITEM_GONE, "该微博不存在"),
    ("此微博已被作者删除", Outcome.ITEM_GONE, "该微博已被作者删除"),
    ("仅展示半年内", Outcome.RESTRICTED, "作者设置仅展示半年内微博"),
    ("查看权限", Outcome.RESTRICTED, "没有该微博的查看权限"),
    ("快来发表", Outcome.AMBIGUOUS_EMPTY, "平台没有给出评论"),
    ("这里还没有内容", Outcome.AMBIGUOUS_EMPTY, "平台提示没有内容,不能说明账号无更新"),
)
"""Fixed texts of refusals, first match wins; 请登录 stands before 拥堵, because one answer says both."""

_GONE_WORDS = re.compile(r"投诉|自行|账号因.*现已无法查看")
_CLOSED: tuple[tuple[str, Outcome, str], ...] = (
    ("投诉", Outcome.GONE, "平台提示账号因被投诉无法查看"),
    ("自行", Outcome.GONE, "平台提示账号由用户自行关闭"),
    ("验证", Outcome.RESTRICTED, "平台提示账号异常,验证后才可查看"),
)
"""Texts inside the `url` of an account page that refuses with `error_type` link or toast."""


def envelope(exchange: Exchange) -> Table:
    """The JSON object of an answer that may be believed. Raises Unread with the class of §5 otherwise."""
    _status(exchange)
    body = exchange.body.strip()
    if body.startswith(b"<"):
        _widget(exchange.text)
        raise Unread(Outcome.LOGIN_WALL, f"{NEEDS_LOGIN}(接口返回了网页,登录已失效)")
    value = json_of(body).value
    if value is None:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "接口返回空值")
    answer = table(value, "应答")
    refuse(answer, exchange)
    return answer


def page(exchange: Exchange) -> str:
    """The document of an account or post page that may be believed. Raises Unread otherwise."""
    _status(exchange)
    text = exchange.text
    _widget(text)
    if exchange.body.lstrip().startswith(b"{"):
        refuse(table(json_of(exchange.body).value, "应答"), exchange)
    return text


def refuse(answer: Table, exchange: Exchange) -> None:
    """Raise Unread unless the envelope says ok==1 (or is a bare status on a page that has no envelope)."""
    ok = code(answer.get("ok"))
    number = code(answer.get("error_code")) or code(answer.get("errno"))
    if ok == 1:
        return
    if ok is None and number is None and exchange.page in BARE_PAGES and "mid" in answer:
        return
    if ok == -100:
        raise _must_log_in(words(answer.get("url")))
    if known := _by_code(number) or _by_text(_message(answer)) or _by_link(answer):
        raise known
    if words(answer.get("error")) == "Forbidden":
        raise Unread(Outcome.REFUSED, "平台拒绝了这次请求(Forbidden)")
    raise drift("应答.ok", "1")


def closed(text: str) -> Unread | None:
    """What the notice over a blocked account says; None when it is none of the known texts."""
    return next((Unread(outcome, detail) for sign, outcome, detail in _CLOSED if sign in text), None)


def closing(exchange: Exchange) -> str:
    """The platform's own words that an account was closed or banned, "" where an answer holds none."""
    answer = _object(exchange)
    block = words(child(answer, "data").get("blockText"))
    told = [argument(words(answer.get("url")), "text"), _message(answer), plain(block)]
    if exchange.page in HTML_PAGES and (found := _NOTICES.search(_shown(exchange.text))):
        told.append(found[0])
    said = (squeeze(one) for one in told if one)
    return next((clip(one, 80) for one in said if _GONE_WORDS.search(one)), "")


def _status(exchange: Exchange) -> None:
    status = exchange.status
    if status == 0:
        raise Unread(Outcome.TRANSPORT, f"网络没有应答({clip(squeeze(exchange.text), 60)})")
    if status >= 500:
        raise Unread(Outcome.TRANSPORT, f"平台服务出错(HTTP {status})")
    if 300 <= status < 400:
        raise _redirected(exchange.headers.get("location", ""))
    if status in _LIMITED:
        raise Unread(Outcome.RATE_LIMITED, f"访问过于频繁被限制(HTTP {status})")
    if status in {401, 403}:
        raise _forbidden(exchange)
    if status == 400:
        raise _bad_request(exchange)
    if status == 404 and exchange.page in HTML_PAGES:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "页面不存在(HTTP 404),不能区分改名、注销和地址有误")
    if status != 200:
        raise drift("HTTP 状态", f"200(实为 {status})")


def _redirected(location: str) -> Unread:
    if "captcha" in location:
        return Unread(Outcome.CHALLENGE, "出现验证码")
    if re.search(r"//(?:passport\.weibo\.(?:com|cn)|login\.sina\.com\.cn)/|/login\b|/signin\b|/visitor/", location):
        return Unread(Outcome.LOGIN_WALL, f"{NEEDS_LOGIN}(被转到登录页)")
    return drift("跳转地址", "本平台页面或登录页")


def _forbidden(exchange: Exchange) -> Unread:
    answer = _object(exchange)
    if code(answer.get("ok")) == -100:
        return _must_log_in(words(answer.get("url")))
    number = code(answer.get("error_code")) or code(answer.get("errno"))
    return (
        _by_code(number) or _by_text(_message(answer)) or Unread(Outcome.REFUSED, f"平台拒绝了这次请求(HTTP {exchange.status})")
    )


def _bad_request(exchange: Exchange) -> Unread:
    answer = _object(exchange)
    number = code(answer.get("error_code")) or code(answer.get("errno"))
    if known := _by_code(number) or _by_text(_message(answer)):
        return known
    if exchange.page == "show":
        return Unread(Outcome.INCONSISTENT, "单条微博接口返回 HTTP 400,说明不了微博是否存在")
    return drift("HTTP 状态", "200(实为 400)")


def _object(exchange: Exchange) -> Table:
    try:
        return table(json_of(exchange.body).value, "应答")
    except Surprise:
        return {}


def _must_log_in(url: str) -> Unread:
    if "captcha" in url:
        return Unread(Outcome.CHALLENGE, "出现验证码")
    if "login.php" in url or "/visitor" in url:
        return Unread(Outcome.LOGIN_WALL, f"{NEEDS_LOGIN}(访客会话缺失)")
    return Unread(Outcome.LOGIN_WALL, NEEDS_LOGIN)


def _by_code(number: int | None) -> Unread | None:
    if number in _LIMIT_CODES:
        return Unread(Outcome.RATE_LIMITED, f"访问过于频繁被限制(代码 {number})")
    if number in _AUTH_CODES:
        return Unread(Outcome.AUTH, f"授权失效,请账号主办单位重新授权(代码 {number})")
    if number in _RESTRICT_CODES:
        return Unread(Outcome.RESTRICTED, f"没有查看权限(代码 {number})")
    return _by_text(str(number)) if number in {20003, 20101} else None


def _by_text(text: str) -> Unread | None:
    for sign, outcome, detail in _TEXTS:
        if sign in text:
            return Unread(outcome, detail)
    return Unread(Outcome.RATE_LIMITED, "平台提示访问频繁或拥堵") if _LIMIT_TEXT.search(text) else None


def _by_link(answer: Table) -> Unread | None:
    if words(answer.get("error_type")) not in {"link", "toast"}:
        return None
    return closed(unquote_plus(words(answer.get("url"))) + words(answer.get("msg")))


def _message(answer: Mapping[str, object]) -> str:
    return " ".join(plain(words(answer.get(key))) for key in ("msg", "message", "error") if answer.get(key))


def _widget(text: str) -> None:
    """Raise CHALLENGE for a rendered captcha widget; the mere names of captcha libraries mean nothing (guard 21)."""
    if not any(name in text for name in _WIDGETS):
        return
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError, AssertionError):
        return
    for element in root.iter("div", "iframe", "section"):
        if any(name in f"{element.get('class', '')} {element.get('id', '')}".split() for name in _WIDGETS):
            raise Unread(Outcome.CHALLENGE, "出现验证码")


def notice(text: str) -> Unread | None:
    """What the visible words of a post's page say of a hidden or deleted post; scripts are left out, they hold every text."""
    return _by_text(found[0]) if (found := _NOTICES.search(_shown(text))) else None


def _shown(text: str) -> str:
    return _SCRIPT.sub("", text) if text.count("<script") < 500 else ""


def rendered_status(text: str) -> Table | None:
    """The post that a page of m.weibo.cn carries in `$render_data = [{"status": {…}}][0]`; None when there is none."""
    start = text.find("$render_data = [")
    if start < 0:
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(text, text.index("[", start))
    except (ValueError, RecursionError):
        return None
    first = value[0] if isinstance(value, list) and value else None
    status = first.get("status") if isinstance(first, dict) else None
    return status if isinstance(status, dict) else None
