"""粘贴链接: any text in, what was found in it, the links opened in the background, what became of each."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from tracker.clock import day
from tracker.console.background import State
from tracker.console.checks import check_or_new, current_check
from tracker.console.desk import Desk, OnDesk
from tracker.console.opening import left, links_now, opening
from tracker.console.pages.looks import who_of
from tracker.console.render import after, page, part
from tracker.console.signing import OnPerson, checked
from tracker.errors import UsageError
from tracker.links import Pasted, Told, confirm, paste, report, unproven

router = APIRouter()

MOST_TEXT = 1_000_000
"""Characters of one paste."""
_TITLE = "打开链接"

WORDS = {
    "matched": ("已对应", "good"),
    "wrong": ("不是台账里的账号", "bad"),
    "dead": ("已失效", "wait"),
    "duplicate": ("重复", "soft"),
    "foreign": ("不认识", "soft"),
    "unclear": ("没看到内容", "wait"),
    "not_opened": ("没有打开", "soft"),
}
"""Status of a link → word and class on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One link: `word` and `look` (a class of the style sheet) of its status, one sentence, and whose id a person may confirm."""

    url: str
    word: str
    look: str
    line: str
    confirm: str
    """Account id, empty where nothing waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPart:
    """`links_progress.html`: the work that runs or ran, None before; `left` links are still to be opened."""

    state: State | None
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksPage:
    """`links.html`."""

    accounts: int
    pasted: Pasted | None
    """What the person's last paste held."""
    progress: ProgressPart
    rows: tuple[Row, ...]
    unproven: int | None
    """Accounts without a proven fresh post after the links; None before any link was opened."""


@router.get("/links")
def links(request: Request, desk: OnDesk, signed: OnPerson) -> HTMLResponse:
    """The box, the progress, what became of each link."""
    ws = desk.ws
    check = current_check(ws, desk.clock())
    rows = _rows(desk)
    context = LinksPage(
        accounts=len(ws.store.accounts()),
        pasted=desk.pasted.get(signed.person.login),
        progress=_progress(desk),
        rows=rows,
        unproven=len(unproven(ws, check, ws.profile(), day(desk.clock()))) if check and rows else None,
    )
    return page(request, "links.html", "粘贴链接", context)


def _progress(desk: Desk) -> ProgressPart:
    state = desk.background.state
    at = desk.clock()
    shown = state if state is not None and state.title == _TITLE else None
    return ProgressPart(state=shown, left=left(desk.ws, current_check(desk.ws, at), at))


def _rows(desk: Desk) -> tuple[Row, ...]:
    ws, at = desk.ws, desk.clock()
    check = current_check(ws, at)
    found = links_now(ws, at)
    if check is None:
        return tuple(_row(Told(url=link.url, status="not_opened", line="")) for link in found)
    told = report(ws, check, Pasted(links=found, new=0, foreign=()), desk.adapters, ws.profile(), day(at))
    return tuple(map(_row, told))


def _row(told: Told) -> Row:
    word, look = WORDS[told.status]
    waits = told.account.account_id if told.account and told.matched_by == "name" and told.status == "matched" else ""
    line = told.line
    if told.status == "not_opened":
        line = told.observation.detail if told.observation else ""
    elif waits:
        # the sentence ends with the command of the command line; here stands a button
        line = line.replace(f":tracker links --confirm {waits}", "")
    return Row(url=told.url, word=word, look=look, line=line, confirm=waits)


@router.post("/links", dependencies=[Depends(checked)])
def take(request: Request, desk: OnDesk, signed: OnPerson, text: Annotated[str, Form()] = "") -> RedirectResponse:
    """Keep the links in a text."""
    if not text.strip():
        raise UsageError("还没有粘贴内容;请把群里的消息或表格里的一列复制过来,再点“收下链接”")
    if len(text) > MOST_TEXT:
        raise UsageError(f"一次最多粘贴 {MOST_TEXT} 个字;请分几次粘贴")
    found = paste(desk.ws, text, desk.adapters, who=who_of(request, desk), at=desk.clock())
    desk.pasted[signed.person.login] = found
    return after("/links", f"找到 {len(found.links)} 个链接,其中新的 {found.new} 个")


@router.post("/links/run", dependencies=[Depends(checked)])
def run(desk: OnDesk) -> RedirectResponse:
    """Begin to open what is left."""
    check_or_new(desk.ws, desk.clock())
    if not desk.background.start(_TITLE, opening(desk)):
        return after("/links", "后台已经有工作在做,请等它做完")
    return after("/links")


@router.post("/links/stop", dependencies=[Depends(checked)])
def stop(desk: OnDesk) -> RedirectResponse:
    """Stop after the link that is being opened."""
    desk.background.stop()
    return after("/links", "正在停止;没有打开的链接以后可以接着打开")


@router.get("/links/progress")
def progress(request: Request, desk: OnDesk) -> HTMLResponse:
    """The progress alone, for the page that asks every second; when the work is done the whole page is loaded again."""
    told = _progress(desk)
    answer = part(request, "links_progress.html", told)
    if told.state is not None and not told.state.running:
        answer.headers["HX-Redirect"] = "/links"
    return answer


@router.post("/links/confirm", dependencies=[Depends(checked)])
def confirm_id(request: Request, desk: OnDesk, account: Annotated[str, Form()] = "") -> RedirectResponse:
    """A person says that the page's id is the account's own."""
    changed = confirm(desk.ws, account, who=who_of(request, desk), at=desk.clock())
    return after("/links", f"已确认 {'、'.join(one.name for one in changed)} 的平台编号")
