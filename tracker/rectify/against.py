"""The re-check of a whole check against an earlier period, from the workspace."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracker.errors import UsageError
from tracker.history import Offender, faulty, repeat_offenders
from tracker.model import Account, Conclusion, Decision, Period, Verdict
from tracker.rectify.earlier import earlier
from tracker.rectify.hold import CLOSED, rectify
from tracker.rectify.present import present
from tracker.rectify.records import Earlier, Present, Rectification, Summary, summarise
from tracker.review import last_head
from tracker.rulebook.profile import Profile
from tracker.store import JudgementHead, SweepHead
from tracker.workspace import Workspace

NEW = "新增备案"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """One earlier period held against one check, in the order of the check, then those that it did not look at."""

    against: Period
    sweep: str
    accounts: tuple[Rectification, ...]
    summary: Summary
    stale: bool
    """Whether the profile was changed after the check was judged: then only what people answered is known to be mended."""


def recheck(ws: Workspace, sweep: SweepHead, against: Period) -> Recheck:
    """Hold every finding of a period against a check. Raises UsageError when either has no result, or in the wrong order."""
    _must_be_before(ws, sweep, against)
    judgement = last_head(ws, sweep)
    before = earlier(ws, against)
    profile = ws.profile(judgement.profile)
    told = _Told(ws, sweep, judgement, profile)
    filed = _filed_new(ws, against)
    accounts = []
    for verdict in ws.store.verdicts(judgement):
        old = before.get(verdict.account.account_id)
        now = told.present(verdict, asked=old is not None and bool(old.findings))
        accounts.append(rectify(old, now, filed_new=old is None and filed(verdict.account)))
    judged = {one.whom for one in accounts}
    accounts += [rectify(one, _gone(ws, one)) for one in before.values() if one.findings and one.whom not in judged]
    return Recheck(
        against=against,
        sweep=sweep.name,
        accounts=tuple(accounts),
        summary=summarise(against.title, accounts),
        stale=judgement.profile_digest != profile.digest,
    )


def words(ws: Workspace, sweep: SweepHead) -> Mapping[str, tuple[str, str]]:
    """Account id → the cells 上期问题 and 整改情况 of the 商洛 form (annexes.md §2), against the period before the sweep's.

    Empty where there is no period before, or nothing is known of it.
    """
    against = ws.store.previous_period(sweep.period) if sweep.period else None
    if against is None or not _has_result(ws, against):
        return {}
    told = recheck(ws, sweep, against).accounts
    return {one.account.account_id: (one.previous, one.printed) for one in told if one.account is not None}


def repeated(ws: Workspace, upto: Period, last: int) -> tuple[Offender, ...]:
    """Who was found faulty in at least two of the `last` periods with a result that end with `upto`."""
    held = [one for one in ws.store.periods() if one.start <= upto.start and _has_result(ws, one)][-last:]
    return repeat_offenders([(one.name, faulty(ws, one)) for one in held])


def _must_be_before(ws: Workspace, sweep: SweepHead, against: Period) -> None:
    own = ws.store.period(sweep.period) if sweep.period else None
    if own is not None and own.start <= against.start:
        raise UsageError(f"检查期 {against.name} 不早于批次 {sweep.name} 所在的 {own.name};请选以前的检查期(命令行:--against)")
    if own is None and against.start > sweep.window.until:
        raise UsageError(f"检查期 {against.name} 晚于批次 {sweep.name};请选以前的检查期(命令行:--against)")


def _has_result(ws: Workspace, period: Period) -> bool:
    if ws.store.paper(period.name) is not None:
        return True
    checks = [one for one in ws.store.sweeps() if one.period == period.name and one.kind == "check"]
    return bool(checks) and ws.store.last_head(checks[-1].name) is not None


class _Told:
    """What the present check has on its accounts."""

    def __init__(self, ws: Workspace, sweep: SweepHead, judgement: JudgementHead, profile: Profile) -> None:
        self._ws, self._sweep, self._judgement, self._profile = ws, sweep, judgement, profile
        self._decisions: dict[str, list[Decision]] = defaultdict(list)
        for decision in ws.store.decisions(sweep.name):
            self._decisions[decision.account_id].append(decision)

    def present(self, verdict: Verdict, *, asked: bool) -> Present:
        """What the check says of an account, its decisions up to the judgement."""
        whom = verdict.account.account_id
        decisions = [one for one in self._decisions[whom] if one.at <= self._judgement.at]
        # only an old finding asks what people looked at
        visits = self._ws.store.visits(self._sweep.name, whom) if asked else ()
        return present(verdict, self._profile, self._judgement.profile_digest, visits, decisions)


def _gone(ws: Workspace, one: Earlier) -> Present | None:
    """An account that was not looked at because it is filed as closed; None for any other."""
    account = ws.store.account(one.whom)
    if account is None or account.status not in CLOSED:
        return None
    on = account.status_date or one.until
    told = f"{on.month}.{on.day}{account.status}" if account.status_date else account.status
    return Present(account=account, conclusion=Conclusion.LIFECYCLE, word=told, check_date=on, closing=told)


def _filed_new(ws: Workspace, against: Period) -> Callable[[Account], bool]:
    """Who is 新增备案: by status, opened after the earlier period, or not in the registry that its list was drawn from."""
    made = ws.store.last_draw(against.name)
    frame = frozenset(made.frame) if made else None

    def new(account: Account) -> bool:
        opened = account.opened_on is not None and account.opened_on > against.end
        return account.status == NEW or opened or (frame is not None and account.account_id not in frame)

    return new
