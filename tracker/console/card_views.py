"""What the page of an account shows of its card: findings with their bytes, the days on which it posted, earlier results."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from tracker.clock import day
from tracker.due import most_days
from tracker.errors import UsageError
from tracker.explain import EFFECT, STATUS, Card, Shown
from tracker.facts.reasons import REASONS
from tracker.history import PAPER
from tracker.model import IGNORANCE, Account, Conclusion, Finding, Outcome, Status, StoredVisit, Verdict
from tracker.posted import Posted, posted
from tracker.reports.timeline import Timeline, build
from tracker.reports.wording import ROUTES, plain
from tracker.rulebook.profile import Profile
from tracker.store import SweepHead
from tracker.sweep import REACH
from tracker.text import squeeze
from tracker.workspace import Workspace

LOOKS: Mapping[Conclusion, str] = {
    Conclusion.FAILED: "bad",
    Conclusion.TO_REVIEW: "wait",
    Conclusion.UNCHECKED: "wait",
    Conclusion.PASSED: "good",
    Conclusion.LIFECYCLE: "soft",
}
"""Class of the style sheet for a conclusion."""

MOST_QUOTES = 12
"""Pieces of evidence shown for one finding."""
MOST_POSTS = 40
MOST_PAST = 24
"""Earlier sweeps."""
MOST_PRINTS = 12
_WHAT = {"发布": "发布", "填报": "填报", "原文": "原文"}
_CELL = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePart:
    """One piece of evidence: its words with what stands around them, and the page that shows the stored bytes."""

    what: str
    when: str
    kind: str
    before: str
    quote: str
    after: str
    url: str
    address: str
    """Of the evidence; empty where there is none, and `trouble` says why."""
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPart:
    """One finding with the words for its status and effect, its bytes, and what people decided of it."""

    finding: Finding
    status: str
    effect: str
    waits: bool
    quotes: tuple[QuotePart, ...]
    more: int
    """Pieces of evidence that are not shown here."""
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPart:
    """One visit: when, how, what came of it, where its evidence is."""

    at: str
    route: str
    outcome: str
    seen: bool
    url: str
    notes: tuple[str, ...]
    file: str
    sha256: str
    address: str
    """Of the page with the extracted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPart:
    """One post as a line: for who reads without the picture."""

    day: str
    silent: str
    """Days to the next post or the check day."""
    over: bool
    """Whether these are more than the place allows."""
    title: str
    url: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPart:
    """What one sweep, or one printed list, said of the account."""

    when: str
    name: str
    source: str
    """正式检查, 每周巡检, 来自纸质通报, 印发名单."""
    word: str
    look: str
    findings: tuple[str, ...]
    address: str
    """Of the account's page for that sweep; empty = there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePart:
    """The picture of the posts, and its lines; `limit` = days that may pass without a post, None = the place has no such rule."""

    line: Timeline
    limit: int | None
    posts: tuple[PostPart, ...]
    more: int


def findings_of(card: Card) -> tuple[FindingPart, ...]:
    """The findings of a card in rule order."""
    return tuple(_finding(one, card) for one in card.verdict.findings)


def _finding(finding: Finding, card: Card) -> FindingPart:
    shown = card.shown.get(finding.code, ())
    return FindingPart(
        finding=finding,
        status=STATUS[finding.status],
        effect=EFFECT[finding.effect],
        waits=finding.status is Status.CANDIDATE,
        quotes=tuple(map(quote_of, shown[:MOST_QUOTES])),
        more=max(0, len(shown) - MOST_QUOTES),
        decisions=tuple(
            f"{squeeze(one.who) or '未署名'} {one.at:%Y-%m-%d %H:%M} {'确认' if one.confirmed else '驳回'}"
            + (f",理由:{squeeze(one.why)}" if one.why.strip() else "")
            for one in card.decisions
            if one.code == finding.code
        ),
    )


def quote_of(one: Shown) -> QuotePart:
    """A piece of evidence; where the bytes do not hold the words letter by letter, the words of the finding."""
    return QuotePart(
        what=_WHAT.get(one.what, one.what),
        when=f"{one.hit.at:%Y-%m-%d %H:%M}" if one.hit.at else "",
        kind=one.hit.kind,
        before=one.before if one.quote else "",
        quote=plain(one.quote or one.hit.quote, _CELL),
        after=one.after if one.quote else "",
        url=one.hit.url,
        address=f"/evidence/{quote(one.file)}" if one.file else "",
        trouble=one.trouble,
    )


def visit_of(visit: StoredVisit) -> VisitPart:
    """A visit in words."""
    said = visit.observation
    return VisitPart(
        at=f"{visit.at:%Y-%m-%d %H:%M}",
        route=ROUTES[visit.route],
        outcome="已读取" if said.outcome is Outcome.OK else said.detail or REASONS[said.outcome],
        seen=said.outcome not in IGNORANCE,
        url=visit.url,
        notes=said.notes,
        file=visit.file,
        sha256=visit.sha256,
        address=f"/evidence/{quote(visit.file)}",
    )


def unknown_of(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """What stayed unknown: codes and their one reason."""
    codes: dict[str, list[str]] = defaultdict(list)
    for one in verdict.undetermined:
        codes[one.reason].append(one.code)
    return tuple(("、".join(told), reason) for reason, told in codes.items())


def time_of(
    account: Account,
    visits: Sequence[StoredVisit],
    ever: Sequence[StoredVisit],
    profile: Profile,
    check: date,
    since: date | None,
) -> TimePart:
    """When it posted up to the check date, all routes together, with the days on which it was looked at."""
    found, most = posted(account, visits, ever, check), _most(profile)
    looks: dict[date, bool] = {}
    for one in (*ever, *visits):
        on = day(one.at)
        looks[on] = looks.get(on, False) or one.observation.outcome not in IGNORANCE
    line = build(
        [day(one.at) for one in found.posts],
        since=since or check - REACH,
        check=check,
        covered_since=found.covered_since,
        marks={**{day(one.at): "pinned" for one in found.pinned}, **{day(one.at): "gone" for one in found.gone}},
        looks=looks,
        most=most,
    )
    posts = tuple(_posts(found, check, most))
    return TimePart(line=line, limit=most, posts=posts[:MOST_POSTS], more=max(0, len(posts) - MOST_POSTS))


def _most(profile: Profile) -> int | None:
    try:
        return most_days(profile)
    except UsageError:  # a place without a limit has gaps, but none that is too long
        return None


def _posts(found: Posted, check: date, most: int | None) -> Iterator[PostPart]:
    after = check
    for post in found.posts:
        on = day(post.at)
        silent = (after - on).days
        remarks = [word for word, told in (("置顶", found.pinned), ("后来看不到了", found.gone)) if post in told]
        yield PostPart(
            day=on.isoformat(),
            silent=f"{silent}天",
            over=most is not None and silent > most,
            title=plain(post.title or post.text, 200),
            url=post.url,
            remark="、".join([*remarks, *(["转发"] if post.repost else [])]),
        )
        after = on


def past_of(ws: Workspace, account: Account) -> tuple[PastPart, ...]:
    """What every earlier sweep, printed list and printed form said of the account, the newest first."""
    told = [*_judged(ws, account), *_papers(ws, account), *_prints(ws, account)]
    return tuple(part for _, part in sorted(told, key=lambda one: (one[0], one[1].source), reverse=True))


def _judged(ws: Workspace, account: Account) -> Iterator[tuple[date, PastPart]]:
    sweeps = ws.store.sweeps()[-MOST_PAST:]
    heads = ws.store.last_heads([one.name for one in sweeps])
    for sweep in (one for one in sweeps if one.name in heads):
        verdict = ws.store.verdict(heads[sweep.name], account.account_id)
        if verdict is not None:
            yield verdict.check_date, _sweep_part(sweep, verdict, account)


def _sweep_part(sweep: SweepHead, verdict: Verdict, account: Account) -> PastPart:
    standing = [one for one in verdict.findings if one.status is not Status.DISMISSED]
    return PastPart(
        when=verdict.check_date.isoformat(),
        name=f"{sweep.period or ''} {sweep.name}".strip(),
        source="正式检查" if sweep.kind == "check" else "每周巡检",
        word=verdict.word,
        look=LOOKS[verdict.conclusion],
        findings=tuple(f"{one.message}({STATUS[one.status]})" for one in standing),
        address=f"/accounts/{quote(account.account_id, safe='')}?sweep={quote(sweep.name, safe='')}",
    )


def _papers(ws: Workspace, account: Account) -> Iterator[tuple[date, PastPart]]:
    for period in ws.store.periods():
        for line in ws.store.paper_lines(period.name, account.account_id) if period.source else ():
            found = tuple(one.phrase + (f"({one.rectified})" if one.rectified else "") for one in line.findings)
            yield (
                period.end,
                PastPart(
                    when=line.printed_date or f"{period.end}",
                    name=period.title,
                    source=PAPER,
                    word=line.result or ("有问题" if found else "没有问题"),
                    look="bad" if found else "soft",
                    findings=found,
                    address="",
                ),
            )


def _prints(ws: Workspace, account: Account) -> Iterator[tuple[date, PastPart]]:
    """The final prints that name the account; of a correction, what it says instead."""
    finals = [one for one in ws.store.prints() if one.kind == "final" and not one.whom][-MOST_PRINTS:]
    for made in finals:
        whole = ws.store.print_of(made.token)
        for row in whole.rows if whole else ():
            if row.account_id == account.account_id:
                yield (
                    day(made.at),
                    _print_part(made.at, f"{made.title}({made.label})", row.word, [one.message for one in row.findings]),
                )


def _print_part(at: datetime, name: str, word: str, findings: Sequence[str]) -> PastPart:
    return PastPart(
        when=f"{day(at)}",
        name=name,
        source="印发名单",
        word=word,
        look="bad" if findings else "soft",
        findings=tuple(findings),
        address="",
    )
