"""A simulated city of 330 accounts over several weeks: how many looks by hand remain after machines, links and earlier readings.

Everything is drawn from one seed; nothing is fetched. What is modelled: how often offices post, who pastes a link on Fridays,
which platforms a machine reads; the person then fills exactly what the short work list asks for.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from adapters import BY_PLATFORM
from tests.made import noon
from tracker import settings
from tracker.clock import end_of, start_of
from tracker.due import DATE, Task, export_due, work
from tracker.model import Account, Aspect, Observation, Outcome, Period, Post, Posts, Reported, Route, Seen, StoredVisit, Window
from tracker.registry import account_id
from tracker.store import SweepRecord
from tracker.workspace import Workspace, create, opened

SEED = 330
ACCOUNTS = 330
FIRST = date(2026, 10, 2)
"""The first Friday."""
WEEKS = 6
DRAWN = 66
"""A fifth of the accounts is drawn for the formal check."""
KINDS = (("weixin", "微信订阅号", 198), ("weibo", "新浪微博", 66), ("toutiao", "今日头条", 40), ("douyin", "抖音", 26))
REACHED = {"weixin": 0.05, "weibo": 0.9, "toutiao": 0.9, "douyin": 0.6}
"""Share of accounts whose list a machine reads in a week: for weixin only those whose owners gave a grant."""
PASTES = 0.7
"""Share of the weixin units that paste the link of their newest post each Friday."""
REGIONS = ("市直", "甲山县", "乙水县", "丙河区", "丁塬县", "戊岭县")
CODES = {"互动": "INT-01", "栏目": "COL", "点赞": "CNT-02", "简介": "REG-03"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What one Friday came to: accounts, then how many still needed a date after each step, and all cells that were asked."""

    on: date
    accounts: int
    without_memory: int
    """Dates to look at if nothing of earlier weeks were kept."""
    after_machines: int
    after_links: int
    rows: int
    answers: int
    """Cells of aspects (互动, 栏目, 点赞, 简介) to fill; the dates are `after_links`."""


@dataclass(slots=True)
class City:
    """The accounts and the true days of their posts."""

    accounts: tuple[Account, ...]
    posted: dict[str, tuple[date, ...]]
    reached: frozenset[str]
    draw: random.Random
    count: int = 0
    weeks: list[Week] = field(default_factory=list)


def city(seed: int = SEED) -> City:
    """The invented city: most post every few days, one in twelve rarely, one in forty has stopped."""
    draw = random.Random(seed)
    found, posted = [], {}
    for platform, kind, count in KINDS:
        for n in range(count):
            name = f"示例单位{n}"
            region = REGIONS[n % len(REGIONS)]
            own = account_id(platform, name)
            found.append(Account(account_id=own, platform=platform, kind=kind, name=name, region=region, position=len(found) + 1))
            posted[own] = _days(draw)
    reached = frozenset(one.account_id for one in found if draw.random() < REACHED[one.platform])
    return City(accounts=tuple(found), posted=posted, reached=reached, draw=draw)


def _days(draw: random.Random) -> tuple[date, ...]:
    habit = draw.random()
    gap = 60 if habit < 1 / 40 else draw.uniform(9, 20) if habit < 1 / 12 else draw.uniform(1, 6)
    on, last, found = FIRST - timedelta(days=draw.randint(0, int(gap)) + 10), FIRST + timedelta(weeks=WEEKS), []
    while on <= last:
        found.append(on)
        on += timedelta(days=max(1, round(draw.expovariate(1 / gap))))
    return tuple(found)


def live(root: Path, made: City) -> list[Week]:
    """Live through the weeks in a new workspace. Returns what each Friday came to."""
    create(root, settings.template(profile="baoji"))
    with opened(root) as ws:
        ws.store.add_accounts(made.accounts, "simulation", noon(FIRST))
        ws.store.put_period(Period(name="2026Q4", title="2026年第四季度", start=date(2026, 10, 1), end=date(2026, 12, 31)))
        drawn = made.draw.sample(made.accounts, DRAWN)
        for week in range(WEEKS):
            _friday(ws, made, FIRST + timedelta(weeks=week), drawn)
    return made.weeks


