"""The verdict card of one account, and the stored evidence behind it as text; raw bytes only to be saved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.console.checks import judgement_of, shown_check
from tracker.console.desk import Desk, OnDesk
from tracker.console.render import attachment, page
from tracker.console.rights import own
from tracker.errors import UsageError
from tracker.explain import EFFECT, STATUS, Card
from tracker.explain.quoting import text_of
from tracker.facts.reasons import REASONS
from tracker.model import IGNORANCE, Account, Conclusion, Exchange, Finding, Outcome, Route, StoredVisit, Verdict
from tracker.reports.wording import plain
from tracker.store import Change

router = APIRouter()

MOST_TEXT = 20_000
"""Characters of one stored answer that are shown."""
_LINE = 2_000

ROUTES: Mapping[Route, str] = {
    Route.API: "授权接口",
    Route.HTTP: "网页",
    Route.BROWSER: "浏览器",
    Route.FEED: "订阅源",
    Route.LINK: "粘贴的链接",
    Route.MANUAL: "人工",
}
"""How people call the routes."""

_LOOKS = {Conclusion.FAILED: "bad", Conclusion.TO_REVIEW: "wait", Conclusion.UNCHECKED: "wait", Conclusion.PASSED: "good"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPart:
    """One finding with the words for its status and effect."""

    finding: Finding
    status: str
    effect: str


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
class CardPage:
    """`card.html`. `verdict` None = the account is in no check yet; `look` is a class of the style sheet."""

    account: Account
    fields: tuple[tuple[str, str], ...]
    """What the registry says, filled fields only."""
    verdict: Verdict | None
    look: str
    latest: str
    findings: tuple[FindingPart, ...]
    visits: tuple[VisitPart, ...]
    history: tuple[Change, ...]


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
def card(request: Request, desk: OnDesk, account_id: str) -> HTMLResponse:
    """Everything behind one account's verdict."""
    account = desk.ws.store.account(account_id)
    if account is None:
        raise UsageError("台账里没有这个账号;请从“台账”页重新打开")
    told = _card(desk, account)
    verdict = told.verdict if told else None
    context = CardPage(
        account=account,
        fields=_fields(account),
        verdict=verdict,
        look=_LOOKS.get(verdict.conclusion, "soft") if verdict else "soft",
        latest=_latest(verdict),
        findings=tuple(
            FindingPart(finding=one, status=STATUS[one.status], effect=EFFECT[one.effect])
            for one in (verdict.findings if verdict else ())
        ),
        visits=tuple(map(_visit, told.visits if told else ())),
        history=desk.ws.store.history(account_id),
    )
    return page(request, "card.html", account.name, context)


def _card(desk: Desk, account: Account) -> Card | None:
    check = shown_check(desk.ws, desk.clock())
    if check is None:
        return None
    verdicts = judgement_of(desk, check).verdicts
    verdict = next((one for one in verdicts if one.account.account_id == account.account_id), None)
    return Card(verdict=verdict, visits=desk.ws.store.visits(check.name, account.account_id)) if verdict else None


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


def _visit(visit: StoredVisit) -> VisitPart:
    said = visit.observation
    return VisitPart(
        at=f"{visit.at:%Y-%m-%d %H:%M}",
        route=ROUTES.get(visit.route, str(visit.route)),
        outcome="已读取" if said.outcome is Outcome.OK else said.detail or REASONS[said.outcome],
        seen=said.outcome not in IGNORANCE,
        url=visit.url,
        notes=said.notes,
        file=visit.file,
        sha256=visit.sha256,
        address=f"/evidence/{quote(visit.file)}",
    )


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
    return page(request, "evidence.html", "证据", EvidencePage(visit=_visit(visit), account_id=visit.account_id, exchanges=parts))


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
    if found is None:
        raise UsageError("没有这个证据文件;请从账号页重新打开")
    own(request, found.account_id)
    return found
