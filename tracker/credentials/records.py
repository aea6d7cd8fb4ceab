"""What is known of a credential (凭据) besides its secret: whose it is, what it opens, how it did last."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.clock import SHANGHAI
from tracker.model import Outcome

SOON = timedelta(days=3)
"""An end so near is told before a sweep."""
DEAD = frozenset({Outcome.LOGIN_WALL, Outcome.AUTH})
"""A credential that ended so opens nothing until a person renews it; other walls pass by themselves."""


class Kind(StrEnum):
    """What the secret is."""

    SESSION = "session"
    """Cookies of a browser login (登录态), Playwright's storage state."""
    OWNER = "owner"
    """AppID and AppSecret of one account."""
    DELEGATE = "delegate"
    """An owner's authorisation of a 第三方平台: authoriser AppID and refresh token."""
    COMPONENT = "component"
    """The 第三方平台 itself: AppID, AppSecret and its latest ticket; no use without a delegate."""

    @property
    def auth(self) -> str:
        """The word of `Adapter.needs` that it serves; empty = none by itself."""
        return {Kind.SESSION: "session", Kind.OWNER: "owner", Kind.DELEGATE: "owner"}.get(self, "")

    @property
    def words(self) -> str:
        """In Chinese."""
        return _TITLES[self]


_TITLES = {
    Kind.SESSION: "登录态",
    Kind.OWNER: "AppSecret",
    Kind.DELEGATE: "第三方平台授权",
    Kind.COMPONENT: "第三方平台",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One credential without its secret. All times are aware."""

    name: str
    kind: Kind
    platform: str
    account_id: str = ""
    """Owner's grants: the account that it opens."""
    label: str = ""
    """Whose it is: 办公室账号 …"""
    added_at: datetime
    who: str
    expires_at: datetime | None = None
    """None = the secret does not tell."""
    last_fit: datetime | None = None
    """When the control account, or the owner's own data, last read well with it."""
    last_outcome: Outcome | None = None
    """How the last use ended; None = never used."""
    last_detail: str = ""
    last_used: datetime | None = None
    key: str = ""
    """Which key it was sealed with: a mark of the key, not the key."""

    def expired(self, at: datetime) -> bool:
        """Whether its own end has passed."""
        return self.expires_at is not None and self.expires_at <= at

    def unfit(self, at: datetime) -> str:
        """Why it must not be used; empty = it may."""
        if self.expired(at) and self.expires_at:
            return f"{_DEAD[self.kind]}:已于{minute(self.expires_at)}到期"
        if self.last_outcome in DEAD:
            return f"{_DEAD[self.kind]}:{self.last_detail or '上次使用被拒绝'}"
        return ""

    def warning(self, at: datetime) -> str:
        """What a person should do before a sweep; empty = nothing."""
        if why := self.unfit(at):
            return f"{why};本次不用它,请重新{_AGAIN[self.kind]}"
        if self.expires_at and self.expires_at - at <= SOON:
            return f"将于{minute(self.expires_at)}到期,请尽快重新{_AGAIN[self.kind]}"
        if self.last_outcome not in (None, Outcome.OK):
            return f"上次使用没有读好({self.last_detail or self.last_outcome});可先用 tracker credentials test {self.name} 试一次"
        return ""


def minute(at: datetime) -> str:
    """`2026-11-06 09:30`, in Asia/Shanghai."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


_DEAD = {
    Kind.SESSION: "登录态失效",
    Kind.OWNER: "授权失效",
    Kind.DELEGATE: "授权失效",
    Kind.COMPONENT: "第三方平台凭据失效",
}
_AGAIN = {Kind.SESSION: "登录", Kind.OWNER: "添加", Kind.DELEGATE: "授权", Kind.COMPONENT: "送入最新的 ticket"}


@dataclass(frozen=True, slots=True)
class Hidden:
    """A secret in memory: its text is told by nothing but `value`."""

    value: dict[str, object] = field(repr=False)
