"""What a sweep has on its accounts, a few at a time: their facts, what people decided, their notices of absence.

Facts are stored under the digest of all that they were built from; what has the same digest is not built again. A sweep
looks at its own visits and at earlier ones only, and at the registry as it froze it: nothing later changes its facts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import tracker
from tracker import text
from tracker.absence import Absence
from tracker.adapter import Adapter
from tracker.clock import day
from tracker.errors import UsageError
from tracker.facts import Context, Facts, build
from tracker.facts.lanes import Proved
from tracker.facts.searches import liked_owners
from tracker.history import faulty
from tracker.model import Account, Decision, Outcome, Route, Seen, StoredVisit, Window
from tracker.store import Frozen, OriginRecord, StoredFacts, SweepHead, Trace, facts_of, facts_text
from tracker.workspace import Workspace

CHUNK = 250
"""Accounts at a time."""
_BUILT = 10
"""Accounts whose visits are in memory at once: each may have more than a year of them."""
_REACH = timedelta(days=400)
"""How far back earlier visits count: a year and a little."""
_SOURCES = ("facts/*.py", "model/*.py", "absence.py", "clock.py", "text.py")
"""The code that makes facts of visits, below the package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One account, ready to be judged."""

    facts: Facts
    decisions: Sequence[Decision]
    notices: Sequence[Absence]
    carried: Sequence[OriginRecord] = ()
    """What other offices concluded of it (`tracker.disputes`)."""


class Case:
    """A sweep's accounts in the order in which it froze them. `keep` = facts that had to be built are stored."""

    def __init__(self, ws: Workspace, sweep: SweepHead, adapters: Mapping[str, Adapter], *, keep: bool) -> None:
        self._ws, self._sweep, self._adapters, self._keep = ws, sweep, adapters, keep
        self._roster = ws.store.roster(sweep.name)
        self._window = _window(ws, sweep)
        self._strangers = ws.store.visits(sweep.name, "")
        self._before = _before(ws, sweep)
        self._seen: dict[tuple[str, str, str], frozenset[str]] = {}
        self._grounds: dict[str, bytes] = {}
        self._lanes: dict[str, Proved] = {}
        self._frozen = _frozen(ws)
        # what another office made is told as that office saw it
        self._own = sweep.name not in ws.store.origin_sweeps()

    def briefs(self) -> Iterator[Brief]:
        """Every account of the sweep, one at a time: facts of one that is done are not kept."""
        for frozen in self._ws.store.frozen(self._sweep.name, CHUNK):
            yield from self._briefs(frozen)

    def _briefs(self, frozen: Sequence[Frozen]) -> Iterator[Brief]:
        ids, store = [one.account_id for one in frozen], self._ws.store
        texts = self._texts(frozen, ids)
        decisions, notices = defaultdict[str, list[Decision]](list), defaultdict[str, list[Absence]](list)
        for decision in store.decisions(self._sweep.name, ids):
            decisions[decision.account_id].append(decision)
        for notice in store.absences(among=ids):
            notices[notice.account_id].append(notice)
        carried = defaultdict[str, list[OriginRecord]](list)
        for record in store.origin_records("verdict", ids) if self._own else ():
            carried[record.account_id].append(record)
        for one, told in zip(frozen, texts, strict=True):
            own = one.account_id
            facts = facts_of(told, account=one.account)
            yield Brief(facts=facts, decisions=decisions[own], notices=notices[own], carried=carried[own])

    def _texts(self, frozen: Sequence[Frozen], ids: Sequence[str]) -> list[str]:
        """The stored facts of each where nothing changed; the others are built, and will be read back as they are stored."""
        traces = self._traces(ids)
        digests = {one.account_id: self._digest(one, traces.get(one.account_id, ())) for one in frozen}
        texts = self._ws.store.facts(self._sweep.name, digests.values())
        new = [one for one in frozen if digests[one.account_id] not in texts]
        for start in range(0, len(new), _BUILT):
            some = new[start : start + _BUILT]
            built = self._built(some, traces)
            rows = [
                StoredFacts(account_id=one.account_id, digest=digests[one.account_id], told=facts_text(built[one.account_id]))
                for one in some
            ]
            texts |= {row.digest: row.told for row in rows}
            if self._keep:
                self._ws.store.add_facts(self._sweep.name, rows)
        return [texts[digests[one.account_id]] for one in frozen]

    def _traces(self, ids: Sequence[str]) -> Mapping[str, Sequence[Trace]]:
        """The visits that count, the earliest first; of older ones the one that showed the newest post: it disproves 从未发布."""
        began = self._sweep.started_at
        found = self._ws.store.traces(self._sweep.name, ids, began - _REACH, began)
        silent = [own for own in ids if not any(trace.latest_post for trace in found.get(own, ()))]
        older = self._ws.store.last_shown(silent, began - _REACH) if silent else {}
        return {own: ([older[own]] if own in older else []) + list(found.get(own, ())) for own in ids}

    def _built(self, frozen: Sequence[Frozen], traces: Mapping[str, Sequence[Trace]]) -> dict[str, Facts]:
        visits = self._ws.store.visits_at([trace.file for one in frozen for trace in traces[one.account_id]])
        kin = self._ws.store.kin(self._roster, liked_owners(visits.values()))
        return {
            one.account_id: self._build(
                one.account, [self._weighed(visits[own.file], own) for own in traces[one.account_id]], kin
            )
            for one in frozen
        }

    def _weighed(self, visit: StoredVisit, trace: Trace) -> StoredVisit:
        """The visit with what is known of its lane, and whether judging of what it saw is paused."""
        return replace(visit, fit=self._fit_lane(trace), paused=self._paused(trace))

    def _fit_lane(self, trace: Trace) -> bool:
        if trace.sweep not in self._lanes:
            self._lanes[trace.sweep] = Proved(self._ws.store.marks(trace.sweep))
        return self._lanes[trace.sweep].fit(trace.platform, trace.lane, trace.at)

    def _paused(self, trace: Trace) -> str:
        """What people see and what was pasted one by one still counts."""
        by_itself = trace.route not in (Route.MANUAL, Route.LINK)
        return self._frozen.get((trace.sweep, trace.platform), "") if by_itself else ""

    def _build(self, account: Account, visits: Sequence[StoredVisit], kin: Collection[str]) -> Facts:
        adapter, sweep = self._adapters.get(account.platform), self._sweep
        own = [visit for visit in visits if visit.sweep == sweep.name]
        context = Context(
            on=sweep.check_date,
            default_date=day(sweep.started_at),
            window=self._window,
            proof=adapter.proof if adapter else None,
            earlier=[visit for visit in reversed(visits) if visit.sweep != sweep.name],
            fit=self._fit(account, visits),
            sees=adapter.sees.keys() if adapter else (),
            kin=kin,
            strangers=self._strangers,
            before=self._codes(account),
        )
        return build(account, own, context)

    def _fit(self, account: Account, visits: Iterable[StoredVisit]) -> set[str]:
        """Sweeps in which another account was seen by the very routes of the claims: no wall hid this one."""
        routes: dict[str, set[Route]] = defaultdict(set)
        for visit in visits:
            if _claims(visit):
                routes[visit.sweep].add(visit.route)
        return {name for name, used in routes.items() if all(self._controlled(account, name, str(route)) for route in used)}

    def _controlled(self, account: Account, sweep: str, route: str) -> bool:
        where = (sweep, account.platform, route)
        if where not in self._seen:
            self._seen[where] = self._ws.store.seen_by(*where)
        return bool(self._seen[where] - {account.account_id})

    def _codes(self, account: Account) -> tuple[str, ...]:
        """What stood against it in the period before; a line that was printed of an account filed later tells the name only."""
        return self._before.get(account.account_id) or self._before.get(text.key(f"{account.platform}:{account.name}"), ())

    def _digest(self, frozen: Frozen, traces: Iterable[Trace]) -> str:
        """Hash of all that the facts of an account are built from; people's decisions are not among it."""
        account = frozen.account
        told = sha256(self._ground(account.platform))
        told.update(repr((frozen.told, self._codes(account))).encode())
        for trace in traces:
            lane = (self._fit_lane(trace), self._paused(trace))
            told.update(repr((*trace, self._controlled(account, trace.sweep, trace.route), *lane)).encode())
        return told.hexdigest()

    def _ground(self, platform: str) -> bytes:
        """What is the same for all accounts of a platform."""
        if platform not in self._grounds:
            adapter, sweep = self._adapters.get(platform), self._sweep
            self._grounds[platform] = repr(
                (
                    _maker(),
                    (sweep.name, sweep.check_date, day(sweep.started_at), self._window, self._roster),
                    (adapter.proof, sorted(adapter.sees)) if adapter else None,
                    [(one.file, one.sha256) for one in self._strangers if one.platform == platform],
                )
            ).encode()
        return self._grounds[platform]


