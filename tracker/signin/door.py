"""The door: who comes with which cookie, password, token or link. Every way in or refusal is a row of the audit log."""

import hmac
import ipaddress
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker import audit
from tracker.clock import Clock
from tracker.errors import UsageError
from tracker.people import Person, Right
from tracker.settings import ServerSettings
from tracker.signin.passwords import Hasher, weak
from tracker.store import LinkOnce, Purpose, SessionHeld, Store, Token, User
from tracker.text import clip, key

FREE_TRIES, FREE_TRIES_OF_ADDRESS = 5, 40
"""Failed sign-ins in a row before the door shuts for a while: of one login, of one address (an office shares one)."""
_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)
"""How long it shuts at first, doubled with every further try; at most."""
_FORGET = timedelta(days=1)
_SEEN = timedelta(minutes=1)
"""How exactly it is noted when somebody came last: not every request is to write."""
LINK_LASTS = {Purpose.FIRST: timedelta(minutes=30), Purpose.INVITE: timedelta(days=3), Purpose.RESET: timedelta(days=1)}
WRONG = "登录名或密码不对"
TOKEN_MARK = "trk_"  # noqa: S105 - how a token begins, so that one that leaked into a file can be found


class Refused(UsageError):
    """Somebody was not let in; the message does not tell whether there is such a user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Somebody who is in."""

    user: User
    cookie: str
    """In clear; the database keeps its digest."""

    @property
    def csrf(self) -> str:
        """The word that every change of theirs carries."""
        return csrf_of(self.cookie)


def csrf_of(cookie: str) -> str:
    """Derived from the cookie, so that it need not be kept: whoever reads the database cannot make it."""
    return hmac.new(cookie.encode(), b"csrf", "sha256").hexdigest()


