"""The menu and the automatic replies, and what of them lets the public speak (formats/weixin.md §3.1, §4, guard 12)."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.weixin.errcode import answer, says_no_menu
from tracker.adapter import Unread
from tracker.model import Exchange, Hit, MenuEntry, Outcome, Target
from tracker.payload import Json

SPEAK = re.compile("互动|交流|留言|咨询|信箱|投诉|举报|建议|信访|12345|问政|意见")
"""Names of entries through which the public can speak (§4)."""
PLACEHOLDERS = ("菜单名称", "子菜单名称", "新建菜单", "未命名", "test", "测试")
"""Names that stand in the editor before anybody types one."""
NOWHERE = frozenset({Outcome.EMPTY, Outcome.ITEM_GONE})
"""Outcomes of a target behind which there is nothing for the public."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuPage:
    """A menu as read: entries carry a target where the interface itself tells it, `notes` are faults a person should see."""

    is_open: bool
    entries: tuple[MenuEntry, ...] = ()
    notes: tuple[str, ...] = ()


def read(exchange: Exchange) -> MenuPage:
    """`get_current_selfmenu_info`. 46003 is data: there is no menu. Raises Surprise where a button is not understood."""
    root = answer(exchange)
    if says_no_menu(root):
        return MenuPage(is_open=False, notes=("平台称没有自定义菜单(46003)",))
    if not root.must("is_menu_open").flag():
        return MenuPage(is_open=False, notes=("自定义菜单未开启",))
    if not root.at("selfmenu_info").tells("button"):
        raise Unread(Outcome.DRIFT, "菜单已开启,但应答 $.selfmenu_info.button 缺失")
    entries = tuple(entry for top in root.at("selfmenu_info", "button").rows() for entry in _top(top))
    return MenuPage(is_open=True, entries=entries, notes=(*_faults(entries),))


def _top(top: Json) -> Iterator[MenuEntry]:
    """The entries of one top button: its sub list, or itself."""
    name = top.must("name").text()
    subs = _subs(top)
    if not subs:
        yield _entry(top, name)
    for sub in subs:
        yield _entry(sub, f"{name}/{sub.must('name').text()}")


def _subs(top: Json) -> tuple[Json, ...]:
    below = top.at("sub_button")
    return below.at("list").rows() if below.tells("list") else below.rows() if isinstance(below.value, list) else ()


def _entry(button: Json, path: str) -> MenuEntry:
    """An entry; its target is told here only where it leads nowhere: no type, a link left blank, news without an article."""
    kind, url = button.at("type").text(), button.at("url").text()
    target = None if kind else Target(outcome=Outcome.EMPTY, detail="没有内容")
    if kind == "view" and not url:
        target = Target(outcome=Outcome.EMPTY, detail="没有填写链接")
    if kind == "news":
        news = button.must("news_info", "list").rows() if button.tells("news_info") else ()
        url = next((link for row in news if (link := row.at("content_url").text())), "")
        target = None if url else Target(outcome=Outcome.ITEM_GONE, detail="所指图文已删除或为空")
    return MenuEntry(path=path, kind=kind, url=url.replace("&amp;", "&"), target=target)


def _faults(entries: Sequence[MenuEntry]) -> Iterator[str]:
    """Remarks on a menu for a person (§4, menu checks), as far as the interface itself tells."""
    for entry in entries:
        if any(name.strip().casefold() in PLACEHOLDERS for name in entry.path.split("/")):
            yield f"菜单“{entry.path}”是未改的占位名称"
        if entry.target:
            yield f"菜单“{entry.path}”{entry.target.detail}"
    for what, told in (("名称", [e.path for e in entries]), ("链接", [e.url for e in entries if e.url])):
        for value, times in Counter(told).items():
            if times > 1:
                yield f"菜单{what}重复 {times} 次:{value[:60]}"


def ways_to_speak(entries: Sequence[MenuEntry]) -> tuple[Hit, ...]:
    """Entries whose name offers interaction and behind which something stands, as far as it is known (§4)."""
    return tuple(
        Hit(kind="菜单", quote=entry.path, url=entry.url)
        for entry in entries
        if not (entry.target and entry.target.outcome in NOWHERE)
        and SPEAK.search(entry.path)
        and entry.path.split("/")[-1].casefold() not in PLACEHOLDERS
    )


def auto_reply(exchange: Exchange) -> bool:
    """Whether automatic replies are on, supporting evidence only (§4). Raises Surprise where it is not understood."""
    root = answer(exchange)
    states = [root.must(key).flag() for key in ("is_add_friend_reply_open", "is_autoreply_open")]
    return any(states)
