"""What a seal says of a sweep, made and held against what lies there now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker import __version__
from tracker.adapter import Adapter
from tracker.clock import SHANGHAI
from tracker.credentials import Keys
from tracker.errors import EvidenceDamaged, UsageError
from tracker.evidence import Damage, cleared, folder_name, manifest, seals
from tracker.evidence.seals import Seal
from tracker.files.write import put
from tracker.recording import damaged
from tracker.sealing.inputs import TITLES, digests
from tracker.sealing.key import find_public, open_private
from tracker.sealing.stamping import stamps
from tracker.store import SweepHead
from tracker.workspace import Workspace

_OCCASION = ("number", "previous", "at", "who", "program")
"""What differs between two seals of the same thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A seal, and whether it was there before because nothing had changed since."""

    seal: Seal
    again: bool


def seal(
    ws: Workspace, sweep: SweepHead, adapters: Mapping[str, Adapter], *, who: str, at: datetime, keys: Keys | None = None
) -> Sealed:
    """Sign what the sweep is now and write it beside its manifest; earlier seals stay.

    Raises EvidenceDamaged naming the first damaged file, UsageError when it is not judged, its judgement is not the last word,
    or there is no key.
    """
    if broken := damaged(ws, sweep.name):
        raise EvidenceDamaged(f"{broken[0].file}:{broken[0].reason};有损坏的批次不能封存,请先从备份恢复")
    folder = ws.evidence.root / folder_name(sweep.name)
    if not folder.is_dir():
        raise UsageError(f"批次 {sweep.name} 没有任何证据文件,没有可以封存的;请先采集或导入检查表")
    if torn := next(_torn(ws, sweep, seals.read_all(folder)), None):
        raise EvidenceDamaged(f"{torn.file}:{torn.reason};请先从备份恢复")
    before = seals.state(folder)
    documents = digests(ws, sweep, adapters, strict=True)
    key = open_private(ws.root, keys)
    with ws.evidence.alone(sweep.name, "write"):
        if seals.state(folder) != before:
            raise UsageError(f"封存时批次 {sweep.name} 又有新的采集进来;请等采集做完、重新判定后再封存")
        held = seals.read_all(folder)
        told = {"format": seals.FORMAT, "sweep": sweep.name, "manifest": before, "documents": documents}
        if held and _content(held[-1].statement) == told:
            _remember(ws, sweep, held[-1], at)
            return Sealed(seal=held[-1], again=True)
        _must_follow(sweep, held, at)
        occasion = {
            "number": len(held) + 1,
            "previous": held[-1].sha256 if held else "",
            "at": at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            "who": who,
            "program": __version__,
        }
        put(folder / seals.name(len(held) + 1), seals.pack({**told, **occasion}, key))
        made = seals.read_all(folder)[-1]
        _remember(ws, sweep, made, at)
    return Sealed(seal=made, again=False)


def _must_follow(sweep: SweepHead, held: Sequence[Seal], at: datetime) -> None:
    """A clock that was put back would date the new seal before the one that it binds."""
    last = datetime.fromisoformat(held[-1].statement["at"]) if held else None
    if last is not None and at < last.replace(microsecond=0):
        raise UsageError(
            f"本机时间 {at:%Y-%m-%d %H:%M} 比批次 {sweep.name} 第{len(held)}份封存的时间 {last:%Y-%m-%d %H:%M} 还早,没有封存;"
            "请校准本机时钟后再封存"
        )


def _remember(ws: Workspace, sweep: SweepHead, made: Seal, at: datetime) -> None:
    if ws.store.seal_head(sweep.name) != (made.number, made.sha256):
        ws.store.add_seal_head(sweep.name, made.number, made.sha256, at)


def findings(ws: Workspace, sweep: SweepHead, adapters: Mapping[str, Adapter]) -> tuple[Damage, ...]:
    """What is wrong with a sweep, the first damaged thing first: files, seals, then whatever differs from the last seal."""
    return (*damaged(ws, sweep.name), *_against_seals(ws, sweep, adapters))


def _against_seals(ws: Workspace, sweep: SweepHead, adapters: Mapping[str, Adapter]) -> Iterator[Damage]:
    folder = ws.evidence.root / folder_name(sweep.name)
    held = seals.read_all(folder)
    own = find_public(ws.root)
    signed = [(one.file, "封存", one.public_key, one.fingerprint) for one in held]
    signed += [(one.name, "清理", one.public_key, one.fingerprint) for one in cleared.records(folder)]
    for name, did, key, told in signed:
        if key != own:
            yield Damage(file=f"{folder.name}/{name}", reason=f"不是用本工作区的钥匙{did}的(公钥指纹{told})")
    yield from _unburied(ws, sweep, folder)
    yield from (one for one in stamps(ws, sweep, held) if isinstance(one, Damage))
    yield from _torn(ws, sweep, held)
    if held:
        yield from _changed(ws, sweep, adapters, held[-1])


def _torn(ws: Workspace, sweep: SweepHead, held: Sequence[Seal]) -> Iterator[Damage]:
    """The newest seal as the database knows it, which is not the newest on disk: what is last in a chain nothing else binds."""
    known = ws.store.seal_head(sweep.name)
    if known is None or any((one.number, one.sha256) == known for one in held):
        return
    number, _ = known
    name = f"{folder_name(sweep.name)}/{seals.name(number)}"
    if any(one.number == number for one in held):
        yield Damage(file=name, reason=f"与记录里的第{number}份封存不符,被换过")
    # one that lies there and cannot be read was told already
    elif not (ws.evidence.root / name).exists() and number > max((one.number for one in held), default=0):
        yield Damage(file=name, reason=f"封存文件不见了(记录里最新的是第{number}份)")


def _unburied(ws: Workspace, sweep: SweepHead, folder: Path) -> Iterator[Damage]:
    """Files that a signed statement says were cleared away and of which the database knows nothing, or the other way round."""
    known = {one.file: one.sha256 for one in ws.store.tombstones(sweep.name)}
    told = {f"{folder.name}/{name}": one.sha256 for name, one in cleared.files(folder).items()}
    for file in sorted(known.keys() | told.keys()):
        if known.get(file) != told.get(file):
            yield Damage(file=file, reason="清理记录与数据库里的不符,清理记录被改动或删去")


def _changed(ws: Workspace, sweep: SweepHead, adapters: Mapping[str, Adapter], last: Seal) -> Iterator[Damage]:
    folder, told = ws.evidence.root / folder_name(sweep.name), last.statement
    try:
        more = len(manifest.lines(folder)) - told["manifest"]["lines"]
    except ValueError:
        # told already, as the first thing
        more = 0
    if more > 0:
        reason = f"第{last.number}份封存之后又多了{more}个文件;如属正常,请重新判定后再封存一次"
        yield Damage(file=f"{folder.name}/{last.file}", reason=reason)
    if ws.store.last_head(sweep.name) is None:
        yield Damage(file=f"{folder.name}/{last.file}", reason=f"{TITLES['judgement']}不见了,第{last.number}份封存时还有")
        return
    now = digests(ws, sweep, adapters, strict=False)
    for name, title in TITLES.items():
        if now[name] != told["documents"].get(name):
            yield Damage(file=f"{folder.name}/{last.file}", reason=_differs(name, title, now[name], last))


def _differs(name: str, title: str, now: Mapping[str, object], last: Seal) -> str:
    then, made_by = last.statement["documents"].get(name, {}), last.statement["program"]
    lines = f"({then.get('lines', 0)}条,现在{now['lines']}条)" if then.get("lines") != now["lines"] else ""
    by = f";封存时的程序是{made_by},现在是{__version__}" if name == "facts" and made_by != __version__ else ""
    return f"{title}与第{last.number}份封存时不同{lines}{by}"


def _content(statement: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in statement.items() if key not in _OCCASION}
