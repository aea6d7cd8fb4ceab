"""What a unit sees of its own accounts: the findings that were sent to it or printed, their evidence, its own answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from tracker.console.consult_views import AnswerLine, answer_line, opinion_word
from tracker.console.letters import ProofPart, proof_parts
from tracker.consult import Known, as_told
from tracker.errors import EvidenceDamaged
from tracker.explain import Shown, proofs_of
from tracker.model import Account, Finding, Route, Verdict
from tracker.pictures import PAGE, kind_of, shown_bytes
from tracker.reports.wording import plain
from tracker.store import Objection, RectificationReport
from tracker.workspace import Workspace

_QUOTES = 12
"""Pieces of evidence shown for one finding."""
_TEXT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One account on the list; `told` 0 = nothing was sent or printed of it. `look` is a class of the style sheet."""

    account_id: str
    name: str
    kind: str
    organisation: str
    told: int
    open: int
    """Findings without an answer."""
    state: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePart:
    """One piece of evidence: what it is, its words with those around them, where and when it stood, what is stored of it."""

    what: str
    when: str
    before: str
    text: str
    after: str
    url: str
    stored: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidPart:
    """One answer of the unit, and the office's to it."""

    opinion: str
    objects: bool
    why: str
    received: str
    late: bool
    proofs: tuple[ProofPart, ...]
    answer: AnswerLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFinding:
    """One finding as the unit was told it. `message` in the words that hold now, `was` in those of the telling, if others."""

    code: str
    message: str
    was: str
    basis: str
    because: str
    enough: str
    check_date: str
    told: tuple[str, ...]
    days: str
    over: bool
    withdrawn: bool
    open: bool
    """Whether it still stands, so that the unit may answer."""
    quotes: tuple[QuotePart, ...]
    shots: tuple[str, ...]
    said: tuple[SaidPart, ...]
    address: str
    """Where an answer is posted."""
    why: str
    """What was written already, where the form comes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DonePart:
    """One report of rectification."""

    at: str
    who: str
    organisation: str
    codes: str
    words: str
    done_on: str
    url: str
    proofs: tuple[ProofPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCheck:
    """One check: its findings and what was reported of their rectification."""

    sweep: str
    title: str
    findings: tuple[OwnFinding, ...]
    done: tuple[DonePart, ...]


def day_words(on: date) -> str:
    """2026年11月13日."""
    return f"{on.year}年{on.month}月{on.day}日"


def line_of(account: Account, told: Sequence[Known], today: date) -> OwnLine:
    """One account with what is open on it."""
    standing = [one for one in told if not one.withdrawn]
    unsaid = [one for one in standing if one.last is None]
    state, look = _state(told, standing, unsaid, today)
    return OwnLine(
        account_id=account.account_id,
        name=account.name,
        kind=account.kind,
        organisation=account.organisation,
        told=len(told),
        open=len(unsaid),
        state=state,
        look=look,
    )


def _state(told: Sequence[Known], standing: Sequence[Known], unsaid: Sequence[Known], today: date) -> tuple[str, str]:
    if not told:
        return "没有发给您的问题", "good"
    if not standing:
        return "异议已采纳,问题撤销", "good"
    if any(one.last and one.last.objects and one.last.ruling is None for one in standing):
        return "异议等待答复", "wait"
    if not unsaid:
        return "已反馈", "soft"
    left = max((left for one in unsaid if (left := one.days_left(today)) is not None), default=None)
    asked = any(one.sent is not None for one in unsaid)
    if left is not None and left >= 0:
        return f"{'待反馈' if asked else '已印发,可以提出异议'},{_left(left)}", "bad"
    return "未反馈,期限已过" if asked and left is not None else "已印发", "bad"


def _left(days: int) -> str:
    return f"还有{days}天" if days else "今天截止"


def days_words(one: Known, today: date) -> str:
    """How long there is to answer; a late answer is taken, and told to be late."""
    left = one.days_left(today)
    if left is None or one.due is None:
        return "可以反馈;期限见通报或通知单"
    on = day_words(one.due)
    return f"{on}截止,{_left(left)}" if left >= 0 else f"{on}已截止;仍可以反馈,会注明逾期"


def findings_of(
    ws: Workspace, sweep: str, account_id: str, told: Sequence[Known], today: date, kept: Mapping[str, str]
) -> tuple[OwnFinding, ...]:
    """The findings of one check on one account; `kept` = reasons that were written into a form that comes back, by code."""
    seen = {one.code: as_told(ws, one) for one in told}
    shown = _shown(ws, sweep, [pair for pair in seen.values() if pair])
    return tuple(_finding(ws, one, seen[one.code], shown.get(one.code, ()), today, kept.get(one.code, "")) for one in told)


def _shown(ws: Workspace, sweep: str, told: Iterable[tuple[Verdict, Finding]]) -> Mapping[str, tuple[Shown, ...]]:
    """The evidence of the findings that were told, from the verdicts that they were told from."""
    found: dict[str, tuple[Shown, ...]] = {}
    for verdict, finding in told:
        if finding.code not in found:
            found |= proofs_of(ws, sweep, verdict, {finding.code})
    return found


def _finding(
    ws: Workspace, one: Known, told: tuple[Verdict, Finding] | None, shown: Sequence[Shown], today: date, why: str
) -> OwnFinding:
    verdict, finding = told or (None, None)
    was = one.message or (finding.message if finding else one.code)
    ruled = one.last.ruling if one.last else None
    base = f"/own/{quote(one.account_id)}"
    left = one.days_left(today)
    shots = len(shots_of(ws, shown))
    return OwnFinding(
        code=one.code,
        message=(ruled.words if ruled and ruled.words else "") or was,
        was=was if ruled and ruled.words and ruled.words != was else "",
        basis=finding.basis if finding else "",
        because=finding.arithmetic if finding else "",
        enough=finding.counterfactual if finding else "",
        check_date=day_words(verdict.check_date) if verdict else "",
        told=tuple(_told(one)),
        days=days_words(one, today),
        over=left is not None and left < 0,
        withdrawn=one.withdrawn,
        open=not one.withdrawn,
        quotes=tuple(map(_quote, shown[:_QUOTES])),
        shots=tuple(f"{base}/shots/{quote(one.code)}/{place}?sweep={quote(one.sweep)}" for place in range(shots)),
        said=tuple(_said(ws, each, base) for each in one.said),
        address=f"{base}/answer/{quote(one.code)}",
        why=why,
    )


def _told(one: Known) -> Iterable[str]:
    if one.sent is not None:
        yield f"{day_words(one.sent.at.date())}第{one.number}次征求意见"
    if one.printed is not None:
        yield f"{day_words(one.printed.at.date())}印发({one.printed.label}):{one.printed.title}"


def _quote(one: Shown) -> QuotePart:
    around = bool(one.quote)
    return QuotePart(
        what=one.what,
        when=f"{one.hit.at:%Y-%m-%d %H:%M}" if one.hit.at else "",
        before=plain(one.before, _TEXT) if around else "",
        text=plain(one.quote or one.hit.quote, _TEXT),
        after=plain(one.after, _TEXT) if around else "",
        url=plain(one.hit.url, _TEXT),
        stored=one.trouble or (f"存证 {one.file} 摘要 {one.digest}" if one.digest else ""),
    )


def shots_of(ws: Workspace, shown: Sequence[Shown]) -> list[tuple[str, bytes]]:
    """The pictures that people took when they recorded a finding: media type and bytes as they are shown."""
    found: list[tuple[str, bytes]] = []
    files = {one.file for one in shown if one.file}
    for file, visit in ws.store.visits_at(sorted(files)).items() if files else ():
        if visit.route is not Route.MANUAL:
            continue
        try:
            exchanges = ws.evidence.read(file, sha256=visit.sha256)[1]
        except EvidenceDamaged:
            continue
        found += [(kind, shown_bytes(one.body)) for one in exchanges if one.page == PAGE and (kind := kind_of(one.body[:12]))]
    return found


def _said(ws: Workspace, told: Objection, base: str) -> SaidPart:
    return SaidPart(
        opinion=opinion_word(told),
        objects=told.objects,
        why=";".join(filter(None, (told.words, told.why))),
        received=day_words(told.received_on),
        late=told.late,
        proofs=proof_parts(ws, told.attachments, f"{base}/proofs/{told.id}"),
        answer=answer_line(told),
    )


def done_part(ws: Workspace, told: RectificationReport, base: str) -> DonePart:
    """One report; `base` = address of its files, to be followed by number and place."""
    return DonePart(
        at=f"{told.at:%Y-%m-%d %H:%M}",
        who=told.who,
        organisation=told.organisation,
        codes="、".join(told.codes),
        words=told.words,
        done_on=day_words(told.done_on),
        url=told.url,
        proofs=proof_parts(ws, told.attachments, f"{base}/{told.id}"),
    )
