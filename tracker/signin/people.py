"""Users as an administrator makes and changes them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from tracker import text
from tracker.errors import UsageError
from tracker.people import TITLES, Role
from tracker.store import AuditFilter, Store, User
from tracker.store.part import stamp

_LONGEST = 60
_WITNESS = ("looks/{account_id}", "review/{account_id}/{code}", "review/bulk", "consult/rule/{number}")
_WITNESS_API = ("looks/{account_id}", "decisions/{account_id}/{code}", "objections/{number}/ruling")
_SPOKEN = (*(f"POST /{one}" for one in _WITNESS), *(f"POST /api/v1/{one}" for one in _WITNESS_API))
"""What makes somebody stand behind a finding by name, as the audit log calls it."""
_LIST = "noncompliant"
"""The printed list that ends a check."""
_ROWS = 500


def login_of(told: str) -> str:
    """A login as it is kept: without blanks, width and case of no matter. Raises UsageError."""
    found = text.key(told)
    if not found or len(found) > _LONGEST or not found.isprintable():
        raise UsageError(f"登录名要有 1 到 {_LONGEST} 个字,不含空格")
    return found


def checked(store: Store, told: User) -> User:
    """The user as they may be kept: what the role needs is there and known, what it does not need is gone. Raises UsageError."""
    name = _name(told.name)
    region = told.region if told.role is Role.COUNTY else ""
    organisations = told.organisations if told.role is Role.UNIT else frozenset()
    if told.role is Role.COUNTY:
        _known("县区", [region] if region else [], {one.region for one in store.accounts()} - {""})
    if told.role is Role.UNIT:
        _known("单位", organisations, {one.organisation for one in store.accounts()} - {""})
    return replace(told, name=name, region=region, organisations=frozenset(organisations))


def _name(told: str) -> str:
    name = text.squeeze(told)
    if not name or len(name) > _LONGEST:
        raise UsageError(f"姓名要有 1 到 {_LONGEST} 个字;复核、印发等记录里写的就是它")
    return name


def _known(what: str, told: Collection[str], known: Collection[str]) -> None:
    if not told:
        raise UsageError(f"{what}用户要选定{what},不选就什么也看不到;台账里现有 {len(known)} 个{what}")
    if strange := sorted(set(told) - set(known)):
        wanted = text.key(strange[0])
        near = [one for one in sorted(known) if wanted in text.key(one) or text.key(one) in wanted][:3]
        told_near = f",相近的有 {'、'.join(near)}" if near else ""
        raise UsageError(f"台账里没有{what}“{strange[0]}”{told_near};请照台账里的写法填,或先导入台账")


def add(store: Store, told: User) -> User:
    """Keep a new user. Raises UsageError for a login that is taken, a name that is missing, an unknown region or unit."""
    return store.add_user(checked(store, replace(told, login=login_of(told.login))))


def change(store: Store, told: User) -> User:
    """Keep a user's new name, role, scope or state. Raises UsageError; there is always an administrator who can sign in.

    Records know people by name: under another one the same person would be the second of two. So the name stays while a check
    that is not printed yet rests on it.
    """
    changed = checked(store, told)
    before = store.user(user_id=told.id)
    if before and text.key(before.name) != text.key(changed.name) and _has_spoken(store, before):
        raise UsageError(
            f"“{before.name}”已经在还没有印发的检查里查看或复核过,现在改名会被当成另一个人(两人复核);请等印发以后再改,名称没有改"
        )
    with store.transaction():
        # two administrators who disable each other at once: the second must see what the first did
        store.hold_users()
        others = [one for one in store.users() if one.id != told.id and one.role is Role.ADMIN and not one.disabled]
        if not others and (told.role is not Role.ADMIN or told.disabled):
            raise UsageError(f"这是最后一个能用的{TITLES[Role.ADMIN]},不能停用,也不能改成别的角色;请先另设一个")
        store.change_user(changed)
    return changed


def first_of(login: str, name: str, at: datetime) -> User:
    """The first administrator, who is not kept yet. Raises UsageError."""
    return User(login=login_of(login), name=_name(name), role=Role.ADMIN, at=at)


def _has_spoken(store: Store, user: User) -> bool:
    """Whether a formal check that may still be printed holds a look or a decision of theirs."""
    checks = [one for one in store.sweeps() if one.kind == "check"]
    still = [one for one in checks if one is checks[-1] or _open(store, one.period)]
    begun = [one.started_at for one in still if not any(held.kind == "final" for held in store.prints(one.name, _LIST))]
    if not begun:
        return False
    wanted, before = AuditFilter(person=user.name, since=stamp(min(begun))), None
    while rows := store.audit_page(wanted, before, _ROWS):
        if any(one.login == user.login and one.action.partition(" token ")[0] in _SPOKEN for one in rows if one.outcome < "4"):
            return True
        before = rows[-1].number
    return False


def _open(store: Store, period: str | None) -> bool:
    found = store.period(period) if period else None
    return found is not None and not found.closed_at