def _frozen(ws: Workspace) -> Mapping[tuple[str, str], str]:
    """(sweep, platform) → why judging of its machine readings is paused."""
    last = {(one.sweep, one.platform): one for one in ws.store.freezes()}
    return {where: f"{one.why},已暂停判定" for where, one in last.items() if not one.lifted}


def _window(ws: Workspace, sweep: SweepHead) -> Window | None:
    """What 检查期内 means: the window of the sweep's period; None (the quarter before the check) where it has none.

    A sweep's own window says how far back its visits look, and is one day for a sheet.
    """
    period = ws.store.period(sweep.period) if sweep.period else None
    return Window(since=period.start, until=period.end) if period else None


def _before(ws: Workspace, sweep: SweepHead) -> Mapping[str, tuple[str, ...]]:
    """Account id, or `text.key` of `platform:name` → codes of the period before, as far as it was checked by then."""
    period = ws.store.previous_period(sweep.period) if sweep.period else None
    if period is None:
        return {}
    try:
        found = faulty(ws, period, before=sweep.started_at)
    except UsageError:
        return {}
    return {text.key(whom): codes for whom, codes in found.items()} | dict(found)


def _claims(visit: StoredVisit) -> bool:
    return any(
        isinstance(found, Seen) and found.outcome in (Outcome.EMPTY, Outcome.GONE) for found in visit.observation.aspects.values()
    )


@cache
def _maker() -> str:
    """Digest of the code that makes facts: what another version of it made is built anew."""
    root, told = Path(tracker.__file__).parent, sha256()
    for path in (path for pattern in _SOURCES for path in sorted(root.glob(pattern))):
        told.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return told.hexdigest()
