"""Writing a bundle (数据包): sweeps with all that was seen, decided and asked of their accounts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker import __version__, text
from tracker.bundle import container
from tracker.bundle.container import FILES, RECORDS, Member, member
from tracker.bundle.records import CarriedSweep, CarriedVisit, Line, to_bytes
from tracker.clock import SHANGHAI, day
from tracker.credentials import Keys
from tracker.errors import EvidenceDamaged, UsageError, reason
from tracker.evidence import cleared, folder_name, manifest, seals
from tracker.model import Account, StoredVisit
from tracker.recording import damaged
from tracker.sealing import open_private
from tracker.store import SweepHead
from tracker.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be carried: sweeps by name, or all since a day; `region` = accounts of this 县区 only."""

    sweeps: tuple[str, ...] = ()
    since: date | None = None
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was written. `unsealed` = names of sweeps that no seal protects."""

    path: Path
    fingerprint: str
    sweeps: tuple[str, ...]
    accounts: int
    visits: int
    cleared: int
    unsealed: tuple[str, ...]


def send(ws: Workspace, wanted: Wanted, target: Path, *, who: str, at: datetime, keys: Keys | None = None) -> Sent:
    """Write a bundle to `target`.

    Raises UsageError when there is nothing to carry, the file is there already or cannot be written, EvidenceDamaged naming
    the first damaged file.
    """
    if target.exists():
        raise UsageError(f"{target} 已经存在;请换一个文件名,或先把它移走")
    sweeps = _sweeps(ws, wanted)
    for sweep in sweeps:
        if broken := damaged(ws, sweep.name):
            raise EvidenceDamaged(f"{broken[0].file}:{broken[0].reason};有损坏的证据不能导出,请先从备份恢复")
    key = open_private(ws.root, keys)
    parts = [_Part(ws, sweep, wanted.region) for sweep in sweeps]
    if not any(part.accounts for part in parts):
        known = "、".join(sorted({one.region for one in ws.store.accounts() if one.region})[:20]) or "台账里没有填县区"
        raise UsageError(f"没有县区为“{wanted.region}”的账号可以导出;台账里有:{known}")
    told = {
        "office": ws.settings.place,
        "who": who,
        "at": at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "program": __version__,
        "sweeps": [one.name for one in sweeps],
        "since": wanted.since.isoformat() if wanted.since else "",
        "region": wanted.region,
    }
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".bundle-", dir=target.parent) as folder:
            records = Path(folder) / RECORDS
            with records.open("wb") as out:
                out.writelines(to_bytes(line) for line in _lines(ws, parts, wanted))
            container.write(target, told, [member(RECORDS, records), *_files(ws, parts)], key)
    except OSError as error:
        raise UsageError(f"写不进 {target}({reason(error)});请检查磁盘空间和权限,或另选一个位置") from error
    return Sent(
        path=target,
        fingerprint=seals.fingerprint(key.public_key().public_bytes_raw()),
        sweeps=tuple(one.name for one in sweeps),
        accounts=len({own for part in parts for own in part.accounts}),
        visits=sum(len(part.visits) for part in parts),
        cleared=sum(part.cleared for part in parts),
        unsealed=tuple(part.head.name for part in parts if not part.sealed),
    )


class _Part:
    """One sweep as far as it is carried."""

    def __init__(self, ws: Workspace, head: SweepHead, region: str) -> None:
        self.head = head
        self.folder = ws.evidence.root / folder_name(head.name)
        frozen = [one.account for some in ws.store.frozen(head.name) for one in some]
        chosen = [one for one in frozen if not region or text.key(one.region) == text.key(region)]
        self.accounts: dict[str, Account] = {one.account_id: one for one in chosen}
        told = (*ws.store.visits(head.name), *ws.store.controls(head.name))
        # links that matched nobody are nobody's region
        mine = [one for one in told if one.account_id in self.accounts or one.control or not (region or one.account_id)]
        gone = cleared.files(self.folder)
        self.visits: list[StoredVisit] = [one for one in mine if one.file.rpartition("/")[2] not in gone]
        self.cleared = len(mine) - len(self.visits)
        self.sealed = bool(seals.read_all(self.folder))
        self.beside = [path for path in _beside(self.folder) if path.is_file()]


def _beside(folder: Path) -> Iterator[Path]:
    yield folder / manifest.NAME
    yield from (folder / one.file for one in seals.read_all(folder))
    yield from sorted(folder.glob("*.tsr"))
    yield from (folder / one.name for one in cleared.records(folder))


def _sweeps(ws: Workspace, wanted: Wanted) -> tuple[SweepHead, ...]:
    if wanted.sweeps:
        return tuple(ws.head(name) for name in dict.fromkeys(wanted.sweeps))
    if wanted.since is None:
        return (ws.head(),)
    found = tuple(one for one in ws.store.sweeps() if day(one.started_at) >= wanted.since)
    if not found:
        raise UsageError(f"{wanted.since} 以来没有任何批次,没有可以导出的;请改正 --since,或用 --sweep 指明批次")
    return found


def _files(ws: Workspace, parts: Sequence[_Part]) -> list[Member]:
    """Every file once, by its hash."""
    found = dict[str, Member]()
    for part in parts:
        for path in (*(ws.evidence.root / one.file for one in part.visits), *part.beside):
            one = member("", path)
            found[one.sha256] = Member(name=f"{FILES}{one.sha256}", path=path, sha256=one.sha256, size=one.size)
    return list(found.values())


def _lines(ws: Workspace, parts: Sequence[_Part], wanted: Wanted) -> Iterator[Line]:
    for part in parts:
        yield from _of_sweep(ws, part)
    if not wanted.region:
        yield from (Line(kind="link", sweep="", told=one) for one in ws.store.links())


def _of_sweep(ws: Workspace, part: _Part) -> Iterator[Line]:
    name, ids = part.head.name, part.accounts.keys()

    def line(kind: str, told: object) -> Line:
        return Line(kind=kind, sweep=name, told=told)

    yield line("sweep", _head(ws, part))
    yield from (line("account", one) for one in part.accounts.values())
    hands = ws.store.hands([one.sha256 for one in part.visits])
    for one in part.visits:
        told = CarriedVisit(
            file=one.file.rpartition("/")[2],
            sha256=one.sha256,
            account_id=one.account_id,
            control=one.control,
            hands=hands.get(one.sha256, ()),
        )
        yield line("visit", told)
    yield from (line("decision", one) for one in ws.store.decisions(name) if one.account_id in ids)
    yield from (line("question", one) for one in ws.store.questions(name) if one.account_id in ids)
    yield from (line("pause", one) for one in ws.store.freezes(name))
    yield from (line("notice", one) for one in ws.store.absences() if one.account_id in ids)
    judged = ws.store.last_head(name)
    yield from (line("verdict", one) for one in (ws.store.verdicts(judged) if judged else ()) if one.account.account_id in ids)


def _head(ws: Workspace, part: _Part) -> CarriedSweep:
    head, judged = part.head, ws.store.last_head(part.head.name)
    maker = ws.store.origin_sweeps().get(head.name)
    profile = ws.profile(judged.profile) if judged else None
    return CarriedSweep(
        head=head,
        office=maker.office if maker else "",
        fingerprint=maker.fingerprint if maker else "",
        name=maker.sweep if maker else head.name,
        period=ws.store.period(head.period) if head.period else None,
        profile=judged.profile if judged else "",
        asked=tuple(sorted({code for rule in profile.rules for code in rule.codes})) if profile else (),
        beside={path.name: member("", path).sha256 for path in part.beside},
        cleared=part.cleared,
    )
