"""The observation sheet out and in (DESIGN §8): each row that comes back is a visit by route `manual`, its bytes stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tracker import __version__, looks
from tracker.adapter import Adapter
from tracker.errors import UsageError
from tracker.evidence import VisitMeta
from tracker.files import read_sheets, write_xlsx
from tracker.model import Account, Route, Window
from tracker.recording import Reader, journal, with_ids
from tracker.registry import Look, Problem, account_id, looks_sheet, read_looks
from tracker.rulebook.taxonomy import read_phrases
from tracker.store import SweepRecord
from tracker.text import key
from tracker.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What an import of looks did; with problems nothing was changed."""

    sweep: str
    looks: int
    added: tuple[Account, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a sheet is to be taken in: `check_date` for rows without one; accounts that are not filed; unknown phrases."""

    sweep: str | None = None
    check_date: date | None = None
    add_accounts: bool = False
    keep_unknown: bool = False
    who: str = ""


def import_looks(ws: Workspace, path: Path, adapters: Mapping[str, Adapter], terms: Terms, *, at: datetime) -> Observed:
    """Take a sheet in: all of it, or nothing. Raises UsageError when the file is no sheet at all."""
    known = None if terms.keep_unknown else _known_words
    read = read_looks(read_sheets(path), check_date=terms.check_date, known=known)
    if not read.rows and not read.problems:
        raise UsageError(f"{path.name} 里没有填写过的检查记录;{''.join(read.warnings[:1])}")
    accounts, added = _accounts(ws, read.rows, adapters)
    strangers = () if terms.add_accounts else tuple(_stranger(look, path.name) for look in read.rows if _key(look) in added)
    name = terms.sweep or f"{max((look.check_date for look in read.rows), default=at.date()):%Y-%m-%d}"
    if read.problems or strangers:
        return Observed(sweep=name, looks=0, problems=(*read.problems, *strangers), warnings=read.warnings)
    new, looked = tuple(added.values()), {**accounts, **added}
    with ws.store.transaction():
        ws.store.add_accounts(new, terms.who, at)
        _open_sweep(ws, name, read.rows, path.name, at)
        ws.store.extend_sweep(name, [looked[_key(look)] for look in read.rows])
    _keep(ws, name, read.rows, looked, at)
    return Observed(sweep=name, looks=len(read.rows), added=new, warnings=read.warnings)


def export_looks(ws: Workspace, path: Path, accounts: Sequence[Account]) -> int:
    """Write the work list (.xlsx with drop-downs); the same file, filled in, goes back through `import_looks`."""
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"检查记录表只能写成 .xlsx(带下拉选项),不能写 {path.name}")
    sheet, choices = looks_sheet(accounts, {})
    write_xlsx(path, [sheet], choices={sheet.name: choices})
    return len(accounts)


def _known_words(cell: str) -> bool:
    return all(phrase.code is not None for phrase in read_phrases(cell))


def _key(look: Look) -> tuple[str, str]:
    return look.platform, key(look.name)


def _accounts(
    ws: Workspace, rows: Sequence[Look], adapters: Mapping[str, Adapter]
) -> tuple[dict[tuple[str, str], Account], dict[tuple[str, str], Account]]:
    """The filed account of each look, and an account to be added for each look that has none."""
    filed = {(one.platform, key(one.name)): one for one in ws.store.accounts()}
    first = len(filed) + 1
    added: dict[tuple[str, str], Account] = {}
    for look in rows:
        if _key(look) not in filed and _key(look) not in added:
            added[_key(look)] = with_ids(_from_look(look, first + len(added)), adapters)
    return filed, added


def _from_look(look: Look, position: int) -> Account:
    return Account(
        account_id=account_id(look.platform, look.name),
        platform=look.platform,
        kind=look.kind,
        name=look.name,
        organisation=look.organisation,
        org_type=look.org_type,
        region=look.region,
        url=look.url,
        filed_kind=look.filed_kind,
        position=position,
    )


def _stranger(look: Look, source: str) -> Problem:
    return Problem(
        sheet=look.sheet,
        row=look.row,
        column="新媒体名称",
        value=look.name,
        expected="台账里没有这个账号:请核对名称和类型,或先导入台账,或加 --add-accounts 一并登记",
        source=source,
    )


def _open_sweep(ws: Workspace, name: str, rows: Sequence[Look], source: str, at: datetime) -> None:
    if ws.store.sweep(name) is not None:
        return
    days = [look.check_date for look in rows]
    window = Window(since=min(days), until=max(days))
    accounts = ws.store.accounts()
    ws.store.start_sweep(
        SweepRecord(
            name=name,
            kind="check",
            period=ws.period_on(window.until),
            check_date=None,
            window=window,
            started_at=at,
            accounts=accounts,
            source=source,
        )
    )


def _keep(ws: Workspace, sweep: str, rows: Sequence[Look], accounts: Mapping[tuple[str, str], Account], at: datetime) -> None:
    """Evidence first, journal second; a row that is there already, byte for byte, is not entered twice."""
    reader = Reader(tuple(accounts.values()), {})
    for look in rows:
        account = accounts[_key(look)]
        exchange = looks.exchange(look, at)
        meta = VisitMeta(
            account_id=account.account_id,
            account_key=f"{account.platform}:{account.name}",
            platform=account.platform,
            route=Route.MANUAL,
            window=Window(since=look.check_date, until=look.check_date),
            today=look.check_date,
            at=at,
            url=look.url,
            version=__version__,
        )
        stored = ws.evidence.keep(sweep, account.account_id, meta, [exchange])
        journal(ws, sweep, reader, stored, meta, [exchange], looks.read(look))
