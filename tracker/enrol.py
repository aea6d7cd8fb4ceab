"""Registry files in and out of a workspace (domain/registry.md): all or nothing, nobody closed by being left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tracker.adapter import Adapter
from tracker.errors import UsageError
from tracker.files import read_sheets, write_csv, write_xlsx
from tracker.model import Account
from tracker.recording import with_ids
from tracker.registry import Changes, Problem, accounts_of, compare, export_rows, read_accounts
from tracker.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, or would have done: with problems and without `skip_bad` nothing was changed."""

    rows: int
    changes: Changes | None
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    dropped: tuple[str, ...]


def preview_accounts(ws: Workspace, path: Path, adapters: Mapping[str, Adapter], *, skip_bad: bool) -> Imported:
    """What an import would do; nothing is changed. Raises UsageError when the file is no registry at all."""
    read = read_accounts(read_sheets(path), source=path.name)
    told = Imported(rows=len(read.rows), changes=None, problems=read.problems, warnings=read.warnings, dropped=read.dropped)
    if read.problems and not (skip_bad and read.rows):
        return told
    if not read.rows:
        raise UsageError(f"{path.name} 里没有账号行;应有一个表头(类型、名称、主办单位)和至少一行账号")
    existing = ws.store.accounts()
    incoming = [with_ids(account, adapters) for account in accounts_of(read.rows, existing)]
    return replace(told, changes=_placed(existing, compare(existing, incoming)))


def _placed(existing: Sequence[Account], changes: Changes) -> Changes:
    """Nobody's place moves: new accounts stand behind those that we have, in the order of their file."""
    last = max((account.position for account in existing), default=0)
    new = (replace(account, position=last + number) for number, account in enumerate(changes.new, 1))
    changed = (replace(one, after=replace(one.after, position=one.before.position)) for one in changes.changed)
    return replace(changes, new=tuple(new), changed=tuple(changed))


def import_accounts(
    ws: Workspace, path: Path, adapters: Mapping[str, Adapter], *, skip_bad: bool, who: str, at: datetime
) -> Imported:
    """Take a registry file in. Raises UsageError when the file is no registry at all."""
    told = preview_accounts(ws, path, adapters, skip_bad=skip_bad)
    if told.changes is not None:
        with ws.store.transaction():
            ws.store.add_accounts(told.changes.new, who, at)
            for change in told.changes.changed:
                ws.store.change_account(change.after, who, at, f"导入 {path.name}")
    return told


def export_accounts(ws: Workspace, path: Path) -> int:
    """Write the registry as .xlsx or .csv; what it holds is what `import_accounts` reads. Returns the number of accounts."""
    accounts = ws.store.accounts()
    sheet = export_rows(accounts)
    if path.suffix.lower() == ".csv":
        write_csv(path, sheet.cells)
    elif path.suffix.lower() == ".xlsx":
        write_xlsx(path, [sheet])
    else:
        raise UsageError(f"不能写 {path.suffix or path.name};台账可以导出为 .xlsx 或 .csv")
    return len(accounts)
