"""账号: the registry row and its history, when it posted, the verdict card, earlier results; stored evidence as text."""

import json
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.clock import day
from tracker.console.card_views import (
    LOOKS,
    FindingPart,
    PastPart,
    QuotePart,
    TimePart,
    VisitPart,
    findings_of,
    past_of,
    quote_of,
    time_of,
    unknown_of,
    visit_of,
)
from tracker.console.checks import judged, shown_head
from tracker.console.desk import Desk, OnDesk
from tracker.console.render import attachment, page
from tracker.console.rights import ROUTES, own
from tracker.console.signing import OnPerson
from tracker.errors import UsageError
from tracker.explain import Card, gather
from tracker.explain.quoting import text_of
from tracker.model import Account, Exchange, StoredVisit, Verdict
from tracker.people import Right
from tracker.reports.wording import plain
from tracker.store import Change, SweepHead

router = APIRouter()

MOST_TEXT = 20_000
"""Characters of one stored answer that are shown."""
_LINE = 2_000
_EDIT = "GET /accounts/{account_id}/edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """`card.html`. `verdict` None = the account is in no check yet; `look` is a class of the style sheet."""

    account: Account
    fields: tuple[tuple[str, str], ...]
    """What the registry says, filled fields only."""
    verdict: Verdict | None
    sweep: str
    """Of the verdict; empty without one."""
    earlier: bool
    """Whether that is not the check of now."""
    again: str
    """Why the verdict is not the last word: something came in and is being judged; empty = it is."""
    profile: str
    """Under which it was judged, with the beginning of its digest, and when."""
    look: str
    latest: str
    newest: tuple[QuotePart, ...]
    """The bytes that show the newest post."""
    findings: tuple[FindingPart, ...]
    unknown: tuple[tuple[str, str], ...]
    """Codes and the reason for which they could not be answered."""
    damaged: tuple[str, ...]
    time: TimePart
    visits: tuple[VisitPart, ...]
    past: tuple[PastPart, ...]
    history: tuple[Change, ...]
    may_edit: bool
    may_review: bool
    may_look: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangePart:
    """One stored answer; `text` empty = nothing that can be read as text."""

    page: str
    url: str
    status: int
    at: str
    size: int
    text: str
    raw: str
    """Address of the bytes, as an attachment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage:
    """`evidence.html`: one stored file, its hash checked while it was read."""

    visit: VisitPart
    account_id: str
    exchanges: tuple[ExchangePart, ...]


@router.get("/accounts/{account_id}")
def card(request: Request, desk: OnDesk, signed: OnPerson, account_id: str, sweep: str = "") -> HTMLResponse:
    """Everything behind one account's verdict: of the check of now, or of the sweep that is named."""
    account = desk.ws.store.account(account_id)
    if account is None:
        raise UsageError("台账里没有这个账号;请从“台账”页重新打开")
    head, again = _head(desk, sweep)
    told = _card(desk, head, account)
    verdict, person = told.verdict if told else None, signed.person
    context = CardPage(
        account=account,
        fields=_fields(account),
        verdict=verdict,
        sweep=told.sweep if told else "",
        earlier=bool(sweep),
        again=again,
        profile=_profile(told),
        look=LOOKS[verdict.conclusion] if verdict else "soft",
        latest=_latest(verdict),
        newest=tuple(map(quote_of, told.latest if told else ())),
        findings=findings_of(told) if told else (),
        unknown=unknown_of(verdict) if verdict else (),
        damaged=told.damaged if told else (),
        time=_time(desk, account, told, head),
        visits=tuple(map(visit_of, told.visits if told else ())),
        past=past_of(desk.ws, account),
        history=tuple(reversed(desk.ws.store.history(account_id))),
        may_edit=person.may(Right.REGISTRY) and _EDIT in ROUTES,
        may_review=person.may(Right.REVIEW),
        may_look=person.may(Right.LOOK),
    )
    return page(request, "card.html", account.name, context)


def _head(desk: Desk, sweep: str) -> tuple[SweepHead | None, str]:
    """The sweep that is shown, and why its judgement is not the last word. Raises UsageError for an unknown sweep."""
    if sweep:
        return desk.ws.head(sweep), ""
    check = shown_head(desk.ws, desk.clock())
    return check, judged(desk, check).again if check else ""