class Door:
    """Lives as long as the server; keeps nothing that the database does not."""

    def __init__(self, store: Store, told: ServerSettings, *, clock: Clock, hasher: Hasher | None = None) -> None:
        self.store, self.clock, self.hasher = store, clock, hasher or Hasher()
        self._idle, self._whole = timedelta(hours=told.idle_hours), timedelta(hours=told.whole_hours)

    # coming and going

    def sign_in(self, login: str, password: str, *, address: str, agent: str = "") -> Came:
        """Let somebody in by password. Raises Refused."""
        now, told = self.clock(), key(login)[:200]
        user = self.store.user(login=told)
        self._count(told, address, user, now)
        if not self.hasher.fits(user.password if user and not user.disabled else "", password) or user is None:
            self.note(user, "sign-in", "failed", address)
            raise Refused(WRONG)
        if self.hasher.stale(user.password):
            self.store.set_password(user.id, self.hasher.hash(password))
        self.store.clear_tries(f"login {told}")
        self.store.undo_try(f"address {prefix(address)}", now)
        return self.let_in(user, address=address, agent=agent)

    def let_in(self, user: User, *, address: str, agent: str = "", how: str = "sign-in") -> Came:
        """A new session for a user who proved who they are; every sign-in has a cookie of its own."""
        now, cookie = self.clock(), secrets.token_urlsafe(32)
        self.store.drop_sessions(begun=now - self._whole, seen=now - self._idle)
        self.store.drop_tries(now - _FORGET)
        self.store.add_session(
            cookie, SessionHeld(digest="", owner=user.id, address=address, agent=clip(agent, 120), at=now, seen=now)
        )
        self.note(user, how, "done", address)
        return Came(user=user, cookie=cookie)

    def came(self, cookie: str) -> Came | None:
        """Who holds this cookie; None for a stranger, an old session, somebody disabled."""
        found = self.store.session(cookie) if cookie else None
        if found is None:
            return None
        held, user = found
        now = self.clock()
        if user.disabled or now >= held.at + self._whole or now >= held.seen + self._idle:
            return None
        if now - held.seen >= _SEEN:
            self.store.see_session(held.digest, now)
        return Came(user=user, cookie=cookie)

    def sign_out(self, came: Came, *, address: str) -> None:
        """End this one session."""
        if found := self.store.session(came.cookie):
            self.store.end_sessions(came.user.id, only=[found[0].digest])
            self.note(came.user, "sign-out", "done", address)

    def _count(self, login: str, address: str, user: User | None, now: datetime) -> None:
        places = ((f"address {prefix(address)}", FREE_TRIES_OF_ADDRESS), (f"login {login}", FREE_TRIES))
        for name, free in places:
            until = self.store.count_try(name, now, lambda count, free=free: now + pause(count - free), now - _FORGET)  # type: ignore[misc]  # mypy does not know a default that binds
            if until is not None:
                self.note(user, "sign-in", "locked", address)
                wait = max(1, round((until - now).total_seconds()))
                raise Refused(f"连续多次没有登录成功,请 {wait} 秒后再试;忘了密码请找管理员")

    def note(self, user: User | None, action: str, outcome: str, address: str) -> None:
        """A row in the audit log."""
        audit.record(self.store, self.clock(), user.person if user else None, action, outcome, address=address)

    # one-time links and passwords

    def first(self) -> str:
        """The word of a link to make the first administrator; empty where there are users."""
        return "" if self.store.any_user() else self.link(Purpose.FIRST)

    def link(self, purpose: Purpose, owner: int | None = None) -> str:
        """The word of a new one-time link; earlier ones of the same user work no more."""
        word = secrets.token_urlsafe(24)
        expires = self.clock() + LINK_LASTS[purpose]
        self.store.add_link_once(word, LinkOnce(purpose=purpose, owner=owner, expires=expires))
        return word

    def reset(self, user: User) -> str:
        """The word of a link for another password; whoever came in with the old one is out, and no lock is left."""
        word = self.link(Purpose.RESET if user.password else Purpose.INVITE, user.id)
        self._changed(user, "")
        return word

    def linked(self, word: str, *, first: bool) -> User | None:
        """Whose password the link of this word sets; None = the first administrator's. Raises Refused."""
        found = self.store.link_once(word)
        self._must_hold(found, first=first)
        return self.store.user(user_id=found.owner) if found and found.owner is not None else None

    def _must_hold(self, found: LinkOnce | None, *, first: bool) -> None:
        if found is None or found.expires <= self.clock() or (found.purpose is Purpose.FIRST) is not first:
            raise Refused("这个链接已经用过、过期或不对;请向给您链接的人再要一个")
        if first and self.store.any_user():
            raise Refused("管理员已经设好了,请直接登录;忘了密码可在服务器上运行 tracker users reset")

    def use_link(self, word: str, user: User, password: str) -> User:
        """Set a password by a link, which works no more. A `user` without id is the first administrator. Raises UsageError."""
        first = not user.id
        self.hashable(password, user)
        hashed = self.hasher.hash(password)
        with self.store.transaction():
            self._must_hold(self.store.link_once(word, use=True), first=first)
            if first:
                return self.store.add_user(replace(user, password=hashed))
            self._changed(user, hashed)
        return user

    def change_password(self, came: Came, old: str, new: str, *, address: str) -> None:
        """Set another password; other browsers and all tokens of this user are out. Raises UsageError."""
        user = came.user
        self._count(user.login, address, user, self.clock())
        if not self.hasher.fits(user.password, old):
            raise Refused("现在的密码不对,没有改")
        self.store.clear_tries(f"login {user.login}")
        self.store.undo_try(f"address {prefix(address)}", self.clock())
        self.hashable(new, user)
        hashed = self.hasher.hash(new)
        held = self.store.session(came.cookie)
        with self.store.transaction():
            self._changed(user, hashed, but=held[0].digest if held else "")

    def hashable(self, password: str, user: User) -> None:
        """Raises UsageError for a password that is too easy to guess."""
        if problem := weak(password, (user.login, user.name, user.region, *user.organisations)):
            raise UsageError(problem)

    def _changed(self, user: User, hashed: str, *, but: str = "") -> None:
        self.store.set_password(user.id, hashed)
        self.store.end_sessions(user.id, but=but)
        self.store.revoke_tokens(user.id)
        self.store.clear_tries(f"login {user.login}")

    # API tokens

    def new_token(self, user: User, name: str, rights: frozenset[Right], days: int) -> str:
        """The word of a new token, shown this once. Raises UsageError."""
        if not name.strip() or not rights or not 1 <= days <= 366:
            raise UsageError("令牌要有名称、至少一项权限,有效期 1 到 366 天")
        word = TOKEN_MARK + secrets.token_urlsafe(32)
        now = self.clock()
        told = Token(
            owner=user.id,
            name=clip(name.strip(), 60),
            rights=rights & user.person.rights,
            at=now,
            expires=now + timedelta(days=days),
        )
        self.store.add_token(word, told)
        return word

    def by_token(self, word: str) -> tuple[Person, Token] | None:
        """Whose token this is, with no more than its rights; None: unknown, old, revoked, or of somebody disabled."""
        found = self.store.token(word) if word.startswith(TOKEN_MARK) else None
        if found is None:
            return None
        token, user = found
        now = self.clock()
        if token.revoked or user.disabled or now >= token.expires:
            return None
        if token.used is None or now - token.used >= _SEEN:
            self.store.see_token(token.id, now)
        return user.person.only(token.rights), token


def pause(over: int) -> timedelta:
    """How long the door is shut after so many tries over what is free."""
    return min(_PAUSE * 2 ** min(over, 10), _LONGEST_PAUSE) if over >= 0 else timedelta(0)


def prefix(address: str) -> str:
    """What counts as one address: an IPv6 customer holds a whole /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address
