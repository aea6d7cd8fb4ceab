"""What has to be looked at next (到期): who may be close to a breach, what a person has to look at, and the reminder to paste.

A proven post is one that any visit by any route has shown. That none was seen proves nothing: it only means that somebody
has to look (DESIGN §1).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tracker.absence import Absence, counted, safe_until
from tracker.adapter import Adapter
from tracker.clock import day, start_of
from tracker.errors import UsageError
from tracker.facts import Context, build
from tracker.files import write_xlsx
from tracker.looks import COLUMNS
from tracker.model import (
    Account,
    Aspect,
    CommentPolicy,
    CommentState,
    Likes,
    Menu,
    Period,
    Route,
    Seen,
    Sheet,
    StoredVisit,
    Value,
)
from tracker.registry import looks_sheet
from tracker.rulebook.profile import AbsenceEffect, Profile
from tracker.rulebook.upd_01_idle import Idle
from tracker.store import SweepRecord
from tracker.workspace import Workspace

ONCE_A_PERIOD: Mapping[str, Aspect | None] = {"互动": None, "栏目": Aspect.MENU, "点赞": Aspect.LIKES, "简介": None}
"""Columns that a person fills once a period → what the platform must have for them (None = every platform has it)."""

DATE = "最后更新日期"
_REMEMBERED = timedelta(days=120)
"""How far back the last answer is looked up: a period and a little."""
_EXTRA = ("本次要看", "上次答案", "上次日期")
"""Columns beside the sheet's own; the import keeps them without reading them."""
_BY = {Route.LINK: "链接", Route.MANUAL: "人工", Route.FEED: "订阅源"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """The newest post that was ever shown, and how."""

    on: date
    route: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one account stands on a check date. `most`: calendar days that may pass without a post."""

    account: Account
    last: Proven | None
    check_date: date
    most: int
    notices: tuple[Absence, ...] = ()
    """停更报备 whose days do not count under the profile, as filed up to the check date."""

    @property
    def last_safe(self) -> date | None:
        """The last day on which the proven post is still new enough; None when no post was ever seen."""
        return safe_until(self.last.on, self.most, self.notices) if self.last else None

    @property
    def longer(self) -> bool:
        """Whether a notice puts the last safe day off."""
        return self.last is not None and self.last_safe != self.last.on + timedelta(days=self.most)

    @property
    def days_left(self) -> int | None:
        """Days from the check date to the last safe day; negative = over it; None when no post was ever seen."""
        return (self.last_safe - self.check_date).days if self.last_safe else None

    @property
    def proven(self) -> bool:
        """Whether the proven post is new enough on the check date."""
        return self.days_left is not None and self.days_left >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a person answered last in one column of the sheet: 有问题 or 无问题, on which check date."""

    broken: bool
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One row of the short work list: which columns to fill, and what was answered last."""

    standing: Standing
    ask: tuple[str, ...]
    answered: Mapping[str, Answered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One reminder, ready to paste into the chat of a work group."""

    group: str
    text: str
    accounts: int


def most_days(profile: Profile) -> int:
    """Calendar days that may pass without a post under this profile. Raises UsageError when it has no such rule."""
    rule = next((rule for rule in profile.rules if isinstance(rule, Idle)), None)
    if rule is None:
        raise UsageError(f"口径 {profile.name} 没有启用更新期限({Idle.code}),算不出哪天到期;请换一个口径")
    return rule.limit - 1 if rule.inclusive else rule.limit


def standings(ws: Workspace, profile: Profile, on: date, accounts: Iterable[Account] | None = None) -> tuple[Standing, ...]:
    """Every account that has to post, nearest to a breach first (never seen at all before everybody); `accounts` None = all."""
    known, most, notices = ws.store.latest_posts(on), most_days(profile), _notices(ws, profile, on)
    found = [
        Standing(
            account=one,
            last=_proven(known.get(one.account_id)),
            check_date=on,
            most=most,
            notices=notices.get(one.account_id, ()),
        )
        for one in (ws.store.accounts() if accounts is None else accounts)
        if one.status not in profile.lifecycle
    ]
    return tuple(sorted(found, key=_urgency))


def _notices(ws: Workspace, profile: Profile, on: date) -> Mapping[str, tuple[Absence, ...]]:
    """Account id → the 停更报备 that excuse it under this profile; what was filed after the check date is not known on it."""
    found: dict[str, tuple[Absence, ...]] = {}
    for one in ws.store.absences() if profile.absence is AbsenceEffect.EXEMPT else ():
        if one.filed_on <= on:
            found[one.account_id] = (*found.get(one.account_id, ()), one)
    return found


def _proven(told: tuple[date, Route] | None) -> Proven | None:
    return Proven(on=told[0], route=told[1]) if told else None


def _urgency(one: Standing) -> tuple[int, int]:
    return (one.days_left if one.days_left is not None else -100_000, one.account.position)


def tasks(
    everyone: Sequence[Standing],
    *,
    drawn: Collection[str],
    known: Mapping[str, Collection[str]],
    answered: Mapping[str, Mapping[str, Answered]],
    adapters: Mapping[str, Adapter],
    latest_day: int | None = None,
    silent: Collection[str] = (),
) -> tuple[Task, ...]:
    """Who must be looked at, in the order given, and for what; whoever needs nothing is left out. Pure.

    drawn: account ids whose aspects are looked at. known: account id → columns that this period has answered already.
    latest_day: under a gap rule, ask for a date when the last proven post is so many days old, whatever the limit says.
    silent: account ids whose silence is proven to be too long: the date is known well enough, it is a finding already.
    """
    found = []
    for one in everyone:
        own = one.account.account_id
        aspects = _aspects(one.account, adapters.get(one.account.platform)) if own in drawn else ()
        dated = own not in silent and _date_due(one, latest_day)
        ask = (*((DATE,) if dated else ()), *(each for each in aspects if each not in known.get(own, ())))
        if ask:
            found.append(Task(standing=one, ask=ask, answered=answered.get(own, {})))
    return tuple(found)


def _date_due(one: Standing, latest_day: int | None) -> bool:
    if one.last is None or not one.proven:
        return True
    return latest_day is not None and (one.check_date - one.last.on).days >= latest_day


def _aspects(account: Account, adapter: Adapter | None) -> tuple[str, ...]:
    return tuple(name for name, needed in ONCE_A_PERIOD.items() if needed is None or adapter is None or needed in adapter.sees)


def work(
    ws: Workspace, profile: Profile, adapters: Mapping[str, Adapter], on: date, *, latest_day: int | None = None
) -> tuple[Task, ...]:
    """The short work list of a workspace for a check date: see `tasks`; drawn and known are those of the period of that day."""
    since = _begin(ws, on)
    visits = ws.store.visits_since(min(start_of(since), start_of(on - _REMEMBERED)))
    everyone = standings(ws, profile, on)
    return tasks(
        everyone,
        drawn=_drawn(ws, on),
        known=_known([visit for visit in visits if (visit.check_date or day(visit.at)) >= since]),
        answered=_answers(visits),
        adapters=adapters,
        latest_day=latest_day,
        silent=_silent(everyone, visits),
    )


def _silent(everyone: Iterable[Standing], visits: Iterable[StoredVisit]) -> frozenset[str]:
    """Ids of accounts of which a complete list that reaches the check date proves more silent days than may pass."""
    by_account: dict[str, list[StoredVisit]] = {}
    for visit in visits:
        by_account.setdefault(visit.account_id, []).append(visit)
    return frozenset(
        one.account.account_id
        for one in everyone
        if not one.proven and _least(one, by_account.get(one.account.account_id, ())) > one.most
    )


def _least(one: Standing, visits: Sequence[StoredVisit]) -> int:
    """Days that are proven to count, as in judging; of all sweeps, so that a newer post by any way contradicts a list."""
    if not visits:
        return 0
    facts = build(one.account, visits, Context(on=one.check_date, default_date=one.check_date))
    return counted(facts.idle.bounds.least, one.check_date, one.notices)


def _period(ws: Workspace, on: date) -> Period | None:
    name = ws.period_on(on)
    return ws.store.period(name) if name else None


def _begin(ws: Workspace, on: date) -> date:
    """The first day of the period of `on`; without one that of its calendar quarter."""
    period = _period(ws, on)
    return period.start if period else date(on.year, (on.month - 1) // 3 * 3 + 1, 1)


def _drawn(ws: Workspace, on: date) -> frozenset[str]:
    """Accounts of the period's formal check or of its draw, all when there is neither."""
    period = ws.period_on(on)
    checks = [one for one in ws.store.sweeps() if one.kind == "check" and one.period == period] if period else []
    check = ws.store.whole(checks[-1]) if checks else None
    bound = bound_to(ws, period, check)
    return frozenset(one.account_id for one in (check.accounts if check else ws.store.accounts())) if bound is None else bound


def bound_to(ws: Workspace, period: str | None, check: SweepRecord | None) -> frozenset[str] | None:
    """Ids to which the period's draw (抽查) binds its check; None where nothing was drawn.

    A draw made after the check began narrows it to the drawn; a check that was begun later chose its accounts knowing the draw.
    """
    made = ws.store.last_draw(period) if period else None
    if made is None:
        return None
    drawn = frozenset(made.drawn)
    return drawn if check is None or made.at >= check.started_at else drawn | {one.account_id for one in check.accounts}


def _known(visits: Iterable[StoredVisit]) -> Mapping[str, set[str]]:
    """Account id → columns that some visit has answered for good, a person's or a machine's."""
    known: dict[str, set[str]] = {}
    for visit in visits:
        told = known.setdefault(visit.account_id, set())
        codes = {one.code for one in visit.observation.reported}
        told.update(column for column, code in COLUMNS.items() if code in codes)
        for seen in visit.observation.aspects.values():
            if isinstance(seen, Seen):
                told.update(_settles(seen.value))
    return known


def _settles(value: Value) -> tuple[str, ...]:
    match value:
        case Menu() if value.channels.hits or value.channels.whole:
            return ("互动",)
        case CommentPolicy(state=CommentState.OPEN | CommentState.SCREENED):
            return ("互动",)
        case Likes(whole=True):
            return ("点赞",)
    return ()


def _answers(visits: Iterable[StoredVisit]) -> Mapping[str, Mapping[str, Answered]]:
    """What people answered last, by account and column."""
    found: dict[str, dict[str, Answered]] = {}
    for visit in visits:
        if visit.route is not Route.MANUAL:
            continue
        codes = {one.code: one.broken for one in visit.observation.reported}
        for column, code in COLUMNS.items():
            if code in codes:
                told = Answered(broken=codes[code], on=visit.check_date or day(visit.at))
                found.setdefault(visit.account_id, {})[column] = told
    return found


def due_sheet(found: Sequence[Task]) -> tuple[Sheet, Mapping[int, tuple[str, ...]]]:
    """The observation sheet of these tasks in their order, its drop-downs, and beside it what to look at and the last answer."""
    sheet, choices = looks_sheet([one.standing.account for one in found], {})
    head, *rows = sheet.cells
    cells = [[*head, *_EXTRA], *([*row, *_beside(one)] for row, one in zip(rows, found, strict=True))]
    return Sheet(name=sheet.name, cells=cells), choices


def _beside(one: Task) -> tuple[str, str, str]:
    last, answers = one.standing.last, one.answered
    told = [f"最后更新{_on(last.on)}({_BY.get(last.route, '程序')})"] if last else []
    told += [f"{column}{'有问题' if answer.broken else '无问题'}({_on(answer.on)})" for column, answer in answers.items()]
    newest = max((answer.on for answer in answers.values()), default=last.on if last else None)
    return "、".join(one.ask), ";".join(told), newest.isoformat() if newest else ""


def export_due(path: Path, found: Sequence[Task]) -> None:
    """Write the short work list. Raises UsageError when the file is no .xlsx or cannot be written."""
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"检查记录表只能写成 .xlsx(带下拉选项),不能写 {path.name}")
    sheet, choices = due_sheet(found)
    write_xlsx(path, [sheet], choices={sheet.name: choices})


def work_group(account: Account) -> str:
    """The chat of a work group in which an account is reminded: 县区, else 主管单位, else all."""
    return account.region or account.supervisor or "全部"


def messages(
    found: Iterable[Standing], titles: Mapping[str, str], *, group: Callable[[Account], str] = work_group
) -> tuple[Message, ...]:
    """One reminder per work group, or whatever `group` tells, in the order of their most urgent account.

    titles: platform → its Chinese name, for accounts that are filed without a type word.
    """
    groups: dict[str, list[Standing]] = {}
    for one in found:
        groups.setdefault(group(one.account), []).append(one)
    return tuple(Message(group=name, text=_message(name, rows, titles), accounts=len(rows)) for name, rows in groups.items())


def _message(group: str, rows: Sequence[Standing], titles: Mapping[str, str]) -> str:
    on, most = rows[0].check_date, rows[0].most
    lines = [f"{number}. {_line(one, titles)}" for number, one in enumerate(rows, 1)]
    head = f"【{group}】政务新媒体更新提醒({_on(on)})"
    told = f"按{most}天之内须有更新的要求,以下{len(rows)}个账号请在最后安全日(含当天)之前更新;已经更新的,请把文章链接发到群里。"
    return "\n".join((head, told, *lines))


def _line(one: Standing, titles: Mapping[str, str]) -> str:
    kind = one.account.kind or titles.get(one.account.platform, "")
    name = f"{one.account.name}({kind})" if kind else one.account.name
    if one.last is None or one.last_safe is None or one.days_left is None:
        return f"{name}:还没有见到过发布日期,请发最近一条的链接"
    told = f"{name}:最后见到的更新是{_on(one.last.on)}" + (",停更报备期内的天数不计" if one.longer else "")
    if one.days_left < 0:
        return f"{told},最后安全日{_on(one.last_safe)}已过{-one.days_left}天;这之后有更新的请发链接,没有的请尽快更新"
    left = "今天是最后一天" if one.days_left == 0 else f"还剩{one.days_left}天"
    return f"{told},{left},最后安全日{_on(one.last_safe)}"


def _on(when: date) -> str:
    return f"{when.month}月{when.day}日"
