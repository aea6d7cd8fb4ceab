"""台账: search, filter and sort, import of another file with a look at what would change, export."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker.clock import day
from tracker.console.desk import OnDesk
from tracker.console.lists import (
    MOST_WORDS,
    SIZE,
    Column,
    Filter,
    Way,
    choices_of,
    columns_of,
    platform_titles,
    turn_of,
    way_of,
)
from tracker.console.pages.looks import who_of
from tracker.console.problem_rows import BadSheet, bad_sheets
from tracker.console.render import after as go_on
from tracker.console.render import attachment, page
from tracker.console.signing import OnPerson, checked
from tracker.enrol import Imported, export_accounts, import_accounts, preview_accounts
from tracker.model import Account
from tracker.people import Right
from tracker.store import AccountAsk, AccountTally
from tracker.store.listing import ACCOUNT_ORDERS

router = APIRouter()

PAGE = SIZE
"""Accounts on one page."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (("类型", ""), ("名称", "name"), ("主办单位", "organisation"), ("县区", "region"), ("状态", ""))
_FILTERS = (("platform", "平台"), ("region", "县区"), ("org_type", "主体类型"), ("status", "状态"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsPage:
    """`accounts.html`: one page of the registry, as far as the person sees it."""

    words: str
    """As asked: in name, unit or id."""
    filters: tuple[Filter, ...]
    columns: tuple[Column, ...]
    accounts: tuple[Account, ...]
    total: int
    """In the registry, of those the person sees."""
    found: int
    """That fit what was asked."""
    way: Way
    sorted_by: str
    """Address that sorts in the order of the registry again; empty where it is so."""
    may_change: bool
    """Whether the person may import, change and export."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """`import.html`: the form alone (`told` None), or what an import of the file `name` would change."""

    word: str
    name: str
    told: Imported | None
    better: Imported | None
    """What could be imported without the bad rows; None where there are none, or nothing else."""
    sheets: tuple[BadSheet, ...] = ()
    """The rows with something wrong, as they stand in the file."""


@router.get("/accounts")
def accounts(
    request: Request,
    desk: OnDesk,
    signed: OnPerson,
    q: str = "",
    platform: str = "",
    region: str = "",
    org_type: str = "",
    status: str = "",
    order: str = "position",
    down: str = "",
    after: str = "",
    before: str = "",
) -> HTMLResponse:
    """A page of the registry; `after` and `before` are keys of the pages beside it."""
    store, scope = desk.ws.store, signed.person.scope
    exact = {"platform": platform, "region": region, "org_type": org_type, "status": status}
    ask, turn = AccountAsk(words=q.strip()[:MOST_WORDS], **exact), turn_of(ACCOUNT_ORDERS, order, down, after, before)
    found, tally = store.list_accounts(ask, turn, scope), store.account_tally(scope)
    told = {"q": ask.words, **exact}
    context = AccountsPage(
        words=ask.words,
        filters=_filters(exact, tally, platform_titles(desk.adapters)),
        columns=columns_of("/accounts", told, turn, _COLUMNS),
        accounts=found.rows,
        total=sum(one.accounts for one in tally),
        found=store.count_accounts(ask, scope),
        way=way_of("/accounts", told, turn, found),
        sorted_by=columns_of("/accounts", told, turn, [("", "position")])[0].address if order != "position" else "",
        may_change=signed.person.may(Right.REGISTRY),
    )
    return page(request, "accounts.html", "台账", context)


def _filters(exact: dict[str, str], tally: tuple[AccountTally, ...], platforms: Mapping[str, str]) -> tuple[Filter, ...]:
    titles = {"platform": platforms}
    return tuple(
        Filter(
            name=name,
            title=title,
            value=exact[name],
            choices=choices_of([(getattr(one, name), one.accounts) for one in tally], titles.get(name)),
        )
        for name, title in _FILTERS
    )


@router.get("/accounts/import")
def import_form(request: Request) -> HTMLResponse:
    """The form for another file."""
    return page(request, "import.html", "导入台账", ImportPage(word="", name="", told=None, better=None))


@router.post("/accounts/import", dependencies=[Depends(checked)])
def upload(desk: OnDesk, signed: OnPerson, file: UploadFile | None = None) -> RedirectResponse:
    """Keep the file for a look at what it would change."""
    return go_on(f"/accounts/import/{desk.uploads.take(file, signed.person.login)}")


@router.get("/accounts/import/{word}")
def preview(request: Request, desk: OnDesk, signed: OnPerson, word: str) -> HTMLResponse:
    """What the file would change; nothing is changed yet."""
    path = desk.uploads.path(word, signed.person.login)
    told = preview_accounts(desk.ws, path, desk.adapters, skip_bad=False)
    better = preview_accounts(desk.ws, path, desk.adapters, skip_bad=True) if told.problems else None
    context = ImportPage(
        word=word,
        name=path.name,
        told=told,
        better=better if better and better.changes else None,
        sheets=bad_sheets(path, told.problems),
    )
    return page(request, "import.html", "导入台账", context)


@router.post("/accounts/import/{word}", dependencies=[Depends(checked)])
def take(request: Request, desk: OnDesk, signed: OnPerson, word: str, skip: Annotated[str, Form()] = "") -> RedirectResponse:
    """Take the file in, with `skip` without its bad rows."""
    path = desk.uploads.path(word, signed.person.login)
    who = who_of(request, desk)
    told = import_accounts(desk.ws, path, desk.adapters, skip_bad=bool(skip), who=who, at=desk.clock())
    if told.changes is None:
        return go_on(f"/accounts/import/{word}", "有错误的行,台账没有改动")
    desk.uploads.drop(word, signed.person.login)
    skipped = f",跳过有错的 {len(told.problems)} 处" if told.problems else ""
    return go_on("/accounts", f"台账已更新:新增 {len(told.changes.new)},变更 {len(told.changes.changed)}{skipped}")


@router.get("/accounts/export")
def export(desk: OnDesk) -> Response:
    """The registry as .xlsx; what it holds can be imported again."""
    with TemporaryDirectory(prefix="tracker-") as folder:
        path = Path(folder) / "registry.xlsx"
        export_accounts(desk.ws, path)
        return attachment(path.read_bytes(), f"{desk.ws.settings.place}台账{day(desk.clock())}.xlsx", _XLSX)
