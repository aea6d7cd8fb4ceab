"""The tables of tracker.toml, one model each."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tracker import timetable


class PaceSettings(BaseModel):
    """One platform's own pace, in seconds; what is left out stays as the adapter says. Slower is always allowed."""

    model_config = ConfigDict(extra="forbid")

    between_accounts: tuple[float, float] | None = None
    between_requests: float | None = Field(default=None, ge=0)


def _rhythm(told: str) -> str:
    if told.strip():
        timetable.parse(told)
    return told.strip()


def _hours(told: tuple[str, ...]) -> tuple[str, ...]:
    timetable.span(told)
    return told


RhythmText = Annotated[str, AfterValidator(_rhythm)]
"""A rhythm in words (tracker.timetable), or nothing."""

Hours = Annotated[tuple[str, ...], AfterValidator(_hours)]
"""Two times of day, or nothing."""


class NotifySettings(BaseModel):
    """Where reminders are sent: addresses as apprise reads them. They hold secrets and are never printed."""

    model_config = ConfigDict(extra="forbid")

    urls: tuple[str, ...] = Field(default=(), repr=False)
    """The office's own: they get one digest of all whose organisation has no address."""
    organisations: dict[str, tuple[str, ...]] = Field(default_factory=dict, repr=False)
    """By 主办单位 (or 主管单位) as the registry writes it: who gets the digest of its accounts."""
    quiet: Hours = ()
    """From when to when nobody is disturbed: 20:00, 08:00."""
    workdays: bool = True
    """Whether nobody is disturbed on weekends and holidays either."""
    days: int = Field(default=3, ge=0, le=60)
    """Whose last safe day is at most so many days away is reminded by the schedule."""


class ScheduleSettings(BaseModel):
    """What `tracker serve` starts by itself, and when; empty = not."""

    model_config = ConfigDict(extra="forbid")

    sweep: RhythmText = ""
    """The weekly sweep, judged and sealed at its end."""
    due: RhythmText = ""
    """Reminders of what falls due."""
    backup: RhythmText = ""
    holidays: timetable.Shift = timetable.Shift.LATER
    hours: Hours = ()
    """Only within these hours something is begun: what was missed in the night waits for the morning."""
    seal: bool = True
    """Whether a sweep that was judged by the schedule is sealed as well."""


class BackupSettings(BaseModel):
    """Where the schedule's backups go."""

    model_config = ConfigDict(extra="forbid")

    to: str = ""
    """A folder, best on another disk."""
    evidence: bool = True
    keep: int = Field(default=12, ge=1, le=1000)
    """How many backups stay in the folder, the newest; the visits lie there once for all of them."""


class LogSettings(BaseModel):
    """The log for whoever runs the machine: one JSON object per line."""

    model_config = ConfigDict(extra="forbid")

    file: str = ""
    """Below the workspace, or an absolute path; empty = none."""
    level: Literal["debug", "info", "warning", "error"] = "info"


class ClusterSettings(BaseModel):
    """Several machines that share the sweeps of one PostgreSQL database (`tracker worker`)."""

    model_config = ConfigDict(extra="forbid")

    lanes: int = Field(default=4, ge=1, le=64)
    """How many lanes this machine works in at once."""
    heartbeat: float = Field(default=10.0, ge=0.2, le=300)
    """Seconds between two signs of life; a machine that missed three is taken for dead, and its lanes go to others."""
    copy_to: str = ""
    """Where the evidence is copied as it grows, as fsspec reads addresses (s3://bucket/folder); empty = nowhere."""
    weekly: str = ""
    """When a weekly sweep of all accounts is queued, as cron writes it (`0 8 * * 5`), by the machines' clock; empty = never."""


class ServerSettings(BaseModel):
    """The page as a service."""

    model_config = ConfigDict(extra="forbid")

    metrics_token: str = Field(default="", repr=False)
    """Whoever reads /metrics brings it; empty = only programs on this machine may read."""
    many: bool = False
    """Whether many people use it, each with a password of their own; else one, by the link on the command line."""
    hosts: tuple[str, ...] = ()
    """The names by which browsers reach it, without port: xunjian.example.gov.cn; this machine's own always work."""
    https: bool = False
    """Whether browsers reach it by https (a proxy before it does that): then the cookie goes by https alone."""
    proxy: tuple[str, ...] = ()
    """Addresses of the proxies whose word on where a request comes from is taken."""
    idle_hours: float = Field(default=8, gt=0, le=24)
    """After so long without a request one signs in again."""
    whole_hours: float = Field(default=12, gt=0, le=24)
    """After so long in any case."""


class OidcSettings(BaseModel):
    """The office's own sign-on (OpenID Connect); empty issuer = none. The secret comes from TRACKER_OIDC_SECRET alone."""

    model_config = ConfigDict(extra="forbid")

    issuer: str = ""
    """https://…, exactly as the provider writes it."""
    client_id: str = ""
    title: str = "统一身份认证"
    """What the button says."""
    claim: str = "preferred_username"
    """The claim that is our login; one that people cannot change for themselves."""
    create_role: Literal["", "city", "county", "unit"] = ""
    """Role of whoever is not known here yet; empty = they are refused."""


class BulletinSettings(BaseModel):
    """What the office says in its letters; empty = not told: ×× in a draft, refused in a final one."""

    model_config = ConfigDict(extra="forbid")

    issuer: str = ""
    """发文机关."""
    number: str = ""
    """发文字号: 示政务函〔2026〕12号."""
    recipients: str = ""
    """主送机关, without the colon."""
    basis: str = ""
    """What the check rests on, without the comma: 按照《…》要求."""
    organiser: str = ""
    """Who carried the check out; empty = the issuer."""
    issued: date | None = None
    """成文日期."""
    deadline: date | None = None
    """整改期限; comes before `deadline_days`."""
    deadline_days: int | None = Field(default=None, ge=1, le=365)
    """整改期限 in days after 成文日期."""
    report_to: str = ""
    """To whom the rectification is reported; empty = the issuer."""
    contact: str = ""
    """联系人及电话."""
    signature: str = ""
    """署名; empty = the issuer."""
    public_note: str = "此件公开发布"
    """附注; empty = none."""
    decimals: int = Field(default=2, ge=0, le=2)
    """Decimals of every rate."""
    annexes: tuple[str, ...] = ("noncompliant",)
    """Forms that are tables, in the order of the annexes."""
    measures: tuple[str, ...] = ()
    """下一步工作要求, one each; empty = the template's own."""
    objection_days: int = Field(default=5, ge=1, le=365)
    """Within how many working days a unit may object."""


class KeepSettings(BaseModel):
    """How long stored answers are kept at least."""

    model_config = ConfigDict(extra="forbid")

    months: int = Field(default=24, ge=1, le=1200)
    """`tracker prune` clears away nothing younger."""


class TimestampSettings(BaseModel):
    """The authority (时间戳机构, RFC 3161) that dates seals; no address = none."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(default="", pattern=r"^(https://[^/@\s]+(/\S*)?)?$")
    certificate: str = ""
    """File with its root certificate(s), PEM, below the workspace."""


class ConsultSettings(BaseModel):
    """征求意见 before a list is printed for good."""

    model_config = ConfigDict(extra="forbid")

    required: bool = False
    """Whether a final print waits for one."""
    days: int = Field(default=3, ge=1, le=60)
    """Working days that units have."""
