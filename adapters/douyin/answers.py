"""From an exchange to its JSON envelope, or to the reason why there is none (formats/douyin.md §5)."""

import re
from collections.abc import Mapping

from tracker.adapter import Unread
from tracker.model import Exchange, Outcome
from tracker.payload import Json, Surprise, host_of, json_of, visible

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
CANCELLED = "账号已注销"
"""What a page says of an account that its owner gave up."""
_TEXTS: tuple[tuple[str, Outcome, str], ...] = (
    ("用户不存在", Outcome.GONE, "页面显示用户不存在"),
    (CANCELLED, Outcome.GONE, f"页面显示{CANCELLED}"),
    ("页面不存在", Outcome.INCONSISTENT, "页面不存在，请核对台账链接"),
    ("登录后查看更多作品", Outcome.LOGIN_WALL, "需要登录态"),
    ("服务异常，请刷新重试", Outcome.REFUSED, "页面显示服务异常"),
    ("你要观看的视频不存在", Outcome.ITEM_GONE, "作品不存在"),
    ("你要观看的图文不存在", Outcome.ITEM_GONE, "作品不存在"),
    ("抱歉，作品不见了", Outcome.ITEM_GONE, "作品已不可见"),
)
LOGIN_TIP_TEXT = "登录后查看更多作品"


def envelope(exchange: Exchange) -> Json:
    """The JSON body of an interface's answer with `status_code` 0. Raises Unread with the refusal that it is."""
    try:
        body = json_of(exchange.body)
    except Surprise as surprise:
        raise _no_json(exchange, str(surprise)) from None
    if told := _sign(body) or _http(exchange):
        raise told
    return body


def document(exchange: Exchange) -> Unread | None:
    """What an HTML page itself says against reading; asked only when no envelope parsed (guard 17), titles excepted."""
    if captcha_title(exchange):
        return Unread(Outcome.CHALLENGE, "出现验证码")
    text = visible(exchange.body)
    for words, outcome, detail in _TEXTS:
        if words in text:
            return Unread(outcome, detail)
    if _CHALLENGE.search(exchange.body[:4096]):
        return Unread(Outcome.CHALLENGE, "出现验证码")
    if exchange.status == 200 and exchange.body.strip() in (b"", b"blocked"):
        return Unread(Outcome.REFUSED, "平台返回空白页面")
    return _http(exchange)


def captcha_title(exchange: Exchange) -> bool:
    """Whether the rendered page is the platform's verification page."""
    return any(title in exchange.title for title in _CHALLENGE_TITLES)


def _no_json(exchange: Exchange, why: str) -> Unread:
    if _CHALLENGE.search(exchange.body[:4096]) or captcha_title(exchange):
        return Unread(Outcome.CHALLENGE, "出现验证码")
    if told := _http(exchange):
        return told
    if exchange.body.strip() in (b"", b"blocked"):
        return Unread(Outcome.REFUSED, "平台返回空白应答")
    return Unread(Outcome.DRIFT, f"接口 {exchange.page}：{why}")


def _sign(body: Json) -> Unread | None:
    if body.has("verify_ticket") or body.has("verify_center_decision_conf"):
        return Unread(Outcome.CHALLENGE, "出现验证码")
    if body.value == {"status_code": 0}:
        return Unread(Outcome.REFUSED, "平台只返回空壳应答，不等于没有作品")
    try:
        code = body.at("status_code").number()
        message = " ".join(body.at(name).words() for name in ("status_msg", "message", "prompts"))
    except Surprise as surprise:
        return Unread(Outcome.DRIFT, str(surprise))
    return _refusal(code, message) if code else None


def _refusal(code: int, message: str) -> Unread:
    if _LOGIN.search(message):
        return Unread(Outcome.LOGIN_WALL, "需要登录态")
    outcome, detail = _CODES.get(code, (Outcome.DRIFT, "平台返回未见过的代码"))
    return Unread(outcome, f"{detail}（代码 {code}）")


def _http(exchange: Exchange) -> Unread | None:
    status = exchange.status
    if status == 200:
        return None
    if status == 0 or 500 <= status < 600:
        return Unread(Outcome.TRANSPORT, "网络没有应答")
    if 300 <= status < 400:
        return _redirect(exchange.headers.get("location", ""))
    if status in (404, 410, 451):
        gone = exchange.page in ("item", "detail")
        return Unread(Outcome.ITEM_GONE, "作品不存在") if gone else Unread(Outcome.INCONSISTENT, "页面不存在，请核对台账链接")
    outcome, detail = _STATUS.get(status, (Outcome.DRIFT, "平台返回未见过的状态"))
    return Unread(outcome, f"{detail}（HTTP {status}）")


def _redirect(location: str) -> Unread:
    host = host_of(location)
    if "verify" in location or "captcha" in location:
        return Unread(Outcome.CHALLENGE, "出现验证码")
    if "login" in location or "passport" in location or host.startswith("sso."):
        return Unread(Outcome.LOGIN_WALL, "需要登录态")
    return Unread(Outcome.INCONSISTENT, f"链接转到平台以外（{host or '地址不明'}），没有打开")
