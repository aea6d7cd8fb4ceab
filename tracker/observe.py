"""The observation sheet out and in (DESIGN §8): each row that comes back is a visit by route `manual`, its bytes stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tracker import looks
from tracker.adapter import Adapter
from tracker.errors import UsageError
from tracker.files import read_sheets, write_xlsx
from tracker.model import Account, Window
from tracker.recording import Kept, Reader, journal, kept_looks, look_of, put_look, with_ids
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
    again: int = 0
    """Rows that had come in before, exactly so: not entered twice."""
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
    """Take a sheet in: all of it, or nothing. Raises UsageError when the file is no sheet at all.

    The evidence comes first, then everything else in one transaction: whoever is stopped between imports the same file again.
    """
    known = None if terms.keep_unknown else _known_words
    read = read_looks(read_sheets(path), check_date=terms.check_date, known=known)
    if not read.rows and not read.problems:
        raise UsageError(f"{path.name} 里没有填写过的检查记录;{''.join(read.warnings[:1])}")
    accounts, added = _accounts(ws, read.rows, adapters)
    strangers = () if terms.add_accounts else tuple(_stranger(look, path.name) for look in read.rows if _key(look) in added)
    torn = tuple(_torn(look, column, path.name) for look in read.rows for column in looks.contradictions(look))
    name = terms.sweep or f"{max((look.check_date for look in read.rows), default=at.date()):%Y-%m-%d}"
    if read.problems or strangers or torn:
        return Observed(sweep=name, looks=0, problems=(*read.problems, *strangers, *torn), warnings=read.warnings)
    new, looked = tuple(added.values()), {**accounts, **added}
    with ws.evidence.alone(name, "import"):
        entered = ws.store.known_files(name)
        kept = _keep(ws, name, read.rows, looked, at)
        with ws.store.transaction():
            ws.store.add_accounts(new, terms.who, at)
            _open_sweep(ws, name, read.rows, path.name, at)
            ws.store.extend_sweep(name, [looked[_key(look)] for look in read.rows])
            _enter(ws, name, Reader(tuple(looked.values()), {}), kept)
    fresh = sum(one.stored.file not in entered for one in kept)
    return Observed(sweep=name, looks=fresh, again=len(kept) - fresh, added=new, warnings=read.warnings)


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


def _torn(look: Look, column: str, source: str) -> Problem:
    return Problem(
        sheet=look.sheet,
        row=look.row,
        column="发现问题",
        value=look.found,
        expected=f"“{column}”填的是无问题,这里却写了同一项的问题:请核对后改正其中一处",
        source=source,
    )


def _open_sweep(ws: Workspace, name: str, rows: Sequence[Look], source: str, at: datetime) -> None:
    if ws.store.sweep(name) is not None:
        return
    days = [look.check_date for look in rows]
    window = Window(since=min(days), until=max(days))
    accounts = ws.store.accounts()
    ws.start_sweep(
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


def _keep(
    ws: Workspace, sweep: str, rows: Sequence[Look], accounts: Mapping[tuple[str, str], Account], at: datetime
) -> list[Kept]:
    """The evidence of every row; rows that an account's last ones repeat are there already."""
    ws.evidence.adopt(sweep)
    there = kept_looks(ws, sweep)
    mine: dict[tuple[str, str], list[Look]] = {}
    for look in rows:
        mine.setdefault(_key(look), []).append(look)
    kept: list[Kept] = []
    for key_, own in mine.items():
        old = there.get(accounts[key_].account_id, [])
        same = _overlap([looks.content(look_of(one)) for one in old], [looks.content(look) for look in own])
        kept.extend(old[len(old) - same :])
        kept.extend(put_look(ws, sweep, accounts[key_], look, at=at) for look in own[same:])
    return kept


def _overlap(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """How many of the first of `new` are the last of `old`: a correction and its withdrawal are both news."""
    return next(many for many in range(min(len(old), len(new)), -1, -1) if old[len(old) - many :] == new[:many])


def _enter(ws: Workspace, sweep: str, reader: Reader, kept: Sequence[Kept]) -> None:
    for one in kept:
        journal(ws, sweep, reader, one.stored, one.meta, one.exchanges, looks.read(look_of(one)))
