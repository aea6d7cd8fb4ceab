"""Clearing stored answers away by rule (清理), with a tombstone each: what was read of them and every verdict stay (DESIGN §7).

Never cleared away: what is younger than `[keep] months`, of a check that was not printed for good or of a period that is open,
of an account that objected and was not answered, and what waits for a person.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tracker.clock import SHANGHAI, day
from tracker.credentials import Keys
from tracker.errors import EvidenceDamaged, UsageError, reason
from tracker.evidence import cleared, folder_name, manifest, signed
from tracker.files.write import put
from tracker.gates import unanswered
from tracker.model import Conclusion
from tracker.recording import damaged
from tracker.sealing import find_public, open_private
from tracker.store import SweepHead, Tombstone
from tracker.workspace import Workspace

_FORM = "noncompliant"
"""The printed list that makes a check final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be cleared away of one sweep: `files` below the snapshots, `size` in bytes; `kept` = reason → how many stay."""

    sweep: str
    files: tuple[str, ...]
    size: int
    kept: Mapping[str, int]


def plan(ws: Workspace, before: date, *, today: date, keep_failing: bool) -> tuple[Plan, ...]:
    """What may be cleared away of everything that was seen before a day, sweep by sweep; sweeps without such visits are left out.

    Raises UsageError for a day in the future.
    """
    if before > today:
        raise UsageError(
            f"--before {before} 在今天之后;请写今天或以前的日期,例如 {_months_before(today, ws.settings.keep.months)}"
        )
    found = (_plan(ws, sweep, before, today, keep_failing) for sweep in ws.store.sweeps() if day(sweep.started_at) < before)
    return tuple(one for one in found if one.files or one.kept)


def _plan(ws: Workspace, sweep: SweepHead, before: date, today: date, keep_failing: bool) -> Plan:
    spared, floor = _spared(ws, sweep, keep_failing), _months_before(today, ws.settings.keep.months)
    whole, why = _unfinished(ws, sweep)
    gone = {one.file for one in ws.store.tombstones(sweep.name)}
    files, kept, size = list[str](), Counter[str](), 0
    for visit in (*ws.store.visits(sweep.name), *ws.store.controls(sweep.name)):
        on, path = day(visit.at), ws.evidence.root / visit.file
        if visit.file in gone or on >= before:
            continue
        because = why if whole else f"未满{ws.settings.keep.months}个月" if on > floor else spared.get(visit.account_id, "")
        if because:
            kept[because] += 1
        elif path.is_file():
            files.append(visit.file)
            size += path.stat().st_size
    return Plan(sweep=sweep.name, files=tuple(files), size=size, kept=dict(kept))


def _unfinished(ws: Workspace, sweep: SweepHead) -> tuple[bool, str]:
    """Whether nothing of a sweep may go, and why."""
    period = ws.store.period(sweep.period) if sweep.period else None
    if period is not None and not period.closed_at:
        return True, f"检查期 {period.name} 还没有结束"
    final = any(one.kind == "final" for one in ws.store.prints(sweep.name, _FORM))
    if sweep.kind == "check" and not final and sweep.name not in ws.store.origin_sweeps():
        return True, "名单还没有印发"
    return False, ""


def _spared(ws: Workspace, sweep: SweepHead, keep_failing: bool) -> Mapping[str, str]:
    """Accounts whose evidence stays, and why."""
    said = [one for other in ws.store.sweeps() for one in ws.store.objections(other.name)] if sweep else []
    found = {one.account_id: "有异议还没有答复" for one in unanswered(said)}
    head = ws.store.last_head(sweep.name)
    for verdict in ws.store.verdicts(head, (Conclusion.FAILED, Conclusion.TO_REVIEW)) if head else ():
        if verdict.conclusion is Conclusion.TO_REVIEW:
            found.setdefault(verdict.account.account_id, "有问题待复核")
        elif keep_failing:
            found.setdefault(verdict.account.account_id, "检查结果不合格(--keep-failing)")
    return found


def clear(ws: Workspace, planned: Collection[Plan], *, who: str, why: str, at: datetime, keys: Keys | None = None) -> int:
    """Clear away what was planned; returns how many files are gone. What an earlier run left half done is finished first.

    Raises UsageError without a reason or a key, EvidenceDamaged naming what is damaged already: nothing of that sweep goes then.
    """
    if not why.strip():
        raise UsageError("清理证据须写明依据:--why 依据(例如:档案保管期限已满,某年某月某日批准)")
    done = sum(_finish(ws, sweep.name) for sweep in ws.store.sweeps())
    for one in planned:
        if one.files:
            done += _clear(ws, one, who=who, why=why, at=at, keys=keys)
    return done


def _clear(ws: Workspace, planned: Plan, *, who: str, why: str, at: datetime, keys: Keys | None) -> int:
    if broken := damaged(ws, planned.sweep):
        raise EvidenceDamaged(f"{broken[0].file}:{broken[0].reason};有损坏的批次不能清理,请先从备份恢复")
    folder, key = ws.evidence.root / folder_name(planned.sweep), open_private(ws.root, keys)
    wanted = {file.rpartition("/")[2] for file in planned.files}
    told = {
        "format": cleared.FORMAT,
        "sweep": planned.sweep,
        "at": at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "who": who,
        "why": why,
    }
    with ws.evidence.alone(planned.sweep, "write"):
        files = [
            {"file": one.file, "sha256": one.sha256, "size": (folder / one.file).stat().st_size}
            for one in manifest.lines(folder)
            if one.file in wanted and (folder / one.file).is_file()
        ]
        put(folder / cleared.next_name(folder), signed.pack({**told, "files": files}, key))
    return _finish(ws, planned.sweep)


def _finish(ws: Workspace, sweep: str) -> int:
    """Enter the tombstones that our own key signed and remove their files; returns how many were removed."""
    folder, own = ws.evidence.root / folder_name(sweep), find_public(ws.root)
    ours = [record for record in cleared.records(folder) if record.public_key == own] if folder.is_dir() else []
    if not ours:
        return 0
    known = {one.file for one in ws.store.tombstones(sweep)}
    stones = [one for record in ours for one in _stones(folder, record)]
    ws.store.add_tombstones(one for one in stones if one.file not in known)
    held = [ws.evidence.root / one.file for one in stones if (ws.evidence.root / one.file).is_file()]
    try:
        for path in held:
            path.unlink()
    except OSError as error:
        raise UsageError(f"删不掉 {error.filename}({reason(error)});已登记清理,请检查权限后再运行一次 tracker prune") from error
    return len(held)


def _stones(folder: Path, record: cleared.Record) -> Iterator[Tombstone]:
    for one in record.files:
        yield Tombstone(
            file=f"{folder.name}/{one.file}",
            sweep=folder.name,
            sha256=one.sha256,
            size=one.size,
            who=one.who,
            why=one.why,
            at=datetime.fromisoformat(one.at),
        )


def _months_before(on: date, months: int) -> date:
    """The same day so many months earlier; the last of the month where there is none."""
    number = on.year * 12 + on.month - 1 - months
    year, month = max(number // 12, 1), number % 12 + 1
    last = 31
    while True:
        try:
            return date(year, month, min(on.day, last))
        except ValueError:
            last -= 1
