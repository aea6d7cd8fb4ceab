"""Error numbers of the owner interfaces (formats/weixin.md §6, guards 11–14): none of them ever says "no posts"."""

import re
from collections.abc import Mapping

from adapters.weixin.answers import envelope
from tracker.adapter import Unread, attempt
from tracker.model import Exchange, Outcome, Unseen
from tracker.payload import Json
from tracker.text import clip, squeeze

DATA = "接口数据"
NO_MENU = 46003
"""Data, not a refusal: no menu was made through the interface (guard 12)."""
_TOKEN = (Outcome.AUTH, "接口凭证失效,刷新一次后仍无效")
_CONFIG = (Outcome.AUTH, "AppID 或 AppSecret 不正确,需账号管理员重置后重填")
_ADDRESS = (Outcome.AUTH, "本机 IP 不在公众号的 IP 白名单")
_PERMISSION = (Outcome.AUTH, "账号没有这项接口权限(认证可能已过期或属个人主体)")
_BANNED = (Outcome.AUTH, "平台称账号或接口已被封禁、冻结,需由人核对台账")
_RETIRED = (Outcome.DRIFT, "平台已停用该接口")
_DATES = (Outcome.DRIFT, "平台不接受所问日期,接口规则可能已变")
_ITEM = (Outcome.ITEM_GONE, "所问文章已不存在")
_MEANING: Mapping[int, tuple[Outcome, str]] = {
    **dict.fromkeys((40001, 40014, 41001, 42001), _TOKEN),
    **dict.fromkeys((40013, 40125, 41002, 41004), _CONFIG),
    **dict.fromkeys((40164, 61004, 89501, 89503, 89506, 89507), _ADDRESS),
    **dict.fromkeys((48001, 61003, 61007), _PERMISSION),
    **dict.fromkeys((48004, 50002), _BANNED),
    **dict.fromkeys((47009, 45103), _RETIRED),
    **dict.fromkeys((61500, 61501), _DATES),
    **dict.fromkeys((53600, 88001), _ITEM),
    45009: (Outcome.QUOTA, "今日接口调用次数已用完,明日再试"),
    45011: (Outcome.RATE_LIMITED, "接口调用过于频繁,稍后再试"),
    88000: (Outcome.NOT_OBSERVABLE, "平台未向该账号提供留言功能"),
    -1: (Outcome.TRANSPORT, "平台系统繁忙"),
}
_IP = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")


def answer(exchange: Exchange) -> Json:
    """The data of an owner interface. Raises Unread for an error number other than 0 and NO_MENU."""
    root = envelope(exchange)
    code = _code(root)
    if code not in (0, NO_MENU):
        raise _refused(code, root)
    return root


def trouble(exchange: Exchange) -> Unseen | None:
    """Why an answer holds no data, None where it does: after any trouble nothing more is asked."""
    told = attempt(DATA, answer, exchange)
    return told if isinstance(told, Unseen) else None


def says_no_menu(root: Json) -> bool:
    """Whether the answer is 46003."""
    return _code(root) == NO_MENU


def _code(root: Json) -> int:
    return root.at("errcode").count() or 0


def _refused(code: int, root: Json) -> Unread:
    message = squeeze(root.at("errmsg").text())
    outcome, words = _MEANING.get(code, (Outcome.DRIFT, f"接口返回未见过的错误:{clip(message, 60)}"))
    address = _IP.search(message)
    if (outcome, words) == _ADDRESS and address:
        words = f"{words},请添加 {address[0]}"
    return Unread(outcome, f"{words}(errcode {code})")
