"""The link box (链接): links found in any text, each opened once, matched to an account and told one by one (DESIGN §8).

Facts: the notes in formats/ on pasted articles: the page says whose it is; a fresh post proves fresh, an old one nothing.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from tracker.adapter import Adapter, Pace
from tracker.capture import Fetchers, Job, Lane, Progress, clean
from tracker.clock import Clock, day
from tracker.due import Standing, most_days, standings
from tracker.errors import UsageError
from tracker.files import read_sheets
from tracker.model import (
    IGNORANCE,
    Account,
    Aspect,
    CommentPolicy,
    Found,
    Identity,
    Observation,
    Outcome,
    Posts,
    Route,
    Seen,
    StoredVisit,
    Value,
    Verification,
    Visit,
    Window,
)
from tracker.rulebook.profile import Profile
from tracker.store import Link, SweepHead, SweepRecord
from tracker.sweep import REACH, name_for, open_sweep, run
from tracker.text import Linked, key
from tracker.workspace import Workspace

V = TypeVar("V", bound=Value)

_TAIL = r"[^\s<>\"'“”‘’《》【】()（）\[\]{},，;；、。！!|｜\u200b-\u200f\ufeff\u4e00-\u9fff]+"
_SHEETS = frozenset({".xlsx", ".xls", ".csv", ".docx"})
_BREAKS = re.compile(r"[\t\s,,:：;；|｜()（）【】“”\"]+")
_A_WEEK = timedelta(days=6)
"""A weekly sweep takes links for so many days after the one on which it began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What a text held: links of our platforms (each once), how many of them were new, the same again, and nobody's."""

    links: tuple[Link, ...]
    new: int
    foreign: tuple[str, ...]
    repeated: tuple[str, ...] = ()
    """Addresses of `links` that stood there again, once for each time more."""
    beside: Mapping[str, tuple[str, ...]] | None = None
    """Address → names of filed accounts that stand in the same line or row."""


def text_of(path: Path) -> str:
    """The text of a file: tables (.xlsx .xls .csv .docx) row by row with the links behind their cells, else plain text.

    Raises UsageError when it is neither.
    """
    if path.suffix.lower() in _SHEETS:
        return "\n".join("\t".join(map(_cell, row)) for sheet in read_sheets(path) for row in sheet.cells)
    return decoded(path.read_bytes(), str(path))


def decoded(raw: bytes, where: str) -> str:
    """Text as offices send it. Raises UsageError when it is none."""
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            if "\0" not in (text := raw.decode(encoding)):
                return text
    raise UsageError(f"{where} 不是文本或表格;请粘贴成 .txt,或另存为 .xlsx 再试")


def _cell(cell: object) -> str:
    told = "" if cell is None else " ".join(str(cell).split())
    return f"{told} {cell.url}" if isinstance(cell, Linked) and cell.url != told else told


def paste(ws: Workspace, text: str, adapters: Mapping[str, Adapter], *, who: str, at: datetime) -> Pasted:
    """Keep every article, post or account link in the text. Nothing is opened."""
    found = _Finder(ws.store.accounts(), adapters)
    for line in text.replace("&amp;", "&").splitlines():
        found.line(line)
    links = tuple(Link(url=url, platform=platform, added_at=at, who=who) for url, platform in found.claimed.items())
    return Pasted(
        links=links,
        new=ws.store.add_links(links),
        foreign=tuple(dict.fromkeys(found.foreign)),
        repeated=tuple(found.repeated),
        beside={url: tuple(dict.fromkeys(names)) for url, names in found.beside.items()},
    )


class _Finder:
    """Collects the links of a text, line by line."""

    def __init__(self, accounts: Iterable[Account], adapters: Mapping[str, Adapter]) -> None:
        hosts = sorted((host for one in adapters.values() for host in one.hosts), key=len, reverse=True)
        bare = "|".join(map(re.escape, hosts))
        self._url = re.compile(rf"https?://{_TAIL}|(?<![\w./@-])(?:{bare})/{_TAIL}", re.IGNORECASE)
        self._names = {key(account.name): account.name for account in accounts}
        self._adapters = adapters
        self.claimed: dict[str, str] = {}
        self.repeated: list[str] = []
        self.foreign: list[str] = []
        self.beside: dict[str, list[str]] = {}

    def line(self, line: str) -> None:
        # a cell may show the very address that it leads to: within one line that is one link, not two
        for told in dict.fromkeys(found.rstrip(".:") for found in self._url.findall(line)):
            self._take(told, line)

    def _take(self, told: str, line: str) -> None:
        url = _plain(told)
        platform = next((one.platform for one in self._adapters.values() if one.claims(url)), None)
        if platform is None:
            self.foreign.append(told)
            return
        if url in self.claimed:
            self.repeated.append(url)
        self.claimed[url] = platform
        words = map(key, _BREAKS.split(self._url.sub(" ", line)))
        self.beside.setdefault(url, []).extend(self._names[word] for word in words if word in self._names)


