"""The gates before a final print (印发): what still stands in the way, and what a written reason may release (bulletin.md §5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from tracker.checking import Disagreement
from tracker.clock import day
from tracker.errors import UsageError
from tracker.forms import Told
from tracker.model import Conclusion, Effect, Status, Verdict
from tracker.store import Consultation, Judgement, Objection, SweepRecord
from tracker.witnesses import behind, needed
from tracker.workspace import Workspace

LEAST_COVERED = Decimal("0.95")
"""Share of the drawn list that must have been looked at (Issue: below it a person answers for printing)."""
_WORD = {2: "两"}
_NAMED = 10
"""Accounts named in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One thing that stands in the way. `sentence` says what, `todo` what to do; a releasable one opens with a written reason."""

    slug: str
    sentence: str
    todo: str
    releasable: bool


def gates(ws: Workspace, sweep: SweepRecord, judgement: Judgement, *, today: date, fresh: bool = False) -> tuple[Gate, ...]:
    """The closed gates of a sweep, in the order in which they are best dealt with; () = it may be printed for good.

    `fresh` = the caller judged just now whatever had come in.
    """
    objections = ws.store.objections(sweep.name)
    sent = ws.store.consultations(sweep.name)
    return (
        *(() if fresh else stale(ws, judgement)),
        *candidates(judgement),
        *_by_two(ws, judgement),
        *_unanswered(objections, judgement),
        *_consulted(ws, sent[-1] if sent else None, objections, judgement, today),
        *_covered(ws, sweep, judgement),
    )


def stale(ws: Workspace, judgement: Judgement) -> tuple[Gate, ...]:
    """What was seen, decided or filed after the judgement may clear an account that it lists.

    A visit counts that is older than the judgement, but came in later: from another machine, or in a bundle.
    """
    newer = sum(visit.at > judgement.at for visit in ws.store.visits(judgement.sweep) if visit.account_id)
    # what the judgement rests on was not kept by earlier programs
    if not newer and ws.store.judged_state(judgement) in ("", ws.store.sweep_state(judgement.sweep)):
        return ()
    what = f"{newer}次采集" if newer else "新的记录(采集、复核或报备)"
    return (
        Gate(
            slug="stale",
            sentence=f"批次 {judgement.sweep} 在判定之后又有{what},不能印发旧的结论",
            todo=f"先运行 tracker judge --sweep {judgement.sweep}(网页版:打开“结果”)",
            releasable=False,
        ),
    )


def candidates(judgement: Judgement) -> tuple[Gate, ...]:
    """Findings that wait for a person accuse nobody yet."""
    waiting = open_findings(judgement)
    if not waiting:
        return ()
    return (
        Gate(
            slug="candidates",
            sentence=f"还有{len(waiting)}条未复核,不能印发:{_named(waiting)}",
            todo="先用 tracker review 确认或驳回(网页版:复核)",
            releasable=False,
        ),
    )


def open_findings(judgement: Judgement) -> list[str]:
    """Findings that wait for a person, as `名称(代码)`."""
    return [
        f"{verdict.account.name}({finding.code})"
        for verdict in judgement.verdicts
        if verdict.conclusion is not Conclusion.LIFECYCLE
        for finding in verdict.findings
        if finding.status is Status.CANDIDATE
    ]


def _by_two(ws: Workspace, judgement: Judgement) -> Iterator[Gate]:
    """A veto that too few people stand behind, or on which two say the opposite of each other."""
    least = needed(ws, ws.profile(judgement.profile))
    if least == 1:
        return
    found = tuple(behind(ws, judgement.sweep, judgement.verdicts))
    if few := [f"{one.name}({one.code})" for one in found if len(one.agreed) < least and not one.dismissed]:
        yield Gate(
            slug="persons",
            sentence=f"有{len(few)}条一票否决的问题还没有{_WORD[least]}人确认,不能印发:{_named(few)}",
            todo="请另一人用 tracker review confirm 或在复核页确认;本单位只有一人办理的,在 tracker.toml 写 persons = 1",
            releasable=False,
        )
    if torn := [f"{one.name}({one.code})" for one in found if one.dismissed]:
        yield Gate(
            slug="disagreement",
            sentence=f"有{len(torn)}条一票否决的问题有人确认、有人驳回:{_named(torn)}",
            todo="请驳回的人与确认的人商定后再复核一次",
            releasable=False,
        )


def _unanswered(objections: Sequence[Objection], judgement: Judgement) -> Iterator[Gate]:
    names = {one.account.account_id: one.account.name for one in judgement.verdicts}
    waiting = [f"{names.get(one.account_id, one.account_id)}({one.code})" for one in unanswered(objections)]
    if waiting:
        yield Gate(
            slug="objections",
            sentence=f"还有{len(waiting)}条异议没有答复:{_named(waiting)}",
            todo="先用 tracker report objections decide 逐条答复(网页版:征求意见)",
            releasable=False,
        )


def latest(objections: Sequence[Objection]) -> dict[tuple[str, str], Objection]:
    """What each unit said last of each finding, by (account id, code)."""
    return {(one.account_id, one.code): one for one in objections}


def unanswered(objections: Sequence[Objection]) -> list[Objection]:
    """Objections that nobody answered; a later reply on the same finding takes the place of the earlier."""
    return [one for one in latest(objections).values() if one.objects and one.ruling is None]


def _consulted(
    ws: Workspace, sent: Consultation | None, objections: Sequence[Objection], judgement: Judgement, today: date
) -> Iterator[Gate]:
    if sent is None:
        if ws.settings.consult.required and asked_about(judgement.verdicts):
            yield Gate(
                slug="consult",
                sentence="还没有征求过意见,tracker.toml 的 [consult] 要求先征求意见",
                todo="先运行 tracker report consult(网页版:征求意见)",
                releasable=False,
            )
        return
    asked = {pair for one in sent.asked for pair in one.findings}
    if today <= sent.deadline and not asked <= latest(objections).keys():
        yield Gate(
            slug="deadline",
            sentence=f"征求意见的截止日期 {sent.deadline} 还没有过,也还没有收齐意见",
            todo="等截止日期过后再印发,或收齐反馈表",
            releasable=False,
        )
    fresh = [pair for pair in asked_about(judgement.verdicts) if pair not in asked]
    if ws.settings.consult.required and fresh:
        yield Gate(
            slug="consult",
            sentence=f"有{len(fresh)}条问题是征求意见之后才有的,没有征求过意见",
            todo="再运行一次 tracker report consult(网页版:征求意见)",
            releasable=False,
        )


def asked_about(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    """Settled findings of failing accounts, reminders aside, as (account id, code): what units are asked about."""
    return [
        (one.account.account_id, finding.code)
        for one in verdicts
        if one.conclusion is Conclusion.FAILED
        for finding in one.findings
        if finding.status in (Status.AUTOMATIC, Status.CONFIRMED) and finding.effect is not Effect.REMIND
    ]


def _covered(ws: Workspace, sweep: SweepRecord, judgement: Judgement) -> Iterator[Gate]:
    """未能核查 and never visited count as not covered; an account on its way out needs no look."""
    made = ws.store.last_draw(sweep.period) if sweep.period else None
    wanted = made.drawn if made else tuple(one.account.account_id for one in judgement.verdicts)
    visited = {visit.account_id for visit in ws.store.visits(sweep.name)}
    of = {one.account.account_id: one.conclusion for one in judgement.verdicts}
    seen = [own for own in wanted if _looked_at(of.get(own), own in visited)]
    if wanted and Decimal(len(seen)) / len(wanted) < LEAST_COVERED:
        share = (Decimal(100 * len(seen)) / len(wanted)).quantize(Decimal("0.1"), ROUND_FLOOR)
        yield Gate(
            slug="coverage",
            sentence=f"应查{len(wanted)}个账号,查清的只有{len(seen)}个({share}%),不到 {LEAST_COVERED:.0%}",
            todo="补查未能核查的账号,或用 --because 写明为什么仍要印发(网页版:填理由)",
            releasable=True,
        )


def _looked_at(conclusion: Conclusion | None, visited: bool) -> bool:
    if conclusion in (None, Conclusion.UNCHECKED):
        return False
    return visited or conclusion is Conclusion.LIFECYCLE


def issued(told: Told, form: str, whom: str, content: str) -> tuple[Gate, ...]:
    """更正 needs a reason: a final after a final with other content."""
    before = told.ws.store.last_print(told.sweep.name, form, whom, "final")
    if before is None or before.content == content:
        return ()
    return (
        Gate(
            slug="correction",
            sentence=f"{before.label}已于 {day(before.at)} 印发,内容不同的再印一次就是更正",
            todo="用 --because 写明更正理由(网页版:填理由)",
            releasable=True,
        ),
    )


def disagreeing(wrong: Sequence[Disagreement]) -> tuple[Gate, ...]:
    """What the check of the written bulletin found."""
    return tuple(
        Gate(
            slug=f"check-{one.check}",
            sentence=f"通报自查发现不一致:{one.place}:{one.why}{f'(应为:{one.fits})' if one.fits else ''}",
            todo="改正后再印发,或用 --because 写明为什么仍要印发(网页版:填理由)",
            releasable=True,
        )
        for one in wrong
    )


def must_open(closed: Sequence[Gate], because: str) -> None:
    """Raises UsageError naming every gate that stays closed; `because` releases those that may be."""
    shut = [one for one in closed if not (one.releasable and because.strip())]
    if shut:
        raise UsageError(";".join(f"{one.sentence};{one.todo}" for one in shut))


def _named(whom: Sequence[str]) -> str:
    more = f"等{len(whom)}条" if len(whom) > _NAMED else ""
    return f"{'、'.join(whom[:_NAMED])}{more}"
