"""One carried sweep into the workspace, inside the transaction of its bundle."""

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from tracker.adapter import Adapter
from tracker.bundle.contents import Carried, read_visit
from tracker.bundle.records import CarriedVisit, plain
from tracker.errors import UsageError, reason
from tracker.evidence import Stored, VisitMeta, brought, folder_name
from tracker.evidence.intake import Waiting, give_back, take_in
from tracker.model import Account, Decision, Exchange
from tracker.recording import Reader, journal
from tracker.store import Hand, OriginRecord, OriginSweep, Question, SweepRecord
from tracker.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What came in of one sweep: `name` here, `theirs` at the sender's.

    `known` visits were here already, `aside` belong to nobody here; `opposed` = decisions that were not entered because
    ours says otherwise: they stand as questions.
    """

    name: str
    theirs: str
    started_at: datetime
    accounts: int
    visits: int
    known: int
    aside: int
    decisions: int
    questions: int
    opposed: int
    cleared: int

    @property
    def news(self) -> bool:
        """Whether anything was new."""
        return any((self.visits, self.decisions, self.questions, self.opposed))


class _Reader(Reader):
    """Reads carried visits: whose each is was found out before."""

    def __init__(self, accounts: Sequence[Account], adapters: Mapping[str, Adapter]) -> None:
        super().__init__(accounts, adapters)
        self.whose: Account | None = None

    def account(self, meta: VisitMeta) -> Account | None:
        return self.whose


class Entering:
    """Enters the sweeps of one bundle. `ours` = the sender's account id → our account; `own` = our key's fingerprint."""

    def __init__(
        self,
        ws: Workspace,
        stage: Path,
        adapters: Mapping[str, Adapter],
        hand: Hand,
        origin: int,
        ours: Mapping[str, Account],
        *,
        own: str,
        into: str,
        undo: ExitStack,
        at: datetime,
    ) -> None:
        self._ws, self._stage, self._adapters, self._hand, self._origin, self._ours = ws, stage, adapters, hand, origin, ours
        self._own, self._into, self._undo, self._at = own, into, undo, at

    def enter(self, part: Carried, bundle: str) -> Entered:
        """Enter one sweep. Raises UsageError, EvidenceDamaged; the caller's transaction and `undo` then leave nothing."""
        name, foreign = self._target(part)
        frozen = self._frozen(part)
        if not frozen:
            return self._nothing(name, part)
        if not foreign:
            self._must_be_known(name, part, frozen)
        self._open(name, part, frozen, foreign=foreign)
        visits, known, aside = self._visits(name, part, frozen)
        if visits:
            self._papers(name, part, bundle)
        decisions, opposed = self._decisions(name, part, foreign=foreign)
        questions = self._questions(name, part)
        self._besides(name, part)
        self._verdicts(name, part)
        return Entered(
            name=name,
            theirs=part.sweep.name,
            started_at=part.sweep.head.started_at,
            accounts=len(frozen),
            visits=visits,
            known=known,
            aside=aside,
            decisions=decisions,
            questions=questions,
            opposed=opposed,
            cleared=part.sweep.cleared,
        )

    def note_unknown(self, told: Collection[tuple[Account, str]]) -> None:
        """Keep, once, that these accounts are none of ours."""
        records = [
            OriginRecord(kind="unknown", sweep="", account_id="", told={"account": plain("account", one), "why": why})
            for one, why in told
        ]
        self._ws.store.add_origin_records(self._origin, records)

    def _nothing(self, name: str, part: Carried) -> Entered:
        head, counts = part.sweep.head, dict.fromkeys(("accounts", "visits", "known", "decisions", "questions", "opposed"), 0)
        aside = len(part.visits)
        theirs, cleared = part.sweep.name, part.sweep.cleared
        return Entered(name=name, theirs=theirs, started_at=head.started_at, aside=aside, cleared=cleared, **counts)

    def _target(self, part: Carried) -> tuple[str, bool]:
        """Under which name it lies here, and whether it stays another office's."""
        told, theirs = part.sweep, self._ws.store.origin_sweeps()
        if self._into:
            if self._into in theirs:
                raise UsageError(f"批次 {self._into} 是别的单位的,不能用 --into 并进去;请去掉 --into 或换成本单位的批次")
            return folder_name(self._into), False
        maker = told.fingerprint or self._hand.fingerprint
        if maker == self._own:
            return told.name, False
        for one in theirs.values():
            if (one.fingerprint, one.sweep) == (maker, told.name):
                return one.name, True
        return self._free(told.name, told.office or self._hand.office, maker), True

    def _must_be_known(self, name: str, part: Carried, frozen: Mapping[str, Account]) -> None:
        """Whose sweep it is the sender says: in ours another office's visits stand only where an operator wants them there."""
        if self._into or self._hand.fingerprint == self._own:
            return
        known = {visit.sha256 for visit in (*self._ws.store.visits(name), *self._ws.store.controls(name))}
        if strange := sum(self._is_ours(one, frozen) and one.sha256 not in known for one in part.visits):
            raise UsageError(
                f"数据包里的批次 {part.sweep.name} 自称是本单位的,但其中{strange}次采集本单位没有;没有导入任何东西,"
                f"请与{self._hand.office}核对,确实要并进来的,用 --into {name}"
            )

    def _free(self, sweep: str, office: str, maker: str) -> str:
        taken = {one.name.casefold() for one in self._ws.store.sweeps()}
        for name in (f"{sweep}-{office}", f"{sweep}-{maker[:8]}", f"{sweep}-{maker}"):
            try:
                if folder_name(name).casefold() not in taken and len(name) <= 100:
                    return name
            except UsageError:
                # an office's name may hold what no folder takes
                continue
        raise UsageError(f"批次 {sweep} 在本机没有能用的名称;请用 --into 指明并入哪个批次")

    def _frozen(self, part: Carried) -> dict[str, Account]:
        """Our account by the sender's id, with the platform ids that the sender knows of it."""
        return {
            own: replace(self._ours[own], ids={**one.ids, **self._ours[own].ids})
            for own, one in part.accounts.items()
            if own in self._ours
        }

    def _open(self, name: str, part: Carried, frozen: Mapping[str, Account], *, foreign: bool) -> None:
        store, accounts = self._ws.store, tuple(frozen.values())
        if store.sweep_head(name) is not None:
            store.extend_sweep(name, accounts)
            return
        head, period = part.sweep.head, self._period(part)
        record = SweepRecord(
            name=name,
            # of another office's check only its own list is made: here it is something that was seen
            kind="weekly" if foreign else head.kind,
            period=period,
            check_date=head.check_date,
            window=head.window,
            started_at=head.started_at,
            ended_at=head.ended_at,
            source=f"来自{self._maker(part)}",
            accounts=accounts,
        )
        self._ws.start_sweep(record)
        if foreign:
            maker = part.sweep.fingerprint or self._hand.fingerprint
            office = part.sweep.office or self._hand.office
            store.add_origin_sweep(OriginSweep(name=name, office=office, fingerprint=maker, sweep=part.sweep.name))

    def _maker(self, part: Carried) -> str:
        if not part.sweep.fingerprint:
            return str(self._hand)
        return f"{part.sweep.office}(指纹{part.sweep.fingerprint[:8]}),经{self._hand}"

    def _period(self, part: Carried) -> str | None:
        """The period's name, where ours of this name has the same days."""
        told = part.sweep.period
        ours = self._ws.store.period(told.name) if told else None
        return ours.name if told and ours and (ours.start, ours.end) == (told.start, told.end) else None

    def _visits(self, name: str, part: Carried, frozen: Mapping[str, Account]) -> tuple[int, int, int]:
        """How many are new, known, and aside."""
        mine = [one for one in part.visits if self._is_ours(one, frozen)]
        read = {one.sha256: read_visit(self._stage, one) for one in mine}
        known = {visit.sha256 for visit in (*self._ws.store.visits(name), *self._ws.store.controls(name))}
        waiting = [Waiting(path=self._stage / one.sha256, name=one.file, sha256=one.sha256) for one in mine]
        fresh = [one for one in waiting if one.sha256 not in known]
        at = self._at
        taken = take_in(self._ws.evidence, name, fresh, lambda: at)
        self._undo.callback(give_back, self._ws.evidence, taken)
        self._journal(name, mine, taken.stored, read, frozen)
        chains = {one.sha256: (*one.hands, self._hand) for one in mine if one.sha256 not in known}
        self._ws.store.add_origin_visits(name, chains)
        return len(fresh), len(mine) - len(fresh), len(part.visits) - len(mine)

    def _is_ours(self, one: CarriedVisit, frozen: Mapping[str, Account]) -> bool:
        return one.control or not one.account_id or one.account_id in frozen

    def _journal(
        self,
        name: str,
        mine: Sequence[CarriedVisit],
        stored: Sequence[Stored],
        read: Mapping[str, tuple[VisitMeta, tuple[Exchange, ...]]],
        frozen: Mapping[str, Account],
    ) -> None:
        reader = _Reader(tuple(frozen.values()), self._adapters)
        by_hash = {one.sha256: one for one in mine}
        for one in stored:
            meta, exchanges = read[one.sha256]
            reader.whose = frozen.get(by_hash[one.sha256].account_id)
            journal(self._ws, name, reader, one, meta, exchanges, reader.read(meta, exchanges))

    def _papers(self, name: str, part: Carried, bundle: str) -> None:
        """The sender's manifest and seals beside ours: they show that the bytes are those that were sealed there."""
        folder = self._ws.evidence.root / folder_name(name) / brought.FOLDER / f"{self._hand.fingerprint[:8]}-{bundle[:8]}"
        self._undo.callback(partial(shutil.rmtree, folder, ignore_errors=True))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file, digest in part.sweep.beside.items():
                shutil.copyfile(self._stage / digest, folder / file)
        except OSError as error:
            raise UsageError(f"写不进 {folder}({reason(error)});没有导入任何东西,请检查磁盘空间和权限后再试") from error

    def _records(self, name: str, kind: str, told: Sequence[tuple[str, object]]) -> Iterator[OriginRecord]:
        for own, one in told:
            yield OriginRecord(kind=kind, sweep=name, account_id=own, told=plain(kind, one))

    def _decisions(self, name: str, part: Carried, *, foreign: bool) -> tuple[int, int]:
        """What people decided there: entered where nobody here said otherwise and the sweep is theirs, else asked (存疑)."""
        store = self._ws.store
        here = store.decisions(name)
        theirs = {one.told["at"] for one in store.origin_records("decision") if one.sweep == name}
        ours = [one for one in here if plain("decision", one)["at"] not in theirs]
        entered = opposed = 0
        for one in part.decisions:
            if one.account_id not in self._ours or any(_same(one, held, self._ours) for held in here):
                continue
            local = replace(one, account_id=self._ours[one.account_id].account_id, who=f"{one.who}(来自{self._hand})")
            if not store.add_origin_records(self._origin, self._records(name, "decision", [(local.account_id, local)])):
                continue
            if foreign and not any((held.account_id, held.code) == (local.account_id, local.code) for held in ours):
                store.add_decision(name, local)
                entered += 1
            else:
                said = "确认" if local.confirmed else "驳回"
                why = f":{one.why}" if one.why.strip() else ""
                note = f"{self._hand}的{one.who or '复核人'}已{said}{why};本级没有采用,须由人决定"
                store.add_question(name, _question(local, note, self._at))
                opposed += 1
        return entered, opposed

    def _questions(self, name: str, part: Carried) -> int:
        store, count = self._ws.store, 0
        here = {(one.code, one.note, one.at) for one in store.questions(name)}
        for one in part.questions:
            if one.account_id not in self._ours or (one.code, one.note, one.at) in here:
                continue
            local = replace(one, account_id=self._ours[one.account_id].account_id, who=f"{one.who}(来自{self._hand})")
            if store.add_origin_records(self._origin, self._records(name, "question", [(local.account_id, local)])):
                store.add_question(name, local)
                count += 1
        return count

    def _besides(self, name: str, part: Carried) -> None:
        """Pauses of judging and notices of absence: without them the same bytes would say more than they do."""
        store = self._ws.store
        here = {(one.platform, one.at) for one in store.freezes(name)}
        for pause in part.pauses:
            local = replace(pause, sweep=name, who=f"{pause.who}(来自{self._hand})")
            new = store.add_origin_records(self._origin, self._records(name, "pause", [("", local)]))
            if new and (pause.platform, pause.at) not in here:
                store.add_freeze(local)
        filed = {(one.account_id, one.first, one.last, one.filed_on) for one in store.absences()}
        for notice in part.notices:
            if notice.account_id in self._ours:
                own = self._ours[notice.account_id].account_id
                told = replace(notice, account_id=own, who=f"{notice.who}(来自{self._hand})")
                if (own, told.first, told.last, told.filed_on) not in filed:
                    store.add_absence(told)
                    filed.add((own, told.first, told.last, told.filed_on))

    def _verdicts(self, name: str, part: Carried) -> None:
        """What the other office concluded; our own sweeps are held against it."""
        maker = {
            "office": part.sweep.office or self._hand.office,
            "fingerprint": part.sweep.fingerprint or self._hand.fingerprint,
        }
        if maker["fingerprint"] == self._own:
            return
        told = {**maker, "sweep": part.sweep.name, "asked": list(part.sweep.asked)}
        records = [
            OriginRecord(
                kind="verdict",
                sweep=name,
                account_id=self._ours[one.account.account_id].account_id,
                told={**told, "verdict": plain("verdict", one)},
            )
            for one in part.verdicts
            if one.account.account_id in self._ours
        ]
        self._ws.store.add_origin_records(self._origin, records)


def _same(theirs: Decision, ours: Decision, known: Mapping[str, Account]) -> bool:
    """Whether it is a decision of ours that comes home."""
    own = known[theirs.account_id].account_id
    return (own, theirs.code, theirs.confirmed, theirs.at) == (ours.account_id, ours.code, ours.confirmed, ours.at)


def _question(local: Decision, note: str, at: datetime) -> Question:
    return Question(account_id=local.account_id, code=local.code, who=local.who, note=note, at=at)