def _plain(told: str) -> str:
    """One spelling of an address: https, no jump mark, no secrets of whoever copied it."""
    body, _, mark = told.split("://", 1)[-1].partition("#")
    return clean.url(f"https://{body}#{mark}" if "=" in mark else f"https://{body}")


def sweep_for(ws: Workspace, name: str | None, at: datetime) -> SweepRecord:
    """The sweep that links go into: the named one, else the latest open one, else a new weekly one named by the day.

    A weekly sweep of an earlier week is passed over. Raises UsageError when there is no account at all.
    """
    if name and (known := ws.store.sweep(name)):
        return known
    still = [one for one in ws.store.sweeps() if one.ended_at is None and _takes(one, at)]
    if still and not name:
        return ws.store.whole(still[-1])
    window = Window(since=day(at) - REACH, until=day(at))
    return open_sweep(ws, name or name_for(ws, day(at)), at=at, window=window, kind="weekly", source="粘贴的链接")


def _takes(sweep: SweepHead, at: datetime) -> bool:
    return sweep.kind == "check" or day(at) - day(sweep.started_at) <= _A_WEEK


def jobs_of(ws: Workspace, sweep: SweepHead, links: Iterable[Link], today: date) -> tuple[Job, ...]:
    """One job per link that this sweep has not read yet; one that met a wall or a broken line is tried again."""
    read = {url for url, visit in _visits(ws, sweep).items() if visit.observation.outcome not in IGNORANCE}
    return tuple(
        Job(
            visit=Visit(account=None, route=Route.LINK, window=sweep.window, today=today, url=link.url),
            routes=(Route.LINK,),
            lane=Lane(platform=link.platform),
        )
        for link in links
        if link.url not in read
    )


async def open_links(
    ws: Workspace,
    sweep: SweepRecord,
    jobs: Sequence[Job],
    adapters: Mapping[str, Adapter],
    *,
    fetchers: Fetchers,
    progress: Progress,
    clock: Clock,
    stop: asyncio.Event,
    pace: Callable[[Adapter], Pace] | None = None,
) -> None:
    """Open the links at the adapters' pace, each a visit of the sweep, which stays open. Every filed account may be met."""
    wide = replace(sweep, accounts=_everybody(ws, sweep))
    await run(
        ws, wide, jobs, adapters, fetchers=fetchers, progress=progress, clock=clock, stop=stop, pace=pace, finish=False
    )  # fmt: skip


def _everybody(ws: Workspace, sweep: SweepRecord) -> tuple[Account, ...]:
    """Who a link may belong to: the sweep's accounts with the ids confirmed since, and all others that are filed."""
    filed = {one.account_id: one for one in ws.store.accounts()}
    frozen = [replace(one, ids={**filed[one.account_id].ids, **one.ids}) for one in sweep.accounts if one.account_id in filed]
    return (*frozen, *(one for own, one in filed.items() if own not in {each.account_id for each in frozen}))


