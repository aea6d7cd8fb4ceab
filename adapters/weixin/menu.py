"""The menu and the automatic replies, and what of them lets the public speak (formats/weixin.md §3.1, §4, guard 12)."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.weixin.errcode import answer, says_no_menu
from tracker.adapter import Unread
from tracker.model import Exchange, Hit, MenuEntry, Outcome
from tracker.payload import Json

SPEAK = re.compile("互动|交流|留言|咨询|信箱|投诉|举报|建议|信访|12345|问政|意见")
"""Names of entries through which the public can speak (§4)."""
PLACEHOLDERS = ("菜单名称", "子菜单名称", "新建菜单", "未命名", "test", "测试")
"""Names that stand in the editor before anybody types one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuPage:
    """A menu as read: `dead` are paths of entries that lead nowhere, `notes` faults a person should see."""

    is_open: bool
    entries: tuple[MenuEntry, ...] = ()
    dead: frozenset[str] = frozenset()
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
    found = [pair for top in root.at("selfmenu_info", "button").rows() for pair in _top(top)]
    entries = tuple(entry for entry, _ in found)
    dead = frozenset(entry.path for entry, alive in found if not alive)
    return MenuPage(is_open=True, entries=entries, dead=dead, notes=(*_faults(entries, dead),))


def _top(top: Json) -> Iterator[tuple[MenuEntry, bool]]:
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


def _entry(button: Json, path: str) -> tuple[MenuEntry, bool]:
    """An entry, and whether it leads anywhere: no type, or news without an article, leads nowhere."""
    kind = button.at("type").text()
    url = button.at("url").text()
    alive = bool(kind)
    if kind == "view":
        alive = bool(url)
    if kind == "news":
        news = button.must("news_info", "list").rows() if button.tells("news_info") else ()
        url = next((link for row in news if (link := row.at("content_url").text())), "")
        alive = bool(url)
    return MenuEntry(path=path, kind=kind, url=url.replace("&amp;", "&")), alive


def _faults(entries: Sequence[MenuEntry], dead: frozenset[str]) -> Iterator[str]:
    """Remarks on a menu for a person (§4, menu checks); whether a link opens is not looked at here."""
    for entry in entries:
        if any(name.strip().casefold() in PLACEHOLDERS for name in entry.path.split("/")):
            yield f"菜单“{entry.path}”是未改的占位名称"
        if entry.path in dead:
            yield f"菜单“{entry.path}”{'所指图文已删除或为空' if entry.kind == 'news' else '没有内容'}"
    for what, told in (("名称", [e.path for e in entries]), ("链接", [e.url for e in entries if e.url])):
        for value, times in Counter(told).items():
            if times > 1:
                yield f"菜单{what}重复 {times} 次:{value[:60]}"


def ways_to_speak(page: MenuPage) -> tuple[Hit, ...]:
    """Entries whose name offers interaction and which lead somewhere, as far as the interface tells."""
    return tuple(
        Hit(kind="菜单", quote=entry.path, url=entry.url)
        for entry in page.entries
        if entry.path not in page.dead and SPEAK.search(entry.path) and entry.path.split("/")[-1].casefold() not in PLACEHOLDERS
    )


def autoreply_note(exchange: Exchange) -> str:
    """The state of automatic replies, supporting evidence only (§4); Raises Surprise where it is not understood."""
    root = answer(exchange)
    states = [root.must(key).flag() for key in ("is_add_friend_reply_open", "is_autoreply_open")]
    return "已开启自动回复(不单独算作互动功能)" if any(states) else "未开启自动回复"
