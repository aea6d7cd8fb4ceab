"""A platform that changed under us (改版): many accounts fall silent at once, or one aspect is unseen for all. Judging is frozen.

Source: DESIGN §1 and the `drift` rows of formats/*.md §5: a page that hides the newest posts looks like silence everywhere.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tracker.errors import UsageError, reason
from tracker.model import IGNORANCE, Aspect, Outcome, Posts, Route, Seen, StoredVisit
from tracker.store import Freeze, SweepHead
from tracker.workspace import Workspace

LEAST = 10
"""Accounts that have to be compared before anything is said."""
MOST = 0.2
"""Of the accounts that were fresh, the share that may newly be silent."""
FRESH = timedelta(days=14)
"""A newest post so old, or older, is silence: the national limit of two weeks."""
_CHANGED = frozenset({Outcome.DRIFT, Outcome.AMBIGUOUS_EMPTY, Outcome.INCONSISTENT, Outcome.FOREIGN_ROWS, Outcome.NOT_RECORDED})
"""Ways of not seeing an aspect that a changed page has; a login that is missing this time is another matter."""
_MACHINE = frozenset({Route.API, Route.BROWSER, Route.HTTP, Route.FEED})


@dataclass(slots=True)
class _Glance:
    """What machines saw of one account in one sweep."""

    files: list[str] = field(default_factory=list)
    seen: set[Aspect] = field(default_factory=set)
    unseen: set[Aspect] = field(default_factory=set)
    fresh: bool = False
    silent: bool = False

    def add(self, visit: StoredVisit) -> None:
        self.files.append(visit.file)
        for aspect, found in visit.observation.aspects.items():
            if isinstance(found, Seen):
                self.seen.add(aspect)
            elif found.outcome in _CHANGED:
                self.unseen.add(aspect)
        fresh, silent = _tells(visit)
        self.fresh, self.silent = self.fresh or fresh, self.silent or silent


def freeze(ws: Workspace, sweep: SweepHead, *, at: datetime) -> tuple[Freeze, ...]:
    """Compare a sweep that is done with the one before, and freeze what drifted; returns what was newly frozen.

    A platform that was frozen or lifted for this sweep already is left as it is: a person has looked.
    """
    known = {one.platform for one in ws.store.freezes(sweep.name)}
    found = []
    for platform, now in _glances(ws, sweep.name).items():
        if platform in known or len(now) < LEAST:
            continue
        before = _before(ws, sweep, platform)
        told = _drifted(sweep.name, platform, before, now, at) if before else None
        if told is not None:
            ws.store.add_freeze(told)
            found.append(told)
    return tuple(found)


def _before(ws: Workspace, sweep: SweepHead, platform: str) -> Mapping[str, _Glance] | None:
    """What the last sweep before this one saw that read enough accounts of the platform and was not itself frozen."""
    earlier = [one for one in ws.store.sweeps() if one.started_at < sweep.started_at]
    for one in reversed(earlier):
        if platform in ws.store.frozen_platforms(one.name):
            continue
        glances = _glances(ws, one.name).get(platform, {})
        if len(glances) >= LEAST:
            return glances
    return None


def _glances(ws: Workspace, sweep: str) -> Mapping[str, Mapping[str, _Glance]]:
    """Platform → account → what machines read of it; what met a wall or was not read at all is not among it."""
    found: dict[str, dict[str, _Glance]] = defaultdict(lambda: defaultdict(_Glance))
    for visit in ws.store.each_visit(sweep):
        if visit.route in _MACHINE and visit.account_id and visit.observation.outcome not in IGNORANCE - {Outcome.DRIFT}:
            found[visit.platform][visit.account_id].add(visit)
    return found


def _tells(visit: StoredVisit) -> tuple[bool, bool]:
    """Whether the visit shows a post that is new, and whether it says that there is none."""
    found = visit.observation.aspects.get(Aspect.POSTS)
    existence = visit.observation.aspects.get(Aspect.EXISTENCE)
    gone = isinstance(existence, Seen) and existence.outcome is Outcome.GONE
    if not isinstance(found, Seen) or not isinstance(found.value, Posts):
        return False, gone
    latest = found.value.latest
    new = latest is not None and visit.at - latest.at < FRESH
    return new, gone or (not new and (found.value.exact or found.outcome is Outcome.EMPTY))


def _drifted(sweep: str, platform: str, before: Mapping[str, _Glance], now: Mapping[str, _Glance], at: datetime) -> Freeze | None:
    both = [own for own in now if own in before]
    fresh = [own for own in both if before[own].fresh]
    silent = [own for own in fresh if now[own].silent and not now[own].fresh]
    if len(fresh) >= LEAST and len(silent) > MOST * len(fresh):
        share = f"{len(silent) / len(fresh):.0%}"
        why = f"上次有更新的{len(fresh)}个账号里有{len(silent)}个({share})同时变为停更,可能是平台改版"
        numbers = {"compared": len(fresh), "silent": len(silent)}
        return _freeze(sweep, platform, why, at, numbers, [now[own] for own in silent])
    for aspect in Aspect:
        had = [own for own in both if aspect in before[own].seen]
        blind = [own for own in had if aspect in now[own].unseen and aspect not in now[own].seen]
        if len(had) >= LEAST and len(blind) == len(had):
            why = f"上次看得到“{_WORDS[aspect]}”的{len(had)}个账号这次全都看不到,可能是平台改版"
            return _freeze(sweep, platform, why, at, {"compared": len(had), "unseen": len(blind)}, [now[own] for own in blind])
    return None


_WORDS: Mapping[Aspect, str] = {
    Aspect.EXISTENCE: "账号本身",
    Aspect.VERIFICATION: "认证",
    Aspect.POSTS: "发布列表",
    Aspect.COMMENT_POLICY: "评论权限",
    Aspect.REPLIES: "回复",
    Aspect.LIKES: "点赞",
    Aspect.MENU: "菜单和栏目",
    Aspect.FOOTERS: "页面底部",
    Aspect.BIO: "简介",
}


def _freeze(sweep: str, platform: str, why: str, at: datetime, numbers: Mapping[str, int], drifted: Iterable[_Glance]) -> Freeze:
    samples = tuple(sorted(file for one in drifted for file in one.files))
    return Freeze(sweep=sweep, platform=platform, why=why, at=at, numbers=numbers, samples=samples)


def frozen(ws: Workspace) -> tuple[Freeze, ...]:
    """What is frozen now, over all sweeps, in the order of entering."""
    last = {(one.sweep, one.platform): one for one in ws.store.freezes()}
    return tuple(one for one in last.values() if not one.lifted)


def thaw(ws: Workspace, platform: str, *, why: str, who: str, at: datetime) -> tuple[Freeze, ...]:
    """A person lifts every freeze of a platform; returns what was lifted. Raises UsageError without a reason or a freeze."""
    if not why.strip():
        raise UsageError("解除暂停须写明理由:核对了什么(命令行:--why)")
    held = [one for one in frozen(ws) if one.platform == platform]
    if not held:
        named = "、".join(sorted({one.platform for one in frozen(ws)})) or "没有"
        raise UsageError(f"平台 {platform} 没有暂停判定;现在暂停的平台:{named}")
    lifted = [Freeze(sweep=one.sweep, platform=platform, why=why, who=who, at=at, lifted=True) for one in held]
    with ws.store.transaction():
        for one in lifted:
            ws.store.add_freeze(one)
    return tuple(lifted)


def export(ws: Workspace, held: Sequence[Freeze], to: Path) -> int:
    """Copy the drifted visits byte for byte into a folder, by sweep; returns how many. Raises UsageError."""
    files = sorted({file for one in held for file in one.samples})
    try:
        for file in files:
            target = to / file
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = target.with_name(f"{target.name}.partial")
            shutil.copyfile(ws.evidence.root / file, partial)
            partial.replace(target)
    except OSError as error:
        raise UsageError(f"样本写不进 {to}({reason(error)});请换一个可以写入的文件夹") from error
    return len(files)
