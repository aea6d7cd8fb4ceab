"""The card of one account from the workspace: its verdict, decisions, earlier periods, and the bytes behind every word."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from tracker.clock import day
from tracker.errors import UsageError
from tracker.explain.card import Before, Card
from tracker.explain.proofs import Files, Shown
from tracker.facts.whose import own
from tracker.history import faults_of
from tracker.model import Aspect, Finding, Hit, Post, Posts, Route, Seen, StoredVisit, Verdict
from tracker.rulebook.taxonomy import kind_of
from tracker.store import JudgementHead, SweepHead, through
from tracker.workspace import Workspace

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATES = "UPD-"
"""Findings whose sums rest on the dates of posts."""
_NEWEST = 3
"""Posts shown where the sums name no day on which one stands."""


def gather(ws: Workspace, sweep: SweepHead, judgement: JudgementHead, account_id: str) -> Card:
    """The whole card. Damaged evidence is told on the card, everything else still stands on it.

    Raises UsageError when the account is not in the sweep.
    """
    verdict = ws.store.verdict(judgement, account_id)
    if verdict is None:
        raise UsageError(f"账号 {account_id} 不在批次 {sweep.name} 里;请选检查过它的批次(命令行:--sweep)")
    visits = ws.store.visits(sweep.name, account_id)
    ever = [one for one in ws.store.visits_of(account_id) if one.at <= judgement.at]
    files = Files(ws.evidence, {one.file: one.sha256 for one in (*ever, *visits)})
    for visit in visits:
        files.parts(visit.file)
    posts = _posts(own(verdict.account, visits))
    latest = _latest(verdict, posts) or _latest(verdict, _posts(own(verdict.account, ever)))
    return Card(
        verdict=verdict,
        visits=visits,
        sweep=sweep.name,
        profile=judgement.profile,
        profile_digest=judgement.profile_digest,
        judged_at=judgement.at,
        shown={one.code: tuple(_shown(one, verdict, visits, posts, files)) for one in verdict.findings},
        latest=tuple(files.show(hit, "发布") for hit in latest),
        decisions=tuple(one for one in ws.store.decisions(sweep.name) if one.account_id == account_id),
        before=tuple(_before(ws, sweep, verdict)),
        damaged=files.damaged,
        origins={own: through(hands) for own, hands in ws.store.hands([one.sha256 for one in visits]).items()},
    )


def proofs_of(ws: Workspace, sweep: str, verdict: Verdict, codes: Collection[str]) -> Mapping[str, tuple[Shown, ...]]:
    """The stored bytes behind some findings of a verdict, by code: what the card shows of them, without the rest of the card."""
    whom = verdict.account.account_id
    visits = ws.store.visits(sweep, whom)
    files = Files(ws.evidence, {one.file: one.sha256 for one in (*ws.store.visits_of(whom), *visits)})
    posts = _posts(own(verdict.account, visits))
    return {one.code: tuple(_shown(one, verdict, visits, posts, files)) for one in verdict.findings if one.code in codes}


def _shown(
    finding: Finding, verdict: Verdict, visits: Sequence[StoredVisit], posts: Sequence[tuple[Post, str]], files: Files
) -> Iterator[Shown]:
    """The bytes behind a finding: its hits, the rows of the clerks who reported it, the posts behind its sums."""
    yield from (files.show(hit) for hit in finding.hits)
    yield from (files.show(hit, "填报") for hit in _rows(finding, visits))
    if finding.code.startswith(_DATES) and not finding.hits:
        yield from (files.show(hit, "发布") for hit in _behind(finding, verdict.check_date, posts))


def _rows(finding: Finding, visits: Sequence[StoredVisit]) -> Iterator[Hit]:
    for visit in visits:
        for told in visit.observation.reported if visit.route is Route.MANUAL else ():
            if told.code == finding.code and told.broken:
                yield Hit(kind="检查表", quote=told.phrase, at=visit.at, file=visit.file)


def _behind(finding: Finding, on: date, posts: Sequence[tuple[Post, str]]) -> list[Hit]:
    """The posts of the days that the sums name; where none stands on such a day, the newest up to the check date."""
    named = {one for told in _DAY.findall(finding.arithmetic) if (one := _date(told)) is not None}
    behind = [(post, file) for post, file in posts if day(post.at) in named]
    return [_hit(post, file) for post, file in behind or [one for one in posts if day(one[0].at) <= on][:_NEWEST]]


def _date(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def _latest(verdict: Verdict, posts: Sequence[tuple[Post, str]]) -> list[Hit]:
    return [_hit(post, file) for post, file in posts if day(post.at) == verdict.latest_post][:1]


def _hit(post: Post, file: str) -> Hit:
    return Hit(kind="发布", quote=post.title or post.text, url=post.url, at=post.at, file=file)


def _posts(visits: Sequence[StoredVisit]) -> list[tuple[Post, str]]:
    """The posts that the visits show, each once, newest first, with the file that shows it."""
    told: dict[tuple[str, datetime], tuple[Post, str]] = {}
    for visit in visits:
        seen = visit.observation.aspects.get(Aspect.POSTS)
        if isinstance(seen, Seen) and isinstance(seen.value, Posts):
            for post in seen.value.items:
                told.setdefault((post.id or post.title, post.at), (post, visit.file))
    return sorted(told.values(), key=lambda one: one[0].at, reverse=True)


def _before(ws: Workspace, sweep: SweepHead, verdict: Verdict) -> Iterator[Before]:
    """Earlier periods that found the account faulty, the newest first; a period without a result says nothing."""
    own_period = ws.store.period(sweep.period) if sweep.period else None
    begun = own_period.start if own_period else verdict.check_date
    whom = verdict.account.account_id
    for period in reversed([one for one in ws.store.periods() if one.start < begun and one.name != sweep.period]):
        try:
            codes = faults_of(ws, period, verdict.account)
        except UsageError:
            continue
        if codes:
            printed = [one.phrase for one in ws.store.paper_findings(period.name, whom)]
            yield Before(period=period.name, codes=codes, words="、".join(printed) or "、".join(map(_title, codes)))


def _title(code: str) -> str:
    kind = kind_of(code)
    return kind.title if kind else code