def _friday(ws: Workspace, made: City, on: date, drawn: list[Account]) -> None:
    _open(ws, made, on, drawn if on == FIRST else None)
    for account in made.accounts:
        if account.account_id in made.reached:
            _see(ws, made, account, on, Route.API)
    machines = _work(ws, on)
    for account in made.accounts:
        if account.platform == "weixin" and account.account_id not in made.reached and made.draw.random() < PASTES:
            _see(ws, made, account, on, Route.LINK)
    left = _work(ws, on)
    export_due(ws.root / f"{on}.xlsx", left)
    seen_now = {v.account_id for v in ws.store.visits(str(on))}
    for task in left:
        _look(ws, made, task, on)
    made.weeks.append(
        Week(
            on=on,
            accounts=len(made.accounts),
            without_memory=len(made.accounts) - len(seen_now),
            after_machines=sum(DATE in one.ask for one in machines),
            after_links=sum(DATE in one.ask for one in left),
            rows=len(left),
            answers=sum(len(one.ask) - (DATE in one.ask) for one in left),
        )
    )


def _work(ws: Workspace, on: date) -> tuple[Task, ...]:
    return work(ws, ws.profile(), BY_PLATFORM, on)


def _open(ws: Workspace, made: City, on: date, drawn: list[Account] | None) -> None:
    ws.store.start_sweep(
        SweepRecord(
            name=str(on),
            kind="check" if drawn else "weekly",
            period="2026Q4",
            check_date=on,
            window=Window(since=on - timedelta(days=30), until=on),
            started_at=noon(on),
            accounts=tuple(drawn or made.accounts),
        )
    )


def _see(ws: Workspace, made: City, account: Account, on: date, route: Route) -> None:
    """A machine's list, or the newest post behind a pasted link."""
    shown = [day for day in made.posted[account.account_id] if day <= on][-20:]
    days = shown[-1:] if route is Route.LINK else shown
    if days or route is not Route.LINK:
        _enter(ws, made, account, on, route, days)


def _look(ws: Workspace, made: City, task: Task, on: date) -> None:
    """The person fills what was asked: the true date, and 无问题."""
    account = task.standing.account
    days = [day for day in made.posted[account.account_id] if day <= on][-1:] if DATE in task.ask else []
    told = tuple(Reported(code=CODES[column], broken=False) for column in task.ask if column in CODES)
    _enter(ws, made, account, on, Route.MANUAL, days, told)


def _enter(
    ws: Workspace, made: City, account: Account, on: date, route: Route, days: list[date], told: tuple[Reported, ...] = ()
) -> None:
    made.count += 1
    items = tuple(Post(id=f"{account.account_id}-{day}", at=start_of(day)) for day in reversed(days))
    posts = {Aspect.POSTS: Seen(value=Posts(items=items, as_of=end_of(on)))} if items else {}
    ws.store.add_visit(
        StoredVisit(
            sweep=str(on),
            account_id=account.account_id,
            platform=account.platform,
            route=route,
            url="https://example.invalid/",
            file=f"{on}/{made.count}.warc.gz",
            sha256=f"{made.count:064d}",
            at=noon(on),
            observation=Observation(outcome=Outcome.OK, aspects=posts, reported=told),
            check_date=on if route is Route.MANUAL else None,
        )
    )


def printed(weeks: list[Week]) -> str:
    """The table that `python -m tests.due` prints."""
    lines = ["星期五      账号  不记以前的话要看  机器看过之后  链接之后仍要看  占比   检查项  工作表行数"]
    for one in weeks:
        counts = (
            f"{one.without_memory:>16}  {one.after_machines:>12}  {one.after_links:>14}  {one.after_links / one.accounts:>5.1%}"
        )
        lines.append(f"{one.on}  {one.accounts:>4}  {counts}  {one.answers:>6}  {one.rows:>10}")
    return "\n".join(lines)
