"""Taking a bundle (数据包) in: all of it or nothing, the same one twice changes nothing, who saw what stays told."""

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from tracker.adapter import Adapter
from tracker.bundle import container
from tracker.bundle.contents import sort
from tracker.bundle.entering import Entered, Entering
from tracker.bundle.matching import Matcher
from tracker.bundle.records import read
from tracker.bundle.trust import must_be_trusted, own_print
from tracker.clock import SHANGHAI
from tracker.errors import UsageError, reason
from tracker.evidence import lock
from tracker.evidence.intake import INCOMING
from tracker.judge import judge_streamed
from tracker.model import Account
from tracker.store import Hand, Link, Origin, SweepHead, TrustedKey
from tracker.workspace import Workspace

KEPT = "bundles"
"""Folder of the workspace in which bundles with unknown accounts are kept."""
_AROUND = 31
"""Days around a carried sweep within which our own sweeps are judged anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A carried account that none of ours is: it is kept aside with its visits. `why` is one Chinese sentence."""

    account: Account
    why: str


@dataclass(slots=True, kw_only=True)
class Taken:
    """What came in. `sweeps` = what was entered of each; `asked` = disagreements that are new questions (存疑)."""

    hand: Hand
    sha256: str
    sweeps: list[Entered] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    links: int = 0
    asked: int = 0
    kept: Path | None = None
    """Where the bundle was put by, because of the unknown accounts."""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How to take it in: `trust` = a fingerprint to trust from now on, `into` = a sweep of our own that takes everything in."""

    who: str
    trust: str = ""
    into: str = ""


def take(ws: Workspace, path: Path, adapters: Mapping[str, Adapter], terms: Terms, *, at: datetime) -> Taken:
    """Take a bundle in and judge what it touches.

    Raises UsageError in one sentence, with nothing written: a file that is no bundle, altered, by an unknown signer, no room.
    """
    taking = "另一个 tracker 正在导入数据包;请等它做完再试"
    with lock.alone(ws.root / ".bundle.lock", taking), container.opened(path) as bundle, _staged(ws) as stage:
        told = bundle.statement
        hand = Hand(office=told["office"], fingerprint=bundle.fingerprint, at=_instant(told["at"]))
        taken = Taken(hand=hand, sha256=_digest(path))
        fresh = must_be_trusted(ws, hand.fingerprint, hand.office, trust=terms.trust)
        _unpack(bundle, stage)
        with ExitStack() as undo:
            with ws.store.transaction():
                if fresh:
                    key = TrustedKey(fingerprint=hand.fingerprint, office=hand.office, trusted=True, who=terms.who, at=at)
                    ws.store.say_trust(key)
                _enter(ws, bundle, stage, adapters, terms, taken, undo, at)
                if taken.unknown:
                    taken.kept = _put_by(ws, path, taken.sha256)
            undo.pop_all()
        _judge(ws, taken, adapters, at)
    if hand.at > at:
        taken.notes.append(f"数据包写出的时间({hand.at:%Y-%m-%d %H:%M})比本机时间晚;请核对两台电脑的时钟")
    return taken


@contextmanager
def _staged(ws: Workspace) -> Iterator[Path]:
    """An empty folder on the disk of the evidence; what a killed run left there is cleared away."""
    top = ws.evidence.root / INCOMING
    try:
        shutil.rmtree(top, ignore_errors=True)
        top.mkdir(parents=True, exist_ok=True)
        stage = Path(mkdtemp(dir=top))
    except OSError as error:
        raise UsageError(f"写不进 {ws.evidence.root}({reason(error)});没有导入任何东西,请检查磁盘空间和权限") from error
    try:
        yield stage
    finally:
        shutil.rmtree(top, ignore_errors=True)


def _unpack(bundle: container.Bundle, stage: Path) -> None:
    try:
        bundle.unpack(stage)
    except OSError as error:
        raise UsageError(f"写不进 {stage.parent}({reason(error)});没有导入任何东西,请腾出空间或检查权限后再导入一次") from error


def _enter(
    ws: Workspace,
    bundle: container.Bundle,
    stage: Path,
    adapters: Mapping[str, Adapter],
    terms: Terms,
    taken: Taken,
    undo: ExitStack,
    at: datetime,
) -> None:
    carried, links = sort(read(stage / container.RECORDS), bundle.members)
    matcher = Matcher(ws.store.accounts(), ws.store.former_names())
    theirs = {own: one for part in carried.values() for own, one in part.accounts.items()}
    found = matcher.pairs(theirs)
    ours = {own: one for own, one in found.items() if isinstance(one, Account)}
    taken.unknown = [Unknown(account=theirs[own], why=why) for own, why in found.items() if isinstance(why, str)]
    origin = Origin(bundle=taken.sha256, hand=taken.hand, exported_by=str(bundle.statement["who"]), who=terms.who, at=at)
    number = ws.store.add_origin(origin)
    entering = Entering(ws, stage, adapters, taken.hand, number, ours, own=own_print(ws), into=terms.into, undo=undo, at=at)
    taken.sweeps = [entering.enter(part, taken.sha256) for part in carried.values()]
    taken.links = ws.store.add_links(_link(one, taken.hand) for one in links)
    entering.note_unknown([(one.account, one.why) for one in taken.unknown])


def _link(one: Link, hand: Hand) -> Link:
    return replace(one, who=f"{one.who}(来自{hand})")


def _put_by(ws: Workspace, path: Path, sha256: str) -> Path:
    kept = ws.root / KEPT / f"{sha256[:16]}.bundle"
    if kept.exists():
        return kept
    partial = kept.with_suffix(".partial")
    try:
        kept.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, partial)
        partial.replace(kept)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(f"写不进 {kept}({reason(error)});没有导入任何东西,请腾出空间后再导入一次") from error
    return kept


def _judge(ws: Workspace, taken: Taken, adapters: Mapping[str, Adapter], at: datetime) -> None:
    """Judge what came in, and anew our own sweeps of those days: what they disagree on has to wait for a person."""
    theirs = ws.store.origin_sweeps()
    for entered in taken.sweeps:
        head = ws.store.sweep_head(entered.name)
        if head is not None and entered.accounts and _is_due(ws, head, taken):
            judge_streamed(ws, head, ws.profile(), adapters, at=at)
    starts = [one.started_at for one in taken.sweeps if one.accounts]
    for sweep in ws.store.sweeps():
        near = any(abs((sweep.started_at - start).days) <= _AROUND for start in starts)
        judged = ws.store.last_head(sweep.name)
        if near and judged and sweep.name not in theirs and _is_due(ws, sweep, taken):
            before = len(ws.store.questions(sweep.name))
            judge_streamed(ws, sweep, ws.profile(judged.profile), adapters, at=at)
            taken.asked += len(ws.store.questions(sweep.name)) - before


def _is_due(ws: Workspace, sweep: SweepHead, taken: Taken) -> bool:
    """Whether a sweep was not judged since this bundle first came in (that run may have been killed), or it brought more."""
    judged = ws.store.last_head(sweep.name)
    came = next(one.at for one in ws.store.origins() if one.bundle == taken.sha256)
    return judged is None or judged.at < came or any(one.news for one in taken.sweeps)


def _instant(told: str) -> datetime:
    try:
        found = datetime.fromisoformat(told)
    except ValueError as error:
        raise UsageError(f"数据包写出的时间“{told[:40]}”读不懂;没有导入任何东西,请对方重新导出") from error
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unmatched(ws: Workspace) -> Sequence[Unknown]:
    """Accounts of earlier bundles that none of ours is, as of now."""
    matcher, found = Matcher(ws.store.accounts(), ws.store.former_names()), dict[tuple[str, str], Unknown]()
    for record in ws.store.origin_records("unknown"):
        account = Account(**record.told["account"])
        why = matcher.find(account)
        if isinstance(why, str):
            found[account.platform, account.name] = Unknown(account=account, why=why)
    return tuple(found.values())