def _card(desk: Desk, head: SweepHead | None, account: Account) -> Card | None:
    """The account's card; None where the sweep was not judged or is not for this account."""
    judgement = desk.ws.store.last_head(head.name) if head else None
    if head is None or judgement is None or desk.ws.store.verdict(judgement, account.account_id) is None:
        return None
    return gather(desk.ws, head, judgement, account.account_id)


def _profile(told: Card | None) -> str:
    if told is None or told.judged_at is None:
        return ""
    return f"{told.profile}(摘要 {told.profile_digest[:16]}),{told.judged_at:%Y-%m-%d %H:%M} 判定"


def _time(desk: Desk, account: Account, told: Card | None, head: SweepHead | None) -> TimePart:
    ever = desk.ws.store.visits_of(account.account_id)
    since: date | None = head.window.since if head and told else None
    if told is None or told.judged_at is None:
        return time_of(account, (), ever, desk.ws.profile(), day(desk.clock()), since)
    known = [one for one in ever if one.at <= told.judged_at]
    return time_of(told.verdict.account, told.visits, known, desk.ws.profile(told.profile), told.verdict.check_date, since)


def _latest(verdict: Verdict | None) -> str:
    if verdict is None or verdict.latest_post is None:
        return "没有看到"
    return verdict.printed_date or verdict.latest_post.isoformat()


_FIELDS = (
    ("kind", "类型"),
    ("organisation", "主办单位"),
    ("supervisor", "主管单位"),
    ("region", "县区"),
    ("org_type", "主体类型"),
    ("status", "状态"),
    ("filed_id", "备案编号"),
    ("url", "链接"),
    ("note", "备注"),
    ("account_id", "编号"),
)


def _fields(account: Account) -> tuple[tuple[str, str], ...]:
    return tuple((title, str(getattr(account, name))) for name, title in _FIELDS if getattr(account, name))


@router.get("/evidence/{sweep}/{name}")
def evidence(request: Request, desk: OnDesk, sweep: str, name: str) -> HTMLResponse:
    """What a stored file says. Raises EvidenceDamaged when it does not fit its hash."""
    visit = _known(request, desk, f"{sweep}/{name}")
    _, exchanges = desk.ws.evidence.read(visit.file, sha256=visit.sha256)
    parts = tuple(
        ExchangePart(
            page=one.page,
            url=one.url,
            status=one.status,
            at=f"{one.at:%Y-%m-%d %H:%M:%S}",
            size=len(one.body),
            text=_text(one),
            raw=f"/evidence/{quote(visit.file)}/{number}",
        )
        for number, one in enumerate(exchanges)
    )
    return page(
        request, "evidence.html", "证据", EvidencePage(visit=visit_of(visit), account_id=visit.account_id, exchanges=parts)
    )


def _text(exchange: Exchange) -> str:
    """The answer as text, at most `MOST_TEXT` characters: data with its keys, pages without markup; empty for a picture."""
    told = exchange.text
    if "\0" in told[:2000] or told.count("\ufffd") > len(told) // 20:
        return ""
    try:
        told = json.dumps(json.loads(told), ensure_ascii=False, indent=1)
    except (ValueError, RecursionError):
        told = text_of(exchange)
    return "\n".join(line for line in (plain(each, _LINE) for each in told[: 2 * MOST_TEXT].splitlines()) if line)[:MOST_TEXT]


@router.get("/evidence/{sweep}/{name}/{number}")
def raw(request: Request, desk: OnDesk, sweep: str, name: str, number: int) -> Response:
    """The bytes of one stored answer, to be saved, never shown."""
    visit = _known(request, desk, f"{sweep}/{name}")
    _, exchanges = desk.ws.evidence.read(visit.file, sha256=visit.sha256)
    if not 0 <= number < len(exchanges):
        raise UsageError("这个证据文件里没有这一条")
    return attachment(exchanges[number].body, f"{name.removesuffix('.warc.gz')}-{number + 1}.bin")


def _known(request: Request, desk: Desk, file: str) -> StoredVisit:
    """The visit of a file that the journal knows and this person may see; a name from outside never becomes a path."""
    found = desk.ws.store.visits_at([file]).get(file)
    # who sees some accounts alone does not learn either which files there are of others
    own(request, found.account_id if found else "")
    if found is None:
        raise UsageError("没有这个证据文件;请从账号页重新打开")
    return found
