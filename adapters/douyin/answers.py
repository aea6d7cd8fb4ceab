"""From an exchange to its JSON envelope, or to the reason why there is none (formats/douyin.md §5)."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from lxml import etree, html

from tracker.model import Exchange, Outcome, Unseen
from tracker.text import Json, Surprise, json_of, squeeze

_CHALLENGE = re.compile(rb"verify_center|verify_page|captcha|secsdk|byted_acrawler|slide_verify|_\$jsvmprt", re.IGNORECASE)
_CHALLENGE_TITLES = ("验证码中间页", "验证中间页")
_LOGIN = re.compile(r"请先登录|用户未登录|登录后")
_STATUS: Mapping[int, tuple[Outcome, str]] = {
    **dict.fromkeys((401, 405, 412, 444), (Outcome.REFUSED, "平台拒绝访问")),
    **dict.fromkeys((403, 429), (Outcome.RATE_LIMITED, "访问过于频繁，被平台限制")),
    **dict.fromkeys((407, 408), (Outcome.TRANSPORT, "网络没有应答")),
}
_CODES: Mapping[int, tuple[Outcome, str]] = {
    2: (Outcome.INCONSISTENT, "主页地址里的 sec_uid 无效，请核对台账链接"),
    5: (Outcome.AMBIGUOUS_EMPTY, "平台返回不明代码"),
    8: (Outcome.AMBIGUOUS_EMPTY, "平台返回不明代码"),
    2053: (Outcome.AMBIGUOUS_EMPTY, "平台返回不明代码"),
    2065: (Outcome.GONE, "平台称账号不存在或已注销"),
    2483: (Outcome.LOGIN_WALL, "需要登录态"),
    10000: (Outcome.CHALLENGE, "出现验证码"),
}
_TEXTS: tuple[tuple[str, Outcome, str], ...] = (
    ("用户不存在", Outcome.GONE, "页面显示用户不存在"),
    ("账号已注销", Outcome.GONE, "页面显示账号已注销"),
    ("页面不存在", Outcome.INCONSISTENT, "页面不存在，请核对台账链接"),
    ("登录后查看更多作品", Outcome.LOGIN_WALL, "需要登录态"),
    ("服务异常，请刷新重试", Outcome.REFUSED, "页面显示服务异常"),
    ("你要观看的视频不存在", Outcome.ITEM_GONE, "作品不存在"),
    ("你要观看的图文不存在", Outcome.ITEM_GONE, "作品不存在"),
    ("抱歉，作品不见了", Outcome.ITEM_GONE, "作品已不可见"),
)
LOGIN_TIP_TEXT = "登录后查看更多作品"


def envelope(exchange: Exchange) -> Json | Unseen:
    """The JSON body of an interface's answer with `status_code` 0, or the refusal that it is."""
    try:
        body = json_of(exchange.body)
    except Surprise as surprise:
        return _no_json(exchange, str(surprise))
    return _sign(body) or _http(exchange) or body


def document(exchange: Exchange) -> Unseen | None:
    """What an HTML page itself says against reading; asked only when no envelope parsed (guard 17), titles excepted."""
    if captcha_title(exchange):
        return Unseen(outcome=Outcome.CHALLENGE, detail="出现验证码")
    text = visible(exchange.body)
    for words, outcome, detail in _TEXTS:
        if words in text:
            return Unseen(outcome=outcome, detail=detail)
    if _CHALLENGE.search(exchange.body[:4096]):
        return Unseen(outcome=Outcome.CHALLENGE, detail="出现验证码")
    if exchange.status == 200 and exchange.body.strip() in (b"", b"blocked"):
        return Unseen(outcome=Outcome.REFUSED, detail="平台返回空白页面")
    return _http(exchange)


def captcha_title(exchange: Exchange) -> bool:
    """Whether the rendered page is the platform's verification page."""
    return any(title in exchange.title for title in _CHALLENGE_TITLES)


def visible(body: bytes) -> str:
    """The text of an HTML page without scripts and styles, on one line; "" when it is no HTML."""
    try:
        root = html.document_fromstring(body[:3_000_000], parser=html.HTMLParser(encoding="utf-8"))
        etree.strip_elements(root, "script", "style", etree.Comment, with_tail=False)
        return squeeze(" ".join(str(one) for one in root.itertext()))
    except (etree.LxmlError, ValueError, AssertionError):
        return ""


def _no_json(exchange: Exchange, why: str) -> Unseen:
    if _CHALLENGE.search(exchange.body[:4096]) or captcha_title(exchange):
        return Unseen(outcome=Outcome.CHALLENGE, detail="出现验证码")
    if told := _http(exchange):
        return told
    if exchange.body.strip() in (b"", b"blocked"):
        return Unseen(outcome=Outcome.REFUSED, detail="平台返回空白应答")
    return Unseen(outcome=Outcome.DRIFT, detail=f"接口 {exchange.page}：{why}")


def _sign(body: Json) -> Unseen | None:
    if body.has("verify_ticket") or body.has("verify_center_decision_conf"):
        return Unseen(outcome=Outcome.CHALLENGE, detail="出现验证码")
    if body.value == {"status_code": 0}:
        return Unseen(outcome=Outcome.REFUSED, detail="平台只返回空壳应答，不等于没有作品")
    try:
        code = body.at("status_code").number()
        message = " ".join(body.at(name).words() for name in ("status_msg", "message", "prompts"))
    except Surprise as surprise:
        return Unseen(outcome=Outcome.DRIFT, detail=str(surprise))
    return _refusal(code, message) if code else None


def _refusal(code: int, message: str) -> Unseen:
    if _LOGIN.search(message):
        return Unseen(outcome=Outcome.LOGIN_WALL, detail="需要登录态")
    outcome, detail = _CODES.get(code, (Outcome.DRIFT, "平台返回未见过的代码"))
    return Unseen(outcome=outcome, detail=f"{detail}（代码 {code}）")


def _http(exchange: Exchange) -> Unseen | None:
    status = exchange.status
    if status == 200:
        return None
    if status == 0 or 500 <= status < 600:
        return Unseen(outcome=Outcome.TRANSPORT, detail="网络没有应答")
    if 300 <= status < 400:
        return _redirect(exchange.headers.get("location", ""))
    if status in (404, 410, 451):
        gone = exchange.page in ("item", "detail")
        return Unseen(
            outcome=Outcome.ITEM_GONE if gone else Outcome.INCONSISTENT,
            detail="作品不存在" if gone else "页面不存在，请核对台账链接",
        )
    outcome, detail = _STATUS.get(status, (Outcome.DRIFT, "平台返回未见过的状态"))
    return Unseen(outcome=outcome, detail=f"{detail}（HTTP {status}）")


def _redirect(location: str) -> Unseen:
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        host = ""
    if "verify" in location or "captcha" in location:
        return Unseen(outcome=Outcome.CHALLENGE, detail="出现验证码")
    if "login" in location or "passport" in location or host.startswith("sso."):
        return Unseen(outcome=Outcome.LOGIN_WALL, detail="需要登录态")
    return Unseen(outcome=Outcome.INCONSISTENT, detail=f"链接转到平台以外（{host or '地址不明'}），没有打开")
