"""Pages that show no article: walls, notices and what each of them proves (formats/weixin.md §5 guards 5 and 6, §6).

Texts are looked for in message nodes only, never in the whole document: the scripts of every page hold all of them.
"""

import re
from collections.abc import Mapping

from adapters.weixin import dom
from adapters.weixin.answers import is_challenge_url
from adapters.weixin.script import Js, record
from tracker.adapter import Unread
from tracker.model import Identity, Outcome
from tracker.text import clip, key

_PAGE_MID = re.compile(rb"PAGE_MID\s*=\s*[\"']([^\"'\n]*)[\"']")
_TRANSFER = re.compile(rb"transferTargetLink[\"']?\s*[=:]\s*(?:JsDecode\()?[\"'](https?:[^\"'\s]{10,600})[\"']")
_NOTICES: tuple[tuple[Outcome, tuple[str, ...]], ...] = (
    (Outcome.CHALLENGE, ("环境异常", "去验证", "访问过于频繁", "验证身份")),
    (
        Outcome.GONE,
        ("此帐号已自主注销", "此账号已自主注销", "帐号已被屏蔽", "账号已被屏蔽", "帐号已被系统回收", "账号已被系统回收"),
    ),
    (Outcome.GONE, ("公众号已自主注销", "公众号已被屏蔽", "此帐号已被屏蔽", "帐号已回收", "账号已回收")),
    (Outcome.INCONSISTENT, ("公众号已迁移", "帐号迁移流程", "账号迁移流程")),
    (Outcome.ITEM_GONE, ("该内容已被发布者删除", "deleted by the author")),
    (Outcome.ITEM_GONE, ("此内容因违规无法查看", "涉嫌侵权", "被第三方辟谣", "violates regulation", "violation of regulations")),
    (Outcome.RESTRICTED, ("根据作者隐私设置",)),
    (Outcome.AMBIGUOUS_EMPTY, ("该内容暂时无法查看", "此内容发送失败无法查看", "参数错误", "链接已过期")),
    (Outcome.AMBIGUOUS_EMPTY, ("请在微信客户端打开链接",)),
)
"""Which notice means what. `restricted` becomes an unseen `restricted`: the reason, without any value."""
_WALL_WORDS = _NOTICES[0][1]


def verdict(tree: dom.Tree, body: bytes) -> Unread:
    """What a page without an article says; an unknown page is `drift`, never a deletion (guard 6)."""
    mid = _PAGE_MID.search(body)
    if (mid and is_challenge_url(mid[1].decode("utf-8", errors="replace"))) or _loads_challenge(tree):
        return _challenge("验证页面")
    notice = _notice(tree)
    if notice:
        return _of_notice(notice)
    return _of_blank(tree, body)


def transfer_target(body: bytes) -> str:
    """Where a migrated account's page leads (§6), an https link of the page host, else ""."""
    hit = _TRANSFER.search(body)
    if not hit:
        return ""
    link = hit[1].decode("utf-8", errors="replace").replace("\\x26", "&").replace("\\/", "/").replace("&amp;", "&")
    link = re.sub(r"^http:", "https:", link)
    return link if link.startswith("https://mp.weixin.qq.com/") else ""


def closing(body: bytes) -> str:
    """The platform's own words that the account was cancelled, blocked or recycled, "" where a page does not say so."""
    try:
        notice = _notice(dom.parse(body))
    except Unread:
        return ""
    signs = (sign for outcome, told in _NOTICES if outcome is Outcome.GONE for sign in told)
    return clip(notice, 60) if any(key(sign) in key(notice) for sign in signs) else ""


def named(body: bytes) -> Identity | None:
    """The account that a violation notice names in `cgiData`, None where it names none."""
    told = _cgi_data(body)
    user_name, name = told.get("user_name"), told.get("nick_name")
    if isinstance(user_name, str) and user_name.startswith("gh_"):
        return Identity(ids={"user_name": user_name}, name=name if isinstance(name, str) else "")
    return None


def violation_reason(body: bytes) -> str:
    """`del_reason` of a violation notice in the platform's own words, "" where there is none."""
    reason = _cgi_data(body).get("del_reason")
    return reason if isinstance(reason, str) else ""


def _cgi_data(body: bytes) -> Mapping[str, Js]:
    try:
        return record(body, "window.cgiData") or {}
    except Unread:
        return {}


def _loads_challenge(tree: dom.Tree) -> bool:
    return any(is_challenge_url(node.get("src") or node.get("href") or "") for node in tree.iter("script", "link", "img"))


def _notice(tree: dom.Tree) -> str:
    """Texts of the message nodes, titles first."""
    titles = [dom.text_of(node) for node in dom.by_class(tree, "weui-msg__title")]
    blocks = [dom.text_of(p) for block in dom.by_class(tree, "mesg-block") for p in block.iter("p")]
    descriptions = [dom.text_of(node) for node in dom.by_class(tree, "weui-msg__desc")]
    return " ".join(text for text in (*titles, *blocks, *descriptions) if text)


def _of_notice(notice: str) -> Unread:
    for outcome, signs in _NOTICES:
        if any(key(sign) in key(notice) for sign in signs):
            return _challenge(notice) if outcome is Outcome.CHALLENGE else Unread(outcome, f"页面提示:{clip(notice, 60)}")
    return Unread(Outcome.DRIFT, f"未见过的提示页:{clip(notice, 60)}")


def _of_blank(tree: dom.Tree, body: bytes) -> Unread:
    """The 2019 verification page writes its text by script; where nothing is visible its script is all there is to read."""
    scripts = " ".join(node.text or "" for node in tree.iter("script"))
    if not _visible(tree) and any(word in scripts for word in _WALL_WORDS):
        return _challenge("验证身份")
    app = dom.by_id(tree, "app")
    if app is not None and not dom.text_of(app) and len(app) == 0:
        return Unread(Outcome.RESTRICTED, "页面没有内容(可能因作者隐私设置不公开)")
    if b"</html" not in body[-4096:].lower():
        return Unread(Outcome.TRANSPORT, "页面传输不完整")
    return Unread(Outcome.DRIFT, "既没有文章,也没有已知的提示,版式可能已变")


def _visible(tree: dom.Tree) -> str:
    found = next(tree.iter("body"), None)
    return dom.text_of(found) if found is not None else ""


def _challenge(what: str) -> Unread:
    return Unread(Outcome.CHALLENGE, f"出现验证页面({clip(what, 30)}),需由人处理")
