"""Units, objections and packets as the page 征求意见 shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from tracker.console.letters import ProofPart, proof_parts
from tracker.consult import Known, Taken, as_told
from tracker.consult.known import Pair
from tracker.store import Consultation, Objection, SweepHead
from tracker.text import clip
from tracker.workspace import Workspace

MOST = 100
"""Units on one page."""
_MOST_CELL = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """One unit that was asked; `waiting` = objections without an answer."""

    organisation: str
    address: str
    asked: int
    answered: int
    objects: int
    waiting: int
    late: int
    deadline: date
    state: str
    look: str
    """Class of the style sheet for `state`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """What became of one objection."""

    outcome: str
    why: str
    words: str
    who: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One finding that a unit was told of, and what it said last; `number` 0 = nothing was said."""

    number: int
    account_id: str
    name: str
    kind: str
    organisation: str
    code: str
    message: str
    basis: str
    because: str
    opinion: str
    why: str
    received: str
    late: bool
    objects: bool
    proofs: tuple[ProofPart, ...]
    answer: AnswerLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """One row of a reply sheet that is not understood, as it stands in the file, and why."""

    number: int
    cells: tuple[str, ...]
    wrong: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedSheet:
    """A reply sheet that was not taken: its wrong rows, and what is the matter with it as a whole."""

    file: str
    header: tuple[str, ...]
    rows: tuple[RefusedRow, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketLine:
    """One file of a unit's packet; `address` empty = it lies there no more."""

    name: str
    address: str


def unit_lines(found: Mapping[Pair, Known], sweep: SweepHead, today: date) -> tuple[UnitLine, ...]:
    """The units that were asked, those with objections that wait first, then those that have not answered."""
    units: dict[str, list[Known]] = {}
    for one in found.values():
        if one.sent is not None:
            units.setdefault(one.organisation, []).append(one)
    lines = [_unit(name, told, sweep, today) for name, told in units.items()]
    return tuple(sorted(lines, key=lambda one: (-one.waiting, one.answered >= one.asked)))


def _unit(name: str, told: Sequence[Known], sweep: SweepHead, today: date) -> UnitLine:
    said = [one.last for one in told if one.last is not None]
    objects = [one for one in said if one.objects]
    waiting = sum(one.ruling is None for one in objects)
    deadline = max(one.sent.deadline for one in told if one.sent)
    state, look = _state(len(told), len(said), waiting, deadline, today)
    return UnitLine(
        organisation=name,
        address=f"/consult/unit?{urlencode({'sweep': sweep.name, 'name': name})}",
        asked=len(told),
        answered=len(said),
        objects=len(objects),
        waiting=waiting,
        late=sum(one.late for one in said),
        deadline=deadline,
        state=state,
        look=look,
    )


def _state(asked: int, answered: int, waiting: int, deadline: date, today: date) -> tuple[str, str]:
    if waiting:
        return f"有{waiting}条异议待答复", "bad"
    if answered >= asked:
        return "已全部反馈", "good"
    left = (deadline - today).days
    part = "部分反馈" if answered else "未反馈"
    return (f"{part},还有{left}天" if left > 0 else f"{part},今天截止", "wait") if left >= 0 else (f"{part},已过期限", "soft")


def objection_lines(ws: Workspace, found: Mapping[Pair, Known], *, ruled: bool) -> Iterator[FindingLine]:
    """What units object to: what waits for an answer, or what has one."""
    for one in found.values():
        last = one.last
        if last is not None and last.objects and (last.ruling is not None) is ruled:
            yield finding_line(ws, one)


def finding_line(ws: Workspace, one: Known) -> FindingLine:
    """A finding as the unit was told it, with what it said last."""
    told, last = as_told(ws, one), one.last
    account = told[0].account if told else ws.store.account(one.account_id)
    return FindingLine(
        number=last.id if last else 0,
        account_id=one.account_id,
        name=account.name if account else one.account_id,
        kind=account.kind if account else "",
        organisation=one.organisation,
        code=one.code,
        message=one.message or (told[1].message if told else one.code),
        basis=told[1].basis if told else "",
        because=told[1].arithmetic if told else "",
        opinion=opinion_word(last),
        why=";".join(filter(None, (last.words, last.why))) if last else "",
        received=f"{last.received_on.year}年{last.received_on.month}月{last.received_on.day}日" if last else "",
        late=last.late if last else False,
        objects=last.objects if last else False,
        proofs=proof_parts(ws, last.attachments, f"/consult/proofs/{last.id}") if last else (),
        answer=answer_line(last),
    )


def opinion_word(said: Objection | None) -> str:
    """认可 or 有异议; what a unit has not said is 未反馈."""
    if said is None:
        return "未反馈"
    return "有异议" if said.objects else "认可"


def answer_line(said: Objection | None) -> AnswerLine | None:
    """The office's answer; None where there is none."""
    if said is None or said.ruling is None:
        return None
    told = said.ruling
    return AnswerLine(outcome=str(told.outcome), why=told.why, words=told.words, who=told.who, at=f"{told.at:%Y-%m-%d %H:%M}")


def packet(ws: Workspace, sent: Consultation, number: int, organisation: str) -> tuple[PacketLine, ...]:
    """The files that were written for a unit: every unit has as many as the others, in the order of asking."""
    each = len(sent.files) // len(sent.asked) if sent.asked else 0
    place = next((at for at, one in enumerate(sent.asked) if one.organisation == organisation), None)
    if place is None or each * len(sent.asked) != len(sent.files):
        return ()
    places = range(place * each, (place + 1) * each)
    return tuple(
        PacketLine(
            name=sent.files[at].rpartition("/")[2],
            address=f"/consult/files/{sent.id}/{at}" if (ws.reports / sent.files[at]).is_file() else "",
        )
        for at in places
    )


def refused_sheet(told: Taken) -> RefusedSheet:
    """A sheet that was not taken, its problems beside the rows that they are of."""
    header = tuple(dict.fromkeys(name for one in told.wrong for name in one.cells))
    said = {f"{told.file} 第{one.number}行:{one.why}" for one in told.wrong}
    return RefusedSheet(
        file=told.file,
        header=header,
        rows=tuple(
            RefusedRow(
                number=one.number, cells=tuple(clip(one.cells.get(name, ""), _MOST_CELL) for name in header), wrong=one.why
            )
            for one in told.wrong
        ),
        wrong=tuple(one for one in told.problems if one not in said),
    )
