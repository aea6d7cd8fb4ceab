"""All that a judgement was made of, as lines of text: what a seal hashes, and what is handed out with the evidence.

One document per kind of input, one record per line, JSON in UTF-8. The visits themselves are not among them: the manifest is
their list.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from tracker.adapter import Adapter
from tracker.case import Case
from tracker.disputes import concluded
from tracker.errors import UsageError
from tracker.evidence.seals import canonical
from tracker.model import Verdict
from tracker.rulebook import lexicon
from tracker.rulebook.profile import Profile
from tracker.store import JudgementHead, SweepHead, facts_text, verdict_to_json
from tracker.workspace import Workspace

TITLES: Mapping[str, str] = {
    "sweep": "批次设定",
    "period": "检查期",
    "registry": "台账",
    "profile": "口径",
    "words": "词表",
    "holidays": "节假日",
    "pauses": "暂停判定的记录",
    "decisions": "复核意见",
    "notices": "停更报备",
    "facts": "事实",
    "judgement": "判定结果",
}
"""Document → what messages call it, in the order in which they are compared."""


@dataclass(slots=True)
class Digest:
    """The hash of a document while it is told line by line."""

    lines: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, line: bytes) -> None:
        """The next line, without its end."""
        self.lines += 1
        self._hash.update(line + b"\n")

    def told(self) -> dict[str, object]:
        """As a statement tells it."""
        return {"lines": self.lines, "sha256": self._hash.hexdigest()}


def digests(ws: Workspace, sweep: SweepHead, adapters: Mapping[str, Adapter], *, strict: bool) -> dict[str, dict[str, object]]:
    """Every document's number of lines and SHA-256; see `documents`."""
    found = {name: Digest() for name in TITLES}
    for name, line in documents(ws, sweep, adapters, strict=strict):
        found[name].add(line)
    return {name: digest.told() for name, digest in found.items()}


def documents(ws: Workspace, sweep: SweepHead, adapters: Mapping[str, Adapter], *, strict: bool) -> Iterator[tuple[str, bytes]]:
    """(document, line) of every record; the lines of a document come in its order, memory does not grow with the registry.

    Raises UsageError when the sweep was never judged, and where `strict` when its last judgement is not what the inputs give now.
    """
    judgement = ws.store.last_head(sweep.name)
    if judgement is None:
        raise UsageError(f"批次 {sweep.name} 还没有判定;先运行 tracker judge --sweep {sweep.name}(网页版:打开“结果”)")
    profile = ws.profile(judgement.profile)
    if strict and profile.digest != judgement.profile_digest:
        raise UsageError(f"口径 {profile.name}(或词表、节假日)在判定之后改过;{_again(sweep)}")
    yield from _settings(ws, sweep, profile)
    yield from _by_people(ws, sweep)
    yield from _of_accounts(ws, sweep, adapters, profile, judgement, strict)


def _settings(ws: Workspace, sweep: SweepHead, profile: Profile) -> Iterator[tuple[str, bytes]]:
    head = {name: getattr(sweep, name) for name in ("name", "kind", "period", "check_date", "window", "started_at")}
    yield "sweep", _line(head)
    period = ws.store.period(sweep.period) if sweep.period else None
    for one in (period, ws.store.previous_period(period.name) if period else None):
        if one is not None:
            # closing a period changes nothing of what was judged
            yield "period", _line({name: getattr(one, name) for name in ("name", "title", "start", "end", "source")})
    yield "profile", _line({"name": profile.name, "digest": profile.digest})
    yield "words", _line({"digest": lexicon.load(ws.root / "words").digest})
    calendar = profile.calendar
    yield "holidays", _line({"off": sorted(calendar.off)})
    yield "holidays", _line({"worked": sorted(calendar.worked)})
    yield "holidays", _line({"years": sorted(calendar.years)})


def _by_people(ws: Workspace, sweep: SweepHead) -> Iterator[tuple[str, bytes]]:
    held = ws.store.sweep_ids(sweep.name)
    yield from (("pauses", _line(one)) for one in ws.store.freezes() if one.sweep == sweep.name)
    yield from (("decisions", _line(one)) for one in ws.store.decisions(sweep.name))
    yield from (("notices", _line(one)) for one in ws.store.absences() if one.account_id in held)


def _of_accounts(
    ws: Workspace, sweep: SweepHead, adapters: Mapping[str, Adapter], profile: Profile, judgement: JudgementHead, strict: bool
) -> Iterator[tuple[str, bytes]]:
    """Registry, facts and verdicts: each account's facts are told as they are judged."""
    verdicts = ws.store.verdicts(judgement)
    for brief in Case(ws, sweep, adapters, keep=False).briefs():
        account = brief.facts.account
        yield "registry", _line(account)
        own = json.dumps(account.account_id, ensure_ascii=False)
        yield "facts", f'{{"account_id":{own},"facts":{facts_text(brief.facts)}}}'.encode()
        if strict and not _same(concluded(brief, profile)[0], next(verdicts, None)):
            raise UsageError(f"账号 {account.account_id}({account.name})在判定之后又有新的采集、复核或报备;{_again(sweep)}")
    if strict and next(verdicts, None) is not None:
        raise UsageError(f"批次 {sweep.name} 在判定之后去掉过账号;{_again(sweep)}")
    yield "judgement", _line({"profile": judgement.profile, "digest": judgement.profile_digest, "verdicts": judgement.total})
    yield from (("judgement", canonical(verdict_to_json(one))) for one in ws.store.verdicts(judgement))


def _same(now: Verdict, then: Verdict | None) -> bool:
    return then is not None and canonical(verdict_to_json(now)) == canonical(verdict_to_json(then))


def _again(sweep: SweepHead) -> str:
    return f"请先运行 tracker judge --sweep {sweep.name}(网页版:打开“结果”),再封存"


_PLAIN = TypeAdapter(Any)


def _line(told: object) -> bytes:
    return canonical(_PLAIN.dump_python(told, mode="json"))
