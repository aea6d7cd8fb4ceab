"""Judging a sweep: facts from its visits, verdicts under a profile, kept as one judgement (DESIGN §4)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.absence import Absence
from tracker.adapter import Adapter
from tracker.clock import day
from tracker.facts import Context, Facts, build
from tracker.model import Account, Aspect, Decision, Outcome, Posts, Route, Seen, StoredVisit, Verdict
from tracker.rulebook.profile import Profile
from tracker.store import Judgement, SweepRecord
from tracker.verdict import conclude
from tracker.workspace import Workspace


def judge(ws: Workspace, sweep: SweepRecord, profile: Profile, adapters: Mapping[str, Adapter], *, at: datetime) -> Judgement:
    """Judge every account of the sweep and keep the judgement. The same sweep, profile and decisions give the same verdicts."""
    case = Case(ws, sweep, adapters)
    verdicts = tuple(
        conclude(case.facts(account), profile, case.decisions(account), case.notices(account)) for account in sweep.accounts
    )
    judgement = Judgement(sweep=sweep.name, profile=profile.name, profile_digest=profile.digest, at=at, verdicts=verdicts)
    ws.store.add_judgement(judgement)
    return judgement


class Case:
    """All that a sweep has on its accounts, read once."""

    def __init__(self, ws: Workspace, sweep: SweepRecord, adapters: Mapping[str, Adapter]) -> None:
        self._ws, self._sweep, self._adapters = ws, sweep, adapters
        visits = ws.store.visits(sweep.name)
        self._visits: dict[str, list[StoredVisit]] = defaultdict(list)
        for visit in visits:
            self._visits[visit.account_id].append(visit)
        self._decisions: dict[str, list[Decision]] = defaultdict(list)
        for decision in ws.store.decisions(sweep.name):
            self._decisions[decision.account_id].append(decision)
        self._notices: dict[str, list[Absence]] = defaultdict(list)
        for notice in ws.store.absences():
            self._notices[notice.account_id].append(notice)
        self._seen = _seen(visits)
        self._posted = ws.store.latest_posts(day(sweep.started_at))

    def facts(self, account: Account) -> Facts:
        """The facts of one account on its check date."""
        adapter = self._adapters.get(account.platform)
        visits = self._visits[account.account_id]
        earlier = self._earlier(account, visits)
        context = Context(
            on=self._sweep.check_date,
            default_date=day(self._sweep.started_at),
            window=self._sweep.window,
            proof=adapter.proof if adapter else None,
            earlier=earlier,
            fit=self._fit(account, [*visits, *earlier]),
            sees=adapter.sees.keys() if adapter else (),
        )
        return build(account, visits, context)

    def decisions(self, account: Account) -> Sequence[Decision]:
        """What people decided on this account in this sweep."""
        return self._decisions[account.account_id]

    def notices(self, account: Account) -> Sequence[Absence]:
        """Its 停更报备."""
        return self._notices[account.account_id]

    def _earlier(self, account: Account, visits: Sequence[StoredVisit]) -> list[StoredVisit]:
        """Older visits matter only where a claim waits for its second proof, or where they saw a newer post."""
        if not any(_claims(visit) for visit in visits) and not self._newer(account, visits):
            return []
        ours = {visit.file for visit in visits}
        return [
            visit
            for visit in self._ws.store.visits_of(account.account_id)
            if visit.file not in ours and visit.at < self._sweep.started_at
        ]

    def _newer(self, account: Account, visits: Sequence[StoredVisit]) -> bool:
        """Whether some other sweep saw a post newer than any that this one shows."""
        known, _ = self._posted.get(account.account_id, (None, None))
        seen = [found.value for visit in visits if isinstance(found := visit.observation.aspects.get(Aspect.POSTS), Seen)]
        own = [day(value.latest.at) for value in seen if isinstance(value, Posts) and value.latest]
        return known is not None and all(on < known for on in own)

    def _fit(self, account: Account, visits: Sequence[StoredVisit]) -> set[str]:
        """Sweeps in which another account was seen by the very routes of the claims: no wall hid this one."""
        routes: dict[str, set[Route]] = defaultdict(set)
        for visit in visits:
            if _claims(visit):
                routes[visit.sweep].add(visit.route)
        fit = set()
        for name, used in routes.items():
            seen = self._seen if name == self._sweep.name else _seen(self._ws.store.visits(name))
            if all(seen[account.platform, route] - {account.account_id} for route in used):
                fit.add(name)
        return fit


def _seen(visits: Sequence[StoredVisit]) -> dict[tuple[str, Route], set[str]]:
    seen: dict[tuple[str, Route], set[str]] = defaultdict(set)
    for visit in visits:
        found = visit.observation.aspects.get(Aspect.EXISTENCE)
        if isinstance(found, Seen) and found.outcome is Outcome.OK and visit.account_id:
            seen[visit.platform, visit.route].add(visit.account_id)
    return seen


def _claims(visit: StoredVisit) -> bool:
    return any(
        isinstance(found, Seen) and found.outcome in (Outcome.EMPTY, Outcome.GONE) for found in visit.observation.aspects.values()
    )


def as_json(verdict: Verdict) -> dict[str, object]:
    """One verdict as `judge --json` prints it (DESIGN §8)."""
    account, idle = verdict.account, verdict.idle_days
    return {
        "account_id": account.account_id,
        "platform": account.platform,
        "kind": account.kind,
        "name": account.name,
        "organisation": account.organisation,
        "region": account.region,
        "check_date": verdict.check_date.isoformat(),
        "latest_post": verdict.latest_post.isoformat() if verdict.latest_post else None,
        "idle_days": {"least": idle.least, "most": idle.most} if idle else None,
        "verdict": verdict.word,
        "findings": [
            {
                "code": finding.code,
                "message": finding.message,
                "basis": finding.basis,
                "effect": str(finding.effect),
                "status": str(finding.status),
            }
            for finding in verdict.findings
        ],
        "undetermined": [{"code": one.code, "reason": one.reason} for one in verdict.undetermined],
    }
