"""Lists of any length: a page of accounts or verdicts within somebody's scope, and how many there are of what.

Every order is that of an index, which holds the columns of the filters too (migration 0009). Numbers are counted once for each
state of the registry or judgement, then remembered.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from threading import Lock
from typing import Any, TypeVar, cast

import peewee
from peewee import SQL, chunked, fn

from tracker import text
from tracker.model import Account, Decision, Route, Verdict
from tracker.people import EVERYTHING, Scope
from tracker.store.codec import account_of, scrub, verdict_of
from tracker.store.derived import owner_of, short
from tracker.store.paging import Slice, Turn, sliced
from tracker.store.part import Part, instant, on, stamp, tuples
from tracker.store.records import JudgementHead

_Value = TypeVar("_Value")

ACCOUNT_ORDERS: Mapping[str, tuple[str, ...]] = {
    "position": ("position", "account_id"),
    "name": ("name", "account_id"),
    "organisation": ("organisation", "account_id"),
    "region": ("region", "account_id"),
}
"""What accounts may be sorted by → the columns of its index; the last one tells rows apart that are alike."""

VERDICT_ORDERS: Mapping[str, tuple[str, ...]] = {
    "position": ("position",),
    "name": ("name", "position"),
    "latest": ("latest", "position"),
    "idle": ("idle", "position"),
}
"""The same of the verdicts of one judgement."""

_REMEMBERED = 500
"""Counts that are kept."""
_BATCH = 500
_FEW = 500
"""Rows of a search that are named one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAsk:
    """Which accounts: words in name, unit, filed id or our id; the rest exactly. Empty = any."""

    words: str = ""
    platform: str = ""
    region: str = ""
    org_type: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictAsk:
    """Which verdicts of a judgement: words as in `AccountAsk`; the rest exactly. Empty = any."""

    words: str = ""
    conclusion: str = ""
    platform: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTally:
    """How many accounts are alike in all of these."""

    platform: str
    region: str
    org_type: str
    status: str
    accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictTally:
    """How many verdicts of a judgement are alike in all of these, and how many findings wait for a person in them."""

    conclusion: str
    word: str
    platform: str
    region: str
    accounts: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A look that a person recorded: its evidence, when, for which check date (None = the day of `at`)."""

    file: str
    at: datetime
    check_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hits:
    """How many rows have the words, and which they are where they are few."""

    count: int
    few: tuple[Any, ...] | None


@dataclass(slots=True)
class _Kept:
    """Counts by what was asked, the oldest forgotten first. Safe for threads."""

    values: OrderedDict[Hashable, object] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable, count: Callable[[], _Value]) -> _Value:
        with self.lock:
            if key in self.values:
                return cast("_Value", self.values[key])
        found = count()
        with self.lock:
            self.values[key] = found
            while len(self.values) > _REMEMBERED:
                self.values.popitem(last=False)
        return found


class Listing(Part):
    """Pages of lists; nothing here reads more than a page of records."""

    def __init__(self, database: peewee.Database, place: str) -> None:
        super().__init__(database, place)
        self._kept = _Kept()
        self._lite = isinstance(database, peewee.SqliteDatabase)

    def registry_edition(self) -> int:
        """A number that grows with every change of the registry."""
        row = self._rows.change
        with self._reading():
            return int(row.select(fn.MAX(row.id)).scalar() or 0)

    def list_accounts(self, ask: AccountAsk, turn: Turn, scope: Scope = EVERYTHING) -> Slice[Account]:
        """One page of the registry. Raises UsageError for a page key that is none of ours, KeyError for an unknown order."""
        row = self._rows.account
        keys = [getattr(row, name) for name in ACCOUNT_ORDERS[turn.order]]
        query = _where(row.select(*keys, row.data), self._accounts_like(ask, scope))
        with self._reading():
            rows, before, after = sliced(query, keys, turn)
        return Slice(rows=tuple(account_of(one[-1]) for one in rows), before=before, after=after)

    def count_accounts(self, ask: AccountAsk, scope: Scope = EVERYTHING) -> int:
        """How many accounts fit."""
        if _key(ask):
            return self._account_hits(ask, scope).count
        return sum(one.accounts for one in self.account_tally(scope) if _fits(one, ask))

    def account_tally(self, scope: Scope = EVERYTHING) -> tuple[AccountTally, ...]:
        """How many accounts there are of each platform, region, 主体类型 and 状态."""
        return self._kept.get(("account tally", self.registry_edition(), scope), lambda: self._account_tally(scope))

    def _account_tally(self, scope: Scope) -> tuple[AccountTally, ...]:
        row = self._rows.account
        columns = (row.platform, row.region, row.org_type, row.status)
        query = _where(row.select(*columns, fn.COUNT(SQL("*"))), self._within(row, scope)).group_by(*columns)
        names = ("platform", "region", "org_type", "status", "accounts")
        with self._reading():
            return tuple(AccountTally(**dict(zip(names, one, strict=True))) for one in sorted(tuples(query)))

    def list_verdicts(
        self, judgement: JudgementHead, ask: VerdictAsk, turn: Turn, scope: Scope = EVERYTHING, *, waiting: bool = False
    ) -> Slice[Verdict]:
        """One page of a judgement; `waiting` = only those with a finding that waits for a person. Raises as `list_accounts`."""
        row = self._rows.verdict_line
        keys = [getattr(row, name) for name in VERDICT_ORDERS[turn.order]]
        query = _where(row.select(*keys, row.position), self._verdicts_like(judgement, ask, scope, waiting=waiting))
        with self._reading():
            rows, before, after = sliced(query, keys, turn)
            found = self._verdicts_at(judgement, [one[-1] for one in rows])
        return Slice(rows=tuple(found[one[-1]] for one in rows), before=before, after=after)

    def count_verdicts(
        self, judgement: JudgementHead, ask: VerdictAsk, scope: Scope = EVERYTHING, *, waiting: bool = False
    ) -> int:
        """How many verdicts of a judgement fit."""
        row = self._rows.verdict_line
        if _key(ask):
            return self._verdict_hits(judgement, ask, scope, waiting=waiting).count
        if not waiting:
            return sum(one.accounts for one in self.verdict_tally(judgement, scope) if _fits(one, ask))
        query = _where(row.select(fn.COUNT(SQL("*"))), self._verdicts_like(judgement, ask, scope, waiting=waiting))
        return self._kept.get(("verdicts", judgement.number, ask, scope, waiting), lambda: self._count(query))

    def verdict_tally(self, judgement: JudgementHead, scope: Scope = EVERYTHING) -> tuple[VerdictTally, ...]:
        """How many verdicts of a judgement there are of each conclusion, word, platform and region."""
        return self._kept.get(("verdict tally", judgement.number, scope), lambda: self._verdict_tally(judgement, scope))

    def _verdict_tally(self, judgement: JudgementHead, scope: Scope) -> tuple[VerdictTally, ...]:
        row = self._rows.verdict_line
        columns = (row.conclusion, row.word, row.platform, row.region)
        wanted = [row.judgement == judgement.number, *self._within(row, scope)]
        query = _where(row.select(*columns, fn.COUNT(SQL("*")), fn.SUM(row.waiting)), wanted).group_by(*columns)
        names = ("conclusion", "word", "platform", "region", "accounts", "waiting")
        with self._reading():
            return tuple(VerdictTally(**dict(zip(names, one, strict=True))) for one in sorted(tuples(query)))

    def work_state(self) -> str:
        """What the store knows that the work list rests on, as a word: another word = another list may come of it."""
        rows = self._rows
        lasts = (rows.visit, rows.change, rows.draw, rows.absence)
        with self._reading():
            told = [row.select(fn.MAX(row.id)).scalar() for row in lasts]
            told += tuples(rows.sweep.select(fn.COUNT(rows.sweep.name), fn.SUM(rows.sweep.edition)))[0]
            periods = [(one.name, one.start_on, one.end_on, bool(one.closed_at)) for one in rows.period.select()]
        return f"{told} {sorted(periods)}"

    def looked(self, sweep: str) -> Mapping[str, Looked]:
        """Account id → the last look that a person recorded of it in a sweep."""
        row = self._rows.visit
        own = (row.sweep == scrub(sweep)) & (row.route == str(Route.MANUAL)) & (row.account_id != "")
        with self._reading():
            rows = tuples(row.select(row.at, row.file, row.account_id, row.check_date).where(own))
        return {whom: Looked(file=file, at=instant(at), check_date=on(told)) for at, file, whom, told in sorted(rows, key=_when)}

    def accounts_of(self, account_ids: Iterable[str]) -> Mapping[str, Account]:
        """The accounts of these ids, by id."""
        row, found = self._rows.account, dict[str, Account]()
        for some in chunked(map(scrub, account_ids), _BATCH):
            with self._reading():
                found.update(
                    (own, account_of(told))
                    for own, told in tuples(row.select(row.account_id, row.data).where(row.account_id.in_(some)))
                )
        return found

    def place_of(self, judgement: JudgementHead, account_id: str) -> int:
        """The position of an account in a judgement; -1 where it has none."""
        row = self._rows.verdict
        own = (row.judgement == judgement.number) & (row.account_id == scrub(account_id))
        with self._reading():
            found = row.select(row.position).where(own).scalar()
        return -1 if found is None else int(found)

    def decided_since(self, judgement: JudgementHead) -> frozenset[tuple[str, str]]:
        """(account id, code) of the findings that somebody decided after a judgement was begun: it does not know of it."""
        row, state = self._rows.decision, self._rows.judgement
        with self._reading():
            told = state.select(state.state).where(state.id == judgement.number).scalar()
            # the third word of `Judgements.sweep_state`; an earlier program left none, then the clock decides
            later = row.id > int(told.split(":")[2]) if told else row.at >= stamp(judgement.at)
            query = row.select(row.account_id, row.code).where((row.sweep == judgement.sweep) & later)
            return frozenset((own, code) for own, code in tuples(query))

    def last_decisions(self, sweep: str, most: int) -> tuple[Decision, ...]:
        """The last decisions of a sweep, the newest first."""
        row = self._rows.decision
        with self._reading():
            rows = list(row.select().where(row.sweep == scrub(sweep)).order_by(row.id.desc()).limit(most))
        return tuple(
            Decision(
                account_id=one.account_id,
                code=one.code,
                confirmed=bool(one.confirmed),
                who=one.who,
                why=one.why,
                at=instant(one.at),
            )
            for one in rows
        )

    def _verdicts_at(self, judgement: JudgementHead, places: Iterable[int]) -> dict[int, Verdict]:
        row, found = self._rows.verdict, dict[int, Verdict]()
        for some in chunked(places, _BATCH):
            wanted = (row.judgement == judgement.number) & row.position.in_(some)
            found.update((place, verdict_of(told)) for place, told in tuples(row.select(row.position, row.data).where(wanted)))
        return found

    def _accounts_like(self, ask: AccountAsk, scope: Scope) -> list[Any]:
        row = self._rows.account
        like = [*self._within(row, scope), *self._same(row, ask)]
        return like if not _key(ask) else self._named(row, row.account_id, ask, like, self._account_hits(ask, scope))

    def _account_hits(self, ask: AccountAsk, scope: Scope) -> _Hits:
        row = self._rows.account
        tests = [*self._within(row, scope), *self._same(row, ask), self._has(row, ask)]
        known = ("account words", self.registry_edition(), ask, scope)
        return self._kept.get(known, lambda: self._hits(_where(row.select(row.account_id), tests)))

    def _verdicts_like(self, judgement: JudgementHead, ask: VerdictAsk, scope: Scope, *, waiting: bool) -> list[Any]:
        row = self._rows.verdict_line
        like = [row.judgement == judgement.number, *self._open(waiting), *self._within(row, scope), *self._same(row, ask)]
        if not _key(ask):
            return like
        return self._named(row, row.position, ask, like, self._verdict_hits(judgement, ask, scope, waiting=waiting))

    def _verdict_hits(self, judgement: JudgementHead, ask: VerdictAsk, scope: Scope, *, waiting: bool) -> _Hits:
        row = self._rows.verdict_line
        whose = [*self._open(waiting), *self._within(row, scope), *self._same(row, ask)]
        tests = [row.judgement == judgement.number, *whose, self._has(row, ask)]
        known = ("verdict words", judgement.number, ask, scope, waiting)
        return self._kept.get(known, lambda: self._hits(_where(row.select(row.position), tests)))

    def _open(self, waiting: bool) -> list[Any]:
        # a literal: only so SQLite knows that the index of the waiting ones will do
        return [SQL("waiting > 0")] if waiting else []

    def _named(self, row: Any, own: peewee.Field, ask: AccountAsk | VerdictAsk, like: list[Any], hits: _Hits) -> list[Any]:
        """Where few rows have the words these are named: nobody looks for them along the order."""
        return [*like, self._has(row, ask) if hits.few is None else own.in_(hits.few)]

    def _has(self, row: Any, ask: AccountAsk | VerdictAsk) -> Any:
        return (fn.INSTR if self._lite else fn.STRPOS)(row.search, _key(ask)) > 0

    def _hits(self, query: Any) -> _Hits:
        with self._reading():
            found = [own for (own,) in tuples(query)]
        return _Hits(count=len(found), few=tuple(found) if len(found) <= _FEW else None)

    def _within(self, row: Any, scope: Scope) -> list[Any]:
        told = [self._tested(row.region) == short(scope.region)] if scope.region is not None else []
        if scope.organisations is not None:
            told.append(self._tested(row.owner).in_(sorted(map(owner_of, scope.organisations))))
        return told

    def _same(self, row: Any, ask: AccountAsk | VerdictAsk) -> list[Any]:
        return [self._tested(getattr(row, name)) == short(getattr(ask, name)) for name in _names(ask) if getattr(ask, name)]

    def _tested(self, column: Any) -> Any:
        """A column that rows are tested by, never found by: SQLite would leave the index of the order for it, and sort."""
        return peewee.NodeList((SQL("+"), column), glue="") if self._lite else column

    def _count(self, query: Any) -> int:
        with self._reading():
            return int(query.scalar())


def _when(row: Any) -> Any:
    return row[:2]


def _key(ask: AccountAsk | VerdictAsk) -> str:
    return scrub(text.key(ask.words))


def _names(ask: AccountAsk | VerdictAsk) -> list[str]:
    return [one.name for one in fields(ask) if one.name != "words"]


def _fits(one: AccountTally | VerdictTally, ask: AccountAsk | VerdictAsk) -> bool:
    return all(short(getattr(ask, name)) in ("", getattr(one, name)) for name in _names(ask))


def _where(query: Any, told: Iterable[Any]) -> Any:
    for one in told:
        query = query.where(one)
    return query