def _visits(ws: Workspace, sweep: SweepHead) -> dict[str, StoredVisit]:
    """The last visit of each link; one that was read stands before those that met a wall."""
    tried = [visit for visit in ws.store.visits(sweep.name) if visit.route is Route.LINK]
    ranked = sorted(tried, key=lambda visit: visit.observation.outcome not in IGNORANCE)
    return {visit.url: visit for visit in ranked}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one link. `status`: matched, wrong, dead, duplicate, foreign, unclear or not_opened."""

    url: str
    status: str
    line: str
    """One Chinese sentence for the clerk."""
    account: Account | None = None
    matched_by: str = ""
    """`id`, or `name` until a person has confirmed the id."""
    posted: date | None = None
    fresh: bool | None = None
    repeats: str = ""
    """The link that shows the same post, for a duplicate."""
    observation: Observation | None = None


def report(
    ws: Workspace, sweep: SweepRecord, pasted: Pasted, adapters: Mapping[str, Adapter], profile: Profile, on: date
) -> tuple[Told, ...]:
    """What became of every link of a paste, in its order; then the repeated and the foreign ones."""
    teller = _Teller(ws, sweep, adapters, most_days(profile), on)
    opened = [teller.told(link, (pasted.beside or {}).get(link.url, ())) for link in pasted.links]
    again = [Told(url=url, status="duplicate", repeats=url, line="同一个链接贴了不止一次,只打开一次") for url in pasted.repeated]
    foreign = [
        Told(url=url, status="foreign", line="不是本程序认识的平台的账号、文章或作品链接,没有打开") for url in pasted.foreign
    ]
    return (*opened, *again, *foreign)


class _Teller:
    """Says of each link what it turned out to be."""

    def __init__(self, ws: Workspace, sweep: SweepRecord, adapters: Mapping[str, Adapter], most: int, on: date) -> None:
        self._visits = _visits(ws, sweep)
        self._accounts = {one.account_id: one for one in _everybody(ws, sweep)}
        self._names = {(one.platform, key(one.name)): one for one in self._accounts.values()}
        self._adapters, self._most, self._on = adapters, most, on
        self._posts: dict[tuple[str, str], str] = {}

    def told(self, link: Link, beside: Sequence[str]) -> Told:
        visit = self._visits.get(link.url)
        if visit is None:
            return Told(url=link.url, status="not_opened", line="还没有打开;再运行一次同样的命令,会接着打开")
        said = visit.observation
        account = self._accounts.get(visit.account_id)
        if said.outcome in (Outcome.ITEM_GONE, Outcome.GONE):
            return self._dead(link, account, said)
        if said.outcome in IGNORANCE:
            return _unread(link, said)
        identity = _identity(said)
        if account is None:
            return self._wrong(link, identity, said)
        return self._matched(link, account, identity, said, beside)

    def _dead(self, link: Link, account: Account | None, said: Observation) -> Told:
        named = _identity(said).name
        whose = self._whose(account) if account else f"“{named}”" if named else "看不出是哪个账号的"
        line = f"{whose}:链接已失效({said.detail or '内容已删除'});失效的链接不能说明有没有更新,请换一条"
        return Told(url=link.url, status="dead", account=account, line=line, observation=said)

    def _wrong(self, link: Link, identity: Identity, said: Observation) -> Told:
        namesake = self._names.get((link.platform, key(identity.name)))
        shown = f"“{identity.name or '未示名称'}”({_ids(identity.ids)})"
        if namesake is None:
            line = f"页面属于{shown},台账里没有这个账号,没有记到任何账号名下"
        else:
            line = f"页面属于{shown},与台账里的同名账号编号不同(台账 {_ids(namesake.ids)}),不是同一个账号,请核对"
        return Told(url=link.url, status="wrong", line=line, observation=said)

    def _matched(self, link: Link, account: Account, identity: Identity, said: Observation, beside: Sequence[str]) -> Told:
        by = "id" if by_id(account, identity) else "name"
        posted, first = _posted(said), self._first(link, account, said)
        fresh = posted is not None and (self._on - posted).days <= self._most
        told = Told(url=link.url, status="matched", account=account, matched_by=by, posted=posted, fresh=fresh, line="")
        told = replace(told, observation=said)
        if first != link.url:
            return replace(told, status="duplicate", repeats=first, line=f"{self._whose(account)}:与 {first} 是同一篇")
        parts = [f"{self._whose(account)}:{_when(posted, fresh)}", *_seen(said)]
        if by == "name":
            parts.append(f"仅名称一致,编号 {_ids(identity.ids)} 待确认:tracker links --confirm {account.account_id}")
        if beside and key(account.name) not in map(key, beside):
            parts.append(f"旁边写的是“{beside[0]}”,打开的是“{account.name}”,请核对")
        return replace(told, line=";".join(parts))

    def _first(self, link: Link, account: Account, said: Observation) -> str:
        """The first link of this paste that showed the same post."""
        shown = _value(said, Aspect.POSTS, Posts)
        if shown is None or len(shown.items) != 1 or not shown.items[0].id:
            return link.url
        return self._posts.setdefault((account.account_id, shown.items[0].id), link.url)

    def _whose(self, account: Account) -> str:
        adapter = self._adapters.get(account.platform)
        return f"{account.name}({adapter.title if adapter else account.kind})"


def _unread(link: Link, said: Observation) -> Told:
    why = said.detail or str(said.outcome)
    if said.detail.startswith("通道已停"):
        return Told(url=link.url, status="not_opened", line=f"没有打开({why});过些时候再运行一次同样的命令", observation=said)
    return Told(url=link.url, status="unclear", line=f"打开了,没有看到内容({why});不能说明任何问题", observation=said)


def _when(posted: date | None, fresh: bool) -> str:
    if posted is None:
        return "看到了账号,没有看到发布日期"
    told = f"{posted:%Y-%m-%d} 发布"
    return f"{told},证明有更新" if fresh else f"{told},是旧链接,只说明当时发过,不能说明之后没有更新"


def _seen(said: Observation) -> list[str]:
    """What else the page showed: verification, commerce, comments."""
    told = []
    if verification := _value(said, Aspect.VERIFICATION, Verification):
        told.append("已认证" if verification.verified else "未认证")
    if (footers := _value(said, Aspect.FOOTERS, Found)) and footers.hits:
        told.append(f"疑似商业信息{len(footers.hits)}处,待复核")
    if policy := _value(said, Aspect.COMMENT_POLICY, CommentPolicy):
        told.append(f"留言:{policy.why or policy.state}")
    return told


def _value(said: Observation, aspect: Aspect, kind: type[V]) -> V | None:
    seen = said.aspects.get(aspect)
    return seen.value if isinstance(seen, Seen) and isinstance(seen.value, kind) else None


def _posted(said: Observation) -> date | None:
    shown = _value(said, Aspect.POSTS, Posts)
    return day(shown.latest.at) if shown and shown.latest else None


def _identity(said: Observation) -> Identity:
    return _value(said, Aspect.EXISTENCE, Identity) or Identity(ids={}, name="")


def _ids(ids: Mapping[str, str]) -> str:
    return next(iter(ids.values()), "没有编号")


def by_id(account: Account, identity: Identity) -> bool:
    """Whether a platform id says that the page is this account's; else the name alone does."""
    return any(account.ids.get(kind) == value for kind, value in identity.ids.items())


