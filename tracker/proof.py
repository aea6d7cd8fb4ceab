"""What makes a sweep's silence believable: control accounts, second readings, the plan that holds the lanes (DESIGN §1, §5)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tracker.adapter import Adapter, Pace
from tracker.capture import Care, Job, Lane
from tracker.clock import Clock, day
from tracker.facts import Context, build
from tracker.facts.second import APART
from tracker.model import IGNORANCE, Account, Effect, Observation, Route, Status, StoredVisit, Visit, Window
from tracker.plan import Plan, Terms, Unreached, made, working_week
from tracker.recording import control_account
from tracker.rulebook.profile import Profile
from tracker.store import SweepHead, SweepRecord
from tracker.sweep import Access, own_pace, plan
from tracker.verdict import conclude
from tracker.workspace import Workspace

_WEEK = timedelta(days=7)
_PAGES = (Route.BROWSER, Route.HTTP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What everything here works on."""

    ws: Workspace
    sweep: SweepRecord
    adapters: Mapping[str, Adapter]
    access: Access
    clock: Clock
    pace: Callable[[Adapter], Pace] | None = None
    """None = as tracker.toml and the adapters say."""
    again: frozenset[str] = frozenset()
    """Ids of accounts to be visited once more, though they were: a person has solved what stopped their lane."""

    @property
    def today(self) -> date:
        """In Asia/Shanghai."""
        return day(self.clock())

    def paced(self, adapter: Adapter) -> Pace:
        """The pace of a lane."""
        return self.pace(adapter) if self.pace else own_pace(adapter, self.ws.settings)


def planned(told: Setting) -> Plan:
    """The plan of what is left of a sweep: what fits into the week, what it takes, who is not reached and why."""
    ws = told.ws
    jobs = plan(ws, told.sweep, told.adapters, told.access, today=told.today, again=told.again)
    week = working_week(told.today, ws.profile().calendar, ws.settings.hours_per_day)
    seen = {visit.account_id for visit in ws.store.visits(told.sweep.name)}
    reached = seen | {job.visit.account.account_id for job in jobs if job.visit.account}
    left = [
        Unreached(account=one, reason=why_not(one, told.adapters.get(one.platform), told.access, ws.settings.feeds))
        for one in told.sweep.accounts
        if one.account_id not in reached
    ]
    return made((*jobs, *_seconds(told)), left, week, _terms(told))


def _terms(told: Setting) -> Terms:
    return Terms(
        adapters=told.adapters,
        pace=told.paced,
        controls=controls(told.adapters, told.ws.settings.control, told.today),
        twice=told.ws.settings.confirm_public_vetoes,
        wait=APART.total_seconds(),
    )


def care(told: Setting, plan: Plan) -> Care:
    """What the engine needs for a live sweep: control accounts, which readings are made twice, what each lane may spend."""
    twice = told.ws.settings.confirm_public_vetoes
    profile = told.ws.profile()

    def again(visit: Visit, said: Observation) -> bool:
        return twice and vetoed(visit, said, told.sweep, told.adapters, profile, told.clock())

    terms = _terms(told)
    return Care(controls=terms.controls, again=again, twice=twice, wait=terms.wait, budgets=plan.budgets)


def controls(adapters: Mapping[str, Adapter], told: Mapping[str, str], today: date) -> dict[str, Visit]:
    """Platform → the visit of its control account: the one that tracker.toml names, else the adapter's own; none = none."""
    found = {}
    for adapter in adapters.values():
        where = told.get(adapter.platform) or adapter.fitness.control
        account = control_account(adapter, where)
        window = Window(since=today - _WEEK, until=today)
        visits = [Visit(account=account, route=route, window=window, today=today, control=True) for route in _PAGES]
        usable = [visit for visit in visits if where and adapter.next(visit, ())]
        found.update({adapter.platform: usable[0]} if usable else {})
    return found


def vetoed(
    visit: Visit, said: Observation, sweep: SweepHead, adapters: Mapping[str, Adapter], profile: Profile, at: datetime
) -> bool:
    """Whether this reading by itself would put the account on the list without a person."""
    if visit.account is None:
        return False
    stored = StoredVisit(
        sweep=sweep.name,
        account_id=visit.account.account_id,
        platform=visit.account.platform,
        route=visit.route,
        url=visit.url,
        file="",
        sha256="",
        at=at,
        observation=said,
    )
    return _vetoed(visit.account, stored, sweep, adapters, profile)


def _vetoed(account: Account, stored: StoredVisit, sweep: SweepHead, adapters: Mapping[str, Adapter], profile: Profile) -> bool:
    sees = adapters[account.platform].sees.keys()
    facts = build(account, [replace(stored, twice=False)], Context(on=sweep.check_date, default_date=day(stored.at), sees=sees))
    # the profile's effect, not the finding's: one that only warns the first time may be a veto by what stood before
    return any(
        one.status is Status.AUTOMATIC and profile.effect(one.code) is Effect.VETO for one in conclude(facts, profile).findings
    )


def _seconds(told: Setting) -> tuple[Job, ...]:
    """The second readings that a sweep that was broken off still owes."""
    ws, at = told.ws, told.clock()
    if not ws.settings.confirm_public_vetoes:
        return ()
    accounts = {one.account_id: one for one in told.sweep.accounts}
    pages: dict[str, list[StoredVisit]] = {}
    for visit in ws.store.visits(told.sweep.name):
        read = visit.twice and visit.route in _PAGES and visit.observation.outcome not in IGNORANCE
        if read and visit.account_id in accounts:
            pages.setdefault(visit.account_id, []).append(visit)
    profile = ws.profile()
    return tuple(
        _second(accounts[own], visits[0], told, at)
        for own, visits in pages.items()
        if len(visits) == 1 and _vetoed(accounts[own], visits[0], told.sweep, told.adapters, profile)
    )


def _second(account: Account, first: StoredVisit, told: Setting, at: datetime) -> Job:
    visit = Visit(account=account, route=first.route, window=told.sweep.window, today=day(at))
    wait = max(0.0, (APART - (at - first.at)).total_seconds())
    name = next((name for (platform, _), name in told.access.sessions.items() if platform == account.platform), "")
    lane = Lane(platform=account.platform, credential=name)
    return Job(visit=visit, routes=(first.route,), lane=lane, second=True, not_before=wait)


def why_not(account: Account, adapter: Adapter | None, access: Access, feeds: Sequence[str] | Mapping[str, str]) -> str:
    """Why no lane leads to an account, in words for the plan."""
    if adapter is None:
        return "程序没有这个平台的通道,要人工查看"
    if why := access.unfit.get(account.account_id):
        return why
    routes = {route for seen in adapter.sees.values() for route in seen}
    told = []
    if Route.API in routes and account.account_id not in access.grants:
        told.append("没有主办单位的授权")
    if routes.intersection(_PAGES):
        told.append("台账里没有程序认得的编号或主页链接")
    if Route.LINK in routes and not routes.intersection(_PAGES):
        told.append("要靠粘贴文章链接" + ("" if f"{account.platform}:{account.name}" in feeds else "或人工查看"))
    return ";".join(told) or "没有程序可走的途径,要人工查看"
