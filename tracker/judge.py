"""Judging a sweep: verdicts under a profile, kept as one judgement (DESIGN §4)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from tracker.adapter import Adapter
from tracker.case import CHUNK, Brief, Case
from tracker.disputes import concluded
from tracker.model import Verdict
from tracker.rulebook.profile import Profile
from tracker.store import Judgement, JudgementHead, Question, SweepHead
from tracker.workspace import Workspace

Tell = Callable[[int], None]
"""Is told how many accounts were done since the last time."""


def judge(ws: Workspace, sweep: SweepHead, profile: Profile, adapters: Mapping[str, Adapter], *, at: datetime) -> Judgement:
    """Judge every account of the sweep, keep the judgement, and have all its verdicts in memory."""
    return ws.store.judgement(judge_streamed(ws, sweep, profile, adapters, at=at))


def judge_streamed(
    ws: Workspace,
    sweep: SweepHead,
    profile: Profile,
    adapters: Mapping[str, Adapter],
    *,
    at: datetime,
    tell: Tell = lambda done: None,
) -> JudgementHead:
    """Judge every account of the sweep and keep the judgement; memory does not grow with the registry.

    The same sweep, profile and decisions give the same verdicts, to the byte. A run that is broken off counts for nothing,
    and the facts that it stored are used by the next one.
    """
    briefs = Case(ws, sweep, adapters, keep=True).briefs()
    verdicts = _verdicts(ws, sweep, briefs, profile, at)
    told = JudgementHead(sweep=sweep.name, profile=profile.name, profile_digest=profile.digest, at=at)
    head, done = ws.store.begin_judgement(told), 0
    while some := tuple(islice(verdicts, CHUNK)):
        ws.store.add_verdicts(head, some, done)
        done += len(some)
        tell(len(some))
    return ws.store.end_judgement(head, done)


def _verdicts(ws: Workspace, sweep: SweepHead, briefs: Iterable[Brief], profile: Profile, at: datetime) -> Iterator[Verdict]:
    """Each verdict; what another office saw otherwise is asked (存疑) once."""
    asked: set[tuple[str, str, str]] | None = None
    for brief in briefs:
        verdict, doubts = concluded(brief, profile)
        if doubts and asked is None:
            asked = {(one.account_id, one.code, one.note) for one in ws.store.questions(sweep.name)}
        for doubt in doubts:
            own = verdict.account.account_id
            if asked is not None and (own, doubt.code, doubt.why) not in asked:
                ws.store.add_question(
                    sweep.name, Question(account_id=own, code=doubt.code, who="程序比对", note=doubt.why, at=at)
                )
        yield verdict


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
