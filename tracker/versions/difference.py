"""What changed from one print to another, and why: decisions, later visits, another profile, the registry, objections."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.model import Decision
from tracker.reports.wording import ROUTES
from tracker.store import Change, Objection, Print, PrintedAccount, Ruled
from tracker.workspace import Workspace

_DRAFT_ONLY = "印发稿不列未复核的问题"
_UNKNOWN = "没有查到记录下来的原因;两稿的判定都在,可到账号页对照(命令行:tracker explain)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One account that came on, went off, or is printed differently; `why` holds whole sentences, at least one."""

    account: PrintedAccount
    """As the newer print has it, for one that went off as the older had it."""
    was: str
    """Its words in the older print; empty where it was not on it."""
    now: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two prints of a form; each group in the order of the registry."""

    before: Print
    after: Print
    came: tuple[Changed, ...]
    left: tuple[Changed, ...]
    changed: tuple[Changed, ...]


def compare(ws: Workspace, before: Print, after: Print) -> Difference:
    """Compare two whole prints of one form of one sweep."""
    old = {one.account_id: one for one in before.rows}
    new = {one.account_id: one for one in after.rows}
    reasons = _Reasons(ws, before, after)
    return Difference(
        before=before,
        after=after,
        came=tuple(_changed(None, one, reasons) for own, one in new.items() if own not in old),
        left=tuple(_changed(one, None, reasons) for own, one in old.items() if own not in new),
        changed=tuple(_changed(old[own], one, reasons) for own, one in new.items() if own in old and _differ(old[own], one)),
    )


def _differ(old: PrintedAccount, new: PrintedAccount) -> bool:
    return old.cells != new.cells


def _changed(old: PrintedAccount | None, new: PrintedAccount | None, reasons: "_Reasons") -> Changed:
    account = new or old
    if account is None:
        raise ValueError("nobody changed")
    why = tuple(dict.fromkeys(reasons.of(account, old, new)))
    return Changed(account=account, was=words(old), now=words(new), why=why or (_UNKNOWN,))


def words(one: PrintedAccount | None) -> str:
    """What a print says of an account: its word and the findings that stand or wait."""
    if one is None:
        return ""
    told = ",".join(dict.fromkeys(finding.message for finding in one.findings if finding.status != "dismissed"))
    return f"{one.word}:{told}" if told and told not in one.word else one.word


class _Reasons:
    """All that happened between two prints, read once."""

    def __init__(self, ws: Workspace, before: Print, after: Print) -> None:
        self._ws, self._before, self._after = ws, before, after
        swapped = after.id < before.id
        first, last = (after, before) if swapped else (before, after)
        self._since, self._until = self._judged(first), self._judged(last)
        self._decisions = [one for one in ws.store.decisions(after.sweep) if self._between(one.at, last)]
        held = [one for one in ws.store.objections(after.sweep) if one.ruling and self._between(one.ruling.at, last)]
        self._ruled: Mapping[tuple[str, str], Objection] = {(one.account_id, one.code): one for one in held}

    def _judged(self, told: Print) -> datetime:
        return self._ws.store.judged_at(told.judgement) or told.at

    def _between(self, at: datetime, last: Print) -> bool:
        """A decision is followed by its judgement, an answer at the latest by the print."""
        return self._since < at <= max(self._until, last.at)

    def of(self, account: PrintedAccount, old: PrintedAccount | None, new: PrintedAccount | None) -> Iterator[str]:
        """Sentences for one account."""
        own = account.account_id
        yield from (_ruled(code, one) for (whom, code), one in self._ruled.items() if whom == own)
        yield from (_decision(one) for one in self._decisions if one.account_id == own and (own, one.code) not in self._ruled)
        yield from self._visits(own)
        yield from map(_change, self._registry(own))
        yield from self._profile()
        if self._before.kind == "draft" and self._after.kind == "final" and _waited(old, new):
            yield _DRAFT_ONLY

    def _visits(self, own: str) -> Iterator[str]:
        for visit in self._ws.store.visits(self._after.sweep, own):
            if self._since < visit.at <= self._until:
                yield f"{visit.at:%m-%d %H:%M} 又有一次采集({ROUTES[visit.route]})"

    def _registry(self, own: str) -> list[Change]:
        return [one for one in self._ws.store.history(own) if self._since < one.at <= self._until]

    def _profile(self) -> Iterator[str]:
        if self._before.profile != self._after.profile:
            yield f"判定口径由 {self._before.profile} 改为 {self._after.profile}"
        elif self._before.profile_digest != self._after.profile_digest:
            yield f"口径 {self._after.profile} 的设置改过"


def _ruled(code: str, one: Objection) -> str:
    if one.ruling is None:
        raise ValueError("the objection is not answered")
    told = one.ruling
    changed = f",改为“{told.words}”" if told.outcome is Ruled.PARTLY else ""
    return f"{one.who}对 {code} 的异议{told.outcome}({told.who} {told.at:%m-%d}){changed}:{told.why}"


def _waited(old: PrintedAccount | None, new: PrintedAccount | None) -> bool:
    settled = {one.code for one in new.findings if one.status != "candidate"} if new else set()
    return any(one.status == "candidate" and one.code not in settled for one in (old.findings if old else ()))


def _decision(one: Decision) -> str:
    why = f":{one.why}" if one.why.strip() else ""
    return f"{one.who or '未署名'} {one.at:%m-%d} {'确认' if one.confirmed else '驳回'} {one.code}{why}"


def _change(one: Change) -> str:
    if one.field == "account_id":
        return f"{one.who or '未署名'} {one.at:%m-%d} 录入台账"
    why = f"({one.why})" if one.why.strip() else ""
    return f"{one.who or '未署名'} {one.at:%m-%d} 台账的 {one.field} 由“{one.old}”改为“{one.new}”{why}"