def unproven(ws: Workspace, sweep: SweepRecord, profile: Profile, on: date) -> tuple[Standing, ...]:
    """Accounts of the sweep of which no route has shown a post that is new enough on this day."""
    return tuple(one for one in standings(ws, profile, on, sweep.accounts) if not one.proven)


def unconfirmed(ws: Workspace) -> Mapping[str, tuple[Identity, ...]]:
    """Account id → whom pasted links showed under its name alone, where no person has said yet that it is the same."""
    filed = {one.account_id: one for one in ws.store.accounts()}
    found: dict[str, dict[str, Identity]] = {}
    for link in (visit for sweep in ws.store.sweeps() for visit in ws.store.visits(sweep.name) if visit.route is Route.LINK):
        account, identity = filed.get(link.account_id), _identity(link.observation)
        if account and identity.ids and link.observation.outcome not in IGNORANCE and not by_id(account, identity):
            found.setdefault(account.account_id, {})[_ids(identity.ids)] = identity
    return {own: tuple(seen.values()) for own, seen in found.items()}


def confirm(ws: Workspace, told: str, *, who: str, at: datetime) -> tuple[Account, ...]:
    """A person says that the ids seen behind an account's links are its own; `told` = an account, or `all`.

    Raises UsageError when nothing waits, or when two different accounts showed themselves under the name.
    """
    waiting = unconfirmed(ws)
    chosen = [one for one in ws.store.accounts() if one.account_id in waiting] if told == "all" else [ws.account(told)]
    for one in chosen:
        if (seen := waiting.get(one.account_id)) is None:
            raise UsageError(f"“{one.name}”没有待确认的编号:没有链接仅按名称对应到它")
        if len(seen) > 1:
            shown = "、".join(_ids(each.ids) for each in seen)
            raise UsageError(f"“{one.name}”的链接出现了{len(seen)}个不同的编号({shown});请核对后把正确的填进台账再导入")
    changed = tuple(replace(one, ids={**waiting[one.account_id][0].ids, **one.ids}) for one in chosen)
    with ws.store.transaction():
        for one in changed:
            ws.store.change_account(one, who, at, "由人确认:粘贴的链接所示编号属于本账号")
    return changed
