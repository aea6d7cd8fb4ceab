"""结果: every account of the shown check with what its last judgement came to; filters, sorting, the card behind each."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tracker.console.checks import again_for, judged, progress, shown_head
from tracker.console.desk import OnDesk
from tracker.console.lists import (
    MOST_WORDS,
    Choice,
    Column,
    Filter,
    Way,
    choices_of,
    columns_of,
    platform_titles,
    turn_of,
    way_of,
)
from tracker.console.overview_views import LOOKS, WORDS
from tracker.console.render import page, part
from tracker.console.signing import OnPerson
from tracker.model import Bounds, Conclusion, Status, Verdict
from tracker.people import Person, Right
from tracker.store import VerdictAsk, VerdictTally
from tracker.store.listing import VERDICT_ORDERS
from tracker.text import clip

router = APIRouter()

MOST_TOLD = 160
"""Characters of the findings or reasons of one row; the card tells all."""
_COLUMNS = (
    ("结果", ""),
    ("类型", ""),
    ("名称", "name"),
    ("主办单位", ""),
    ("县区", ""),
    ("最后更新", "latest"),
    ("未更新天数", "idle"),
    ("问题或原因", ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One verdict; `look` is a class of the style sheet, `told` its findings, or why it could not be checked."""

    account_id: str
    word: str
    look: str
    kind: str
    name: str
    organisation: str
    region: str
    latest: str
    idle: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """One way to a first look, for who may go it."""

    address: str
    word: str
    right: Right


_BEGINNINGS = (
    Beginning(address="/links", word="粘贴链接", right=Right.COLLECT),
    Beginning(address="/looks", word="人工看一眼", right=Right.LOOK),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictsPage:
    """`verdicts.html`. `judged_at` empty = nobody looked yet, or the first judging goes on (`again`)."""

    again: str
    """Why this is not the last word; empty = it is."""
    sweep: str = ""
    judged_at: str = ""
    words: str = ""
    filters: tuple[Filter, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    total: int = 0
    """Accounts of the check, of those that the person sees."""
    found: int = 0
    way: Way | None = None
    sorted_by: str = ""
    """Address that sorts in the order of the registry again; empty where it is so."""
    beginnings: tuple[Beginning, ...] = ()
    """Where nobody looked yet: what this person may begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingPart:
    """`judging.html`: how far the judging behind the page is; `running` False = it is done, `error` says why it failed."""

    running: bool
    told: str
    error: str


@router.get("/verdicts")
def verdicts(
    request: Request,
    desk: OnDesk,
    signed: OnPerson,
    q: str = "",
    conclusion: str = "",
    platform: str = "",
    region: str = "",
    order: str = "position",
    down: str = "",
    after: str = "",
    before: str = "",
) -> HTMLResponse:
    """A page of the last judgement; `after` and `before` are keys of the pages beside it."""
    check = shown_head(desk.ws, desk.clock())
    shown = judged(desk, check) if check else None
    if check is None or shown is None or shown.head is None:
        return page(request, "verdicts.html", "结果", _nothing(signed.person, shown.again if shown else ""))
    store, scope, head = desk.ws.store, signed.person.scope, shown.head
    exact = {"conclusion": conclusion, "platform": platform, "region": region}
    ask, turn = VerdictAsk(words=q.strip()[:MOST_WORDS], **exact), turn_of(VERDICT_ORDERS, order, down, after, before)
    found, tally = store.list_verdicts(head, ask, turn, scope), store.verdict_tally(head, scope)
    told = {"q": ask.words, **exact}
    context = VerdictsPage(
        again=again_for(shown.again, scope),
        sweep=check.name,
        judged_at=f"{head.at:%Y-%m-%d %H:%M}",
        words=ask.words,
        filters=_filters(exact, tally, platform_titles(desk.adapters)),
        columns=columns_of("/verdicts", told, turn, _COLUMNS),
        rows=tuple(map(row_of, found.rows)),
        total=sum(one.accounts for one in tally),
        found=store.count_verdicts(head, ask, scope),
        way=way_of("/verdicts", told, turn, found),
        sorted_by=columns_of("/verdicts", told, turn, [("", "position")])[0].address if order != "position" else "",
    )
    return page(request, "verdicts.html", "结果", context)


def _filters(exact: Mapping[str, str], tally: tuple[VerdictTally, ...], platforms: Mapping[str, str]) -> tuple[Filter, ...]:
    counted = {name: [(getattr(one, name), one.accounts) for one in tally] for name in ("conclusion", "platform", "region")}
    sums = {one.value: one.count for one in choices_of(counted["conclusion"])}
    conclusions = tuple(
        Choice(value=str(one), title=word, count=sums[str(one)]) for one, word in WORDS.items() if str(one) in sums
    )
    return (
        Filter(name="conclusion", title="结果", value=exact["conclusion"], choices=conclusions),
        Filter(name="platform", title="平台", value=exact["platform"], choices=choices_of(counted["platform"], platforms)),
        Filter(name="region", title="县区", value=exact["region"], choices=choices_of(counted["region"])),
    )


def row_of(one: Verdict) -> Row:
    """A verdict as a list shows it."""
    account = one.account
    return Row(
        account_id=account.account_id,
        word=one.word,
        look=LOOKS[one.conclusion],
        kind=account.kind,
        name=account.name,
        organisation=account.organisation,
        region=account.region,
        latest=one.printed_date or (one.latest_post.isoformat() if one.latest_post else "没有看到"),
        idle=_days(one.idle_days),
        told=clip(";".join(_told(one)), MOST_TOLD),
    )


def _days(idle: Bounds | None) -> str:
    if idle is None:
        return ""
    if idle.most == idle.least:
        return f"{idle.least}"
    return f"至少 {idle.least}" if idle.most is None else f"{idle.least} 至 {idle.most}"


def _told(one: Verdict) -> tuple[str, ...]:
    """Its findings as they stand; of an account that could not be checked, why."""
    found = tuple(
        each.message + ("(未复核)" if each.status is Status.CANDIDATE else "")
        for each in one.findings
        if each.status is not Status.DISMISSED
    )
    if one.conclusion is Conclusion.UNCHECKED:
        return (*found, *dict.fromkeys(reason for each in one.undetermined for reason in each.reason.split(";")))
    return found


@router.get("/verdicts/judging")
def judging(request: Request, desk: OnDesk, signed: OnPerson) -> HTMLResponse:
    """How far the judging behind the page is; how many there are of all, and why it failed, only to who sees all."""
    state, everything = desk.judging.state, signed.person.scope.everything
    running = state is not None and state.running
    error = state.error if state and not running else ""
    told = JudgingPart(
        running=running,
        told=f"有新记录,正在重新判定{progress(desk) if everything else ''}",
        error=error if everything or not error else "请告诉市级的检查人员",
    )
    return part(request, "judging.html", told)


def _nothing(person: Person, again: str) -> VerdictsPage:
    ways = tuple(one for one in _BEGINNINGS if person.may(one.right))
    return VerdictsPage(again=again_for(again, person.scope), beginnings=ways)
