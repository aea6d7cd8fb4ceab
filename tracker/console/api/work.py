"""POST: one look, pasted links, a decision, the judging of a check. The page's own machinery behind each."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from tracker import drafts
from tracker.console.api.accounts import account_of
from tracker.console.api.answers import CHANGES, PREFIX
from tracker.console.api.models import Sent
from tracker.console.api.once import Keyed, keyed, once_of
from tracker.console.checks import SMALL, check_or_new, judge_behind, judged, shown_head
from tracker.console.desk import Desk, OnDesk
from tracker.console.signing import OnPerson
from tracker.errors import UsageError
from tracker.judge import judge_streamed
from tracker.links import paste
from tracker.model import Decision
from tracker.registry.looks import ASPECTS
from tracker.store import Question, SweepHead

router = APIRouter(prefix=PREFIX, tags=["工作"], route_class=Keyed, dependencies=[Depends(keyed)], responses=CHANGES)

_NO_CHECK = "还没有检查记录"


class LookIn(Sent):
    """One look. `told` is the one field of the page: a date, 无内容, a link. `seen` = `file` of the last look that you know."""

    told: str = Field(default="", max_length=2000, description="最后更新日期、无内容,或者链接")
    answers: dict[str, Literal["有问题", "无问题", "未看"]] = Field(default={}, description=f"检查项:{'、'.join(ASPECTS)}")
    note: str = Field(default="", max_length=2000)
    seen: str = Field(default="", max_length=400, description="看过的上一次记录的 file;没有为空")


class LookOut(BaseModel):
    """The look as it was kept; `file` null = a link alone, which waits to be opened, or the look had been kept before."""

    account_id: str
    sweep: str
    file: str | None
    again: bool


class LinksIn(Sent):
    """Any text with links."""

    text: str = Field(min_length=1, max_length=300_000)


class LinksOut(BaseModel):
    """What the text held: links of our platforms, how many of them are new, and links of nobody's. None was opened yet."""

    links: list[str]
    new: int
    repeated: list[str]
    foreign: list[str]


class DecisionIn(Sent):
    """What a person says of a finding; a dismissal and a question need a reason."""

    decision: Literal["confirm", "dismiss", "ask"]
    why: str = Field(default="", max_length=500)


class DecisionOut(BaseModel):
    """That it was recorded, and the verdict now; null = it is being judged again."""

    account_id: str
    code: str
    decision: str
    verdict: str | None


class JudgeIn(Sent):
    """Which sweep."""

    sweep: str = Field(default="", max_length=200, description="批次;空 = 现在的正式检查")


class JudgeOut(BaseModel):
    """What it came to; `running` = a big check is judged behind, and `counts` are those of no judgement yet."""

    sweep: str
    profile: str
    running: bool
    judged_at: datetime | None
    counts: dict[str, int]


@router.post("/looks/{account_id}", summary="人工查看一个账号")
def look(request: Request, desk: OnDesk, signed: OnPerson, told: LookIn, account_id: str) -> LookOut:
    """Keep one look in the check that is going on."""
    account, at = account_of(desk, account_id), desk.clock()
    if unknown := set(told.answers) - set(ASPECTS):
        raise UsageError(f"没有检查项“{sorted(unknown)[0][:40]}”;现有:{'、'.join(ASPECTS)}")
    form = drafts.Form(
        key=once_of(request),
        seen_visit=told.seen,
        who=signed.person.name,
        told=told.told,
        answers={name: answer for name, answer in told.answers.items() if answer != "未看"},
        note=told.note,
    )
    sweep = check_or_new(desk.ws, at)
    match drafts.save(desk.ws, sweep, account, form, desk.adapters, at=at):
        case drafts.Stale(visit=None):
            raise HTTPException(409, "有人在网页上正填着这个账号,没有保存;等那边保存或清空以后再发")
        case drafts.Stale(visit=visit):
            known = visit.file if visit else ""
            raise HTTPException(409, f"这个账号已经有人看过(file:{known}),没有覆盖;看过那一次以后,把它的 file 写在 seen 里再发")
        case drafts.Refused(why=why):
            raise UsageError(why)
        case drafts.Saved(visit=visit, again=again):
            return LookOut(account_id=account_id, sweep=sweep.name, file=visit.file if visit else None, again=again)


@router.post("/links", summary="交链接")
def links(desk: OnDesk, signed: OnPerson, told: LinksIn) -> LinksOut:
    """Keep the links in a text; the office opens them."""
    found = paste(desk.ws, told.text, desk.adapters, who=signed.person.name, at=desk.clock())
    urls = [one.url for one in found.links]
    return LinksOut(links=urls, new=found.new, repeated=list(found.repeated), foreign=list(found.foreign))


@router.post("/decisions/{account_id}/{code}", summary="复核一个问题")
def decide(request: Request, desk: OnDesk, signed: OnPerson, told: DecisionIn, account_id: str, code: str) -> DecisionOut:
    """Confirm, dismiss or ask, in the check that the pages show."""
    check = shown_head(desk.ws, desk.clock())
    shown = judged(desk, check) if check else None
    verdict = desk.ws.store.verdict(shown.head, account_id) if shown and shown.head else None
    if check is None or verdict is None or code not in [one.code for one in verdict.findings]:
        raise HTTPException(404, "这个账号现在没有这个问题;现有的见 /api/v1/findings/waiting")
    if told.decision != "confirm" and not told.why.strip():
        raise UsageError("驳回和存疑要写明理由:why")
    _keep(desk, check, account_id, code, told, signed.person.name, once_of(request))
    now = judged(desk, check)
    found = desk.ws.store.verdict(now.head, account_id) if now.head and not now.again else None
    return DecisionOut(account_id=account_id, code=code, decision=told.decision, verdict=found.word if found else None)


def _keep(desk: Desk, check: SweepHead, account_id: str, code: str, told: DecisionIn, who: str, once: str) -> None:
    store, at, why = desk.ws.store, desk.clock(), told.why.strip()
    with store.transaction():
        store.hold_sweep(check.name)
        if store.form_sent(once):
            return
        store.mark_sent(once, at)
        if told.decision == "ask":
            store.add_question(check.name, Question(account_id=account_id, code=code, who=who, note=why, at=at))
            return
        confirmed = told.decision == "confirm"
        store.add_decision(check.name, Decision(account_id=account_id, code=code, confirmed=confirmed, who=who, why=why, at=at))


@router.post("/judge", summary="判定一个批次")
def judge(desk: OnDesk, signed: OnPerson, told: JudgeIn) -> JudgeOut:
    """Judge a sweep under the workspace's profile: a small one at once, a big one behind."""
    ws, profile = desk.ws, desk.profile()
    check = ws.store.sweep_head(told.sweep) if told.sweep else shown_head(ws, desk.clock())
    if check is None:
        raise HTTPException(404, f"没有这个批次{told.sweep[:40]};现有的见 /api/v1/sweeps" if told.sweep else _NO_CHECK)
    if ws.store.sweep_size(check.name) > SMALL:
        if not judge_behind(desk, check, profile):
            raise HTTPException(409, "另一次判定正在做;请等它做完再发", {"Retry-After": "30"})
        return JudgeOut(sweep=check.name, profile=profile.name, running=True, judged_at=None, counts={})
    head = judge_streamed(ws, check, profile, desk.adapters, at=desk.clock())
    counts: dict[str, int] = {}
    for one in ws.store.verdict_tally(head, signed.person.scope):
        counts[one.word] = counts.get(one.word, 0) + one.accounts
    return JudgeOut(sweep=check.name, profile=head.profile, running=False, judged_at=head.at, counts=counts)
