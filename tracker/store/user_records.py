"""What the store gives back of users and what they hold."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.people import RIGHTS, Person, Right, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in, unless disabled."""

    id: int = 0
    """Ours; 0 = not stored yet."""
    login: str
    """As `tracker.text.key`: two that differ by case or width are one."""
    name: str
    """What is recorded of what they do."""
    role: Role
    region: str = ""
    organisations: frozenset[str] = frozenset()
    password: str = ""
    """An argon2 hash; empty = none was set."""
    subject: str = ""
    """`sub` of the office's own sign-on, once it was seen; empty = never."""
    disabled: bool = False
    at: datetime

    @property
    def person(self) -> Person:
        """As pages and API see them."""
        return Person(
            login=self.login,
            name=self.name,
            role=self.role,
            region=self.region,
            organisations=self.organisations,
            rights=RIGHTS[self.role],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHeld:
    """A signed-in browser."""

    digest: str
    owner: int
    address: str
    agent: str
    """What the browser calls itself."""
    at: datetime
    """When it signed in."""
    seen: datetime
    """When it last came, to a minute."""


class Purpose(StrEnum):
    """What a one-time link is for."""

    FIRST = "first"
    """To make the first administrator."""
    INVITE = "invite"
    """To set the first password of a user."""
    RESET = "reset"
    """To set another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOnce:
    """A one-time link."""

    purpose: Purpose
    owner: int | None
    """The user; None = the first administrator, who is none yet."""
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An API token, without the word that opens."""

    id: int = 0
    owner: int
    name: str
    rights: frozenset[Right]
    at: datetime
    expires: datetime
    revoked: bool = False
    used: datetime | None = None
    """When it last came, to a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was answered to a request that named an idempotency key."""

    request: str
    """Digest of the request; another request under the same key is a mistake."""
    status: int
    """HTTP; 0 = still at work, or it ended without an answer."""
    kind: str
    """Content type of the body."""
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One row of the audit log."""

    number: int
    """From 1, without gaps."""
    at: str
    """UTC, ISO, as it was hashed."""
    person: str
    login: str
    role: str
    address: str
    action: str
    """Method and route, or `cli` and the command."""
    targets: str
    """Which things: `account_id=… code=…`."""
    outcome: str
    previous: str
    """Hash of the row before; empty = the first."""
    sha256: str
