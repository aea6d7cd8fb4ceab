"""Accounts, periods, visits, and what lies stored of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.model.aspects import Observation
from tracker.model.outcome import Aspect, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One filed account (台账 row). `account_id` is ours and never changes; `ids` are the platform's own."""

    account_id: str
    platform: str
    """Slug of the adapter, or a slug of the platform table without an adapter."""
    kind: str
    """Fine type as filed or derived: 新浪微博, 微信订阅号 …"""
    name: str
    organisation: str = ""
    supervisor: str = ""
    org_type: str = ""
    region: str = ""
    certified_org: str = ""
    opened_on: date | None = None
    update_freq: str = ""
    status: str = "正常"
    status_date: date | None = None
    successor: str = ""
    url: str = ""
    site_code: str = ""
    filed_id: str = ""
    """The cell 微信号 / UID / 原始ID … as filed."""
    filed_kind: str = ""
    """The type word as filed, printed where a form asks for it."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """Platform ids by kind (`uid`, `sec_uid`, `user_name` …): filed, or learned at the first `ok`."""
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Columns that we do not know, by their header."""
    position: int = 0
    """Order of import, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The dates that a visit has to cover, both included."""

    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One account (or one pasted link: account None) by one route at one time (采集)."""

    account: Account | None
    route: Route
    window: Window
    today: date
    url: str = ""
    """The pasted link, for route `link`; else empty."""
    cursor: str = ""
    """Days that earlier visits by this route read whole (2026-10-01/2026-10-20,…); they need not be asked again."""
    wants: frozenset[Aspect] = frozenset()
    """Aspects that cost requests of their own and that somebody asked for; it changes what is fetched, never what is read."""
    lane: str = ""
    """Name of the credential in whose lane it was made, `guest` for none; empty = not told (a sheet, an older recording)."""
    control: bool = False
    """A look at the control account (对照账号), which proves the lane and is never judged."""
    twice: bool = False
    """Whether a veto that rests on it alone needs a second reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One answer as it came (after redaction). `page` is the adapter's name for it; replay matches pages, not URLs."""

    page: str
    url: str
    status: int
    body: bytes
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    """Response headers, names in lower case, without cookies or tokens."""
    method: str = "GET"
    ask_body: bytes = b""
    """What we sent (without secrets); the owner routes need it to tell one day's call from another's."""
    title: str = ""
    """Document title, when a browser rendered the page; else empty."""

    @property
    def text(self) -> str:
        """The body as text; a byte that is no UTF-8 becomes U+FFFD."""
        return self.body.decode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A window with one formal check (检查期); `start` and `end` are its 监测时间."""

    name: str
    title: str
    """As printed: 2026年第四季度."""
    start: date
    end: date
    closed_at: datetime | None = None
    """When it was closed; None = open."""
    closed_by: str = ""
    closed_why: str = ""
    source: str = ""
    """Where its results come from: empty = our own check, else 来自纸质通报 and the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVisit:
    """A visit that lies in the evidence: which file, its hash, and what it said."""

    sweep: str
    account_id: str
    """Empty for a pasted link that matched no account."""
    platform: str
    route: Route
    url: str
    file: str
    """Path below the workspace's snapshots/, with forward slashes."""
    sha256: str
    at: datetime
    observation: Observation
    check_date: date | None = None
    """The clerk's own 检查日期 (route `manual`); None = the day of `at`."""
    printed_date: str = ""
    """最后更新日期 exactly as the clerk wrote it (route `manual`)."""
    lane: str = ""
    """As `Visit.lane`."""
    control: bool = False
    """As `Visit.control`."""
    twice: bool = False
    """As `Visit.twice`."""
    fit: bool = True
    """Whether its lane read its control account well before and after; told where facts are built, never stored."""
    paused: str = ""
    """Why judging of what it saw is paused (冻结); empty = it is not. Told where facts are built, never stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table of a file, as read: `cells[r][c]`. Values are str, int, float, bool, date, datetime or None."""

    name: str
    """Sheet or table name, as a person would find it (工作表1, 第2个表格)."""
    cells: Sequence[Sequence[object]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged areas (first row, first column, last row, last column), from 0, ends included; only the first cell has a value."""
    first_row: int = 1
    """The number that the file itself gives to `cells[0]` (Excel rows count from 1)."""
