"""Whether a page shows the account that was asked for (formats/weibo.md §1, guard 1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.weibo.account import Profile, of_row
from adapters.weibo.ids import ids_in
from adapters.weibo.lists import ListPage
from tracker.adapter import Unread, filed_ids
from tracker.model import Account, Outcome, Visit
from tracker.text import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """The account that a visit shows: `uid` "" and `profile` None where nothing on the pages tells."""

    uid: str = ""
    profile: Profile | None = None
    notes: tuple[str, ...] = ()


def whom(
    visit: Visit, profiles: Sequence[Profile], authors: Sequence[Profile], lists: Sequence[ListPage], hints: Sequence[str]
) -> Who:
    """Whom the pages show. Raises Unread(INCONSISTENT) where that is not the account asked for.

    `authors` wrote the single posts of the visit, `hints` are the uids in the addresses of its lists and comments.
    """
    asked = filed_ids(visit.account, ids_in).get("uid", "") if visit.account else ""
    shown = [*(who for who in profiles if who.uid), *authors]
    _agree(asked, shown, authors, hints)
    uid = asked or (shown[0].uid if shown else "") or next(iter(hints), "")
    best = next((who for who in shown if who.uid == uid), None) or _own(lists, uid)
    if best is None or visit.account is None:
        return Who(uid=uid, profile=best)
    return Who(uid=uid, profile=best, notes=(_renamed if asked else _by_name)(visit.account, best))


def _agree(asked: str, shown: Sequence[Profile], authors: Sequence[Profile], hints: Sequence[str]) -> None:
    wanted = {asked} if asked else {shown[0].uid} if shown else set(hints[:1])
    others = [uid for uid in (*(who.uid for who in authors), *hints) if uid not in wanted]
    if shown and not any(who.uid in wanted for who in shown):
        others.append(shown[0].uid)
    if others:
        raise Unread(Outcome.INCONSISTENT, f"页面显示的是别的账号(uid {others[-1]},应为 {'、'.join(wanted)})")


def _own(lists: Sequence[ListPage], uid: str) -> Profile | None:
    """The author of an own row, for want of a profile page."""
    for page in lists:
        for row in page.rows:
            if uid and row.user == uid and row.name and not row.liked:
                return of_row(row)
    return None


def _renamed(account: Account, shown: Profile) -> tuple[str, ...]:
    if key(shown.name) == key(account.name):
        return ()
    return (f"页面名称为“{shown.name}”,台账名称为“{account.name}”(uid 相同,可能已改名)",)


def _by_name(account: Account, shown: Profile) -> tuple[str, ...]:
    ids = filed_ids(account, ids_in)
    domain = ids.get("domain", "")
    if domain and domain.casefold() == shown.domain.casefold():
        return ("台账没有 uid,按个性域名认定", *_renamed(account, shown))
    names = {key(account.name), key(ids.get("screen_name", ""))} - {""}
    if key(shown.name) in names:
        return ("台账没有 uid,按名称认定",)
    raise Unread(Outcome.INCONSISTENT, f"台账没有 uid,而页面名称“{shown.name}”与台账名称“{account.name}”不同")
