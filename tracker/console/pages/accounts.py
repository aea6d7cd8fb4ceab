"""台账: search and filter, import of another file with a look at what would change, export."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tracker.clock import day
from tracker.console.desk import OnDesk
from tracker.console.render import after, attachment, page
from tracker.console.signing import checked
from tracker.enrol import Imported, export_accounts, import_accounts, preview_accounts
from tracker.model import Account
from tracker.text import key

router = APIRouter()

PAGE = 50
"""Accounts on one page."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the list was asked for: words in name, unit or id; platform slug; region. Empty = any."""

    words: str
    platform: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a filter, and how it is called."""

    value: str
    title: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsPage:
    """`accounts.html`: one page of the registry; `next` is the address of the following page, empty on the last."""

    asked: Asked
    accounts: tuple[Account, ...]
    total: int
    """In the registry."""
    found: int
    """That fit what was asked."""
    platforms: tuple[Choice, ...]
    regions: tuple[Choice, ...]
    first: bool
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """`import.html`: the form alone (`told` None), or what an import of the file `name` would change."""

    word: str
    name: str
    told: Imported | None
    better: Imported | None
    """What could be imported without the bad rows; None where there are none, or nothing else."""


@router.get("/accounts")
def accounts(request: Request, desk: OnDesk, q: str = "", platform: str = "", region: str = "", after: str = "") -> HTMLResponse:
    """The registry in its order, a page at a time; `after` is the key of the last account of the page before."""
    everyone = desk.ws.store.accounts()
    asked = Asked(words=q.strip()[:100], platform=platform, region=region)
    fit = [one for one in everyone if _fits(one, asked)]
    rest = [one for one in fit if _place(one) > after] if after else fit
    shown = tuple(rest[:PAGE])
    told = {"q": asked.words, "platform": platform, "region": region}
    more = f"/accounts?{urlencode({**told, 'after': _place(shown[-1])})}" if len(rest) > PAGE else ""
    context = AccountsPage(
        asked=asked,
        accounts=shown,
        total=len(everyone),
        found=len(fit),
        platforms=_choices([(one.platform, one.kind) for one in everyone], {p: a.title for p, a in desk.adapters.items()}),
        regions=_choices([(one.region, one.region) for one in everyone if one.region], {}),
        first=not after,
        next=more,
    )
    return page(request, "accounts.html", "台账", context)


def _fits(one: Account, asked: Asked) -> bool:
    if asked.platform not in ("", one.platform) or asked.region not in ("", one.region):
        return False
    wanted = key(asked.words)
    return not wanted or any(wanted in key(text) for text in (one.name, one.organisation, one.filed_id, one.account_id))


def _place(one: Account) -> str:
    """The key by which pages follow each other: new accounts in between shift nothing."""
    return f"{one.position:09d}-{one.account_id}"


def _choices(values: Sequence[tuple[str, str]], titles: dict[str, str]) -> tuple[Choice, ...]:
    counted: dict[str, int] = {}
    for value, title in values:
        counted[value] = counted.get(value, 0) + 1
        titles.setdefault(value, title)
    return tuple(Choice(value=value, title=titles[value] or value, count=count) for value, count in counted.items())


@router.get("/accounts/import")
def import_form(request: Request) -> HTMLResponse:
    """The form for another file."""
    return page(request, "import.html", "导入台账", ImportPage(word="", name="", told=None, better=None))


@router.post("/accounts/import", dependencies=[Depends(checked)])
def upload(desk: OnDesk, file: UploadFile | None = None) -> RedirectResponse:
    """Keep the file for a look at what it would change."""
    return after(f"/accounts/import/{desk.uploads.take(file)}")


@router.get("/accounts/import/{word}")
def preview(request: Request, desk: OnDesk, word: str) -> HTMLResponse:
    """What the file would change; nothing is changed yet."""
    path = desk.uploads.path(word)
    told = preview_accounts(desk.ws, path, desk.adapters, skip_bad=False)
    better = preview_accounts(desk.ws, path, desk.adapters, skip_bad=True) if told.problems else None
    context = ImportPage(word=word, name=path.name, told=told, better=better if better and better.changes else None)
    return page(request, "import.html", "导入台账", context)


@router.post("/accounts/import/{word}", dependencies=[Depends(checked)])
def take(desk: OnDesk, word: str, skip: Annotated[str, Form()] = "") -> RedirectResponse:
    """Take the file in, with `skip` without its bad rows."""
    path = desk.uploads.path(word)
    who = desk.ws.settings.inspector
    told = import_accounts(desk.ws, path, desk.adapters, skip_bad=bool(skip), who=who, at=desk.clock())
    if told.changes is None:
        return after(f"/accounts/import/{word}", "有错误的行,台账没有改动")
    desk.uploads.drop(word)
    skipped = f",跳过有错的 {len(told.problems)} 处" if told.problems else ""
    return after("/accounts", f"台账已更新:新增 {len(told.changes.new)},变更 {len(told.changes.changed)}{skipped}")


@router.get("/accounts/export")
def export(desk: OnDesk) -> Response:
    """The registry as .xlsx; what it holds can be imported again."""
    with TemporaryDirectory(prefix="tracker-") as folder:
        path = Path(folder) / "registry.xlsx"
        export_accounts(desk.ws, path)
        return attachment(path.read_bytes(), f"{desk.ws.settings.place}台账{day(desk.clock())}.xlsx", _XLSX)
