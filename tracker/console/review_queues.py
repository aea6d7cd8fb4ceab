"""The queues of 复核: what waits for a first person, what for another one, where people disagree, what is done.

A big check has thousands of findings: a queue is read a page at a time, and looked through only so far.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote
from weakref import WeakKeyDictionary

from tracker import text
from tracker.console.checks import judged, shown_head
from tracker.console.desk import Desk
from tracker.console.lists import SIZE
from tracker.model import Conclusion, Effect, Finding, Status, Verdict
from tracker.people import EVERYTHING, Scope
from tracker.store import JudgementHead, Slice, SweepHead, Turn, VerdictAsk
from tracker.witnesses import MOST, Behind, behind, behind_one, needed, vetoes

MOST_TORN = 200
"""Findings on which people disagree that are looked at."""
_FAR = 2**31 - 1
"""A position behind every account."""


class Queue(StrEnum):
    """Which findings; the value stands in addresses."""

    WAITING = ""
    SECOND = "second"
    TORN = "torn"
    DONE = "done"


LOOKED = {Queue.WAITING: 2000, Queue.SECOND: 500}
"""Findings that are looked through for those of one cause, one's own aside; behind a second one lie stored bytes."""

_ASK = {Queue.WAITING: VerdictAsk(), Queue.SECOND: VerdictAsk(conclusion=str(Conclusion.FAILED))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Who reviews, and the judgement on screen."""

    desk: Desk
    check: SweepHead
    head: JudgementHead
    again: str
    """Why this is not the last word; empty = it is."""
    since: frozenset[tuple[str, str]]
    """What was decided since that judgement: no longer open, whatever it says."""
    least: int
    """How many people a veto takes."""
    who: str
    scope: Scope = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One finding; `behind` = its people, None where nobody has to stand behind it yet."""

    verdict: Verdict
    finding: Finding
    behind: Behind | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """Account id and code."""
        return self.verdict.account.account_id, self.finding.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why findings are alike: `key` for addresses, `told` the arithmetic without its numbers and quotes."""

    key: str
    told: str


_QUOTE, _NUMBER = re.compile("“[^”]*”"), re.compile(r"\d+(?:[-.:]\d+)*")


def cause_of(finding: Finding) -> Cause:
    """What findings of one cause have in common: code, message and arithmetic, numbers, dates and quotes left out."""
    parts = dict.fromkeys(_NUMBER.sub("…", one) for one in _QUOTE.sub("“…”", finding.arithmetic).split(";"))
    told, said = ";".join(parts), _NUMBER.sub("…", finding.message)
    key = hashlib.sha256("\n".join((finding.code, said, told)).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return Cause(key=key, told=told)


def reviewer_of(desk: Desk, who: str, scope: Scope = EVERYTHING) -> Reviewer | str:
    """Who reviews what; where nothing is judged yet, why (empty = nobody looked). Raises UsageError as `judged`."""
    check = shown_head(desk.ws, desk.clock())
    shown = judged(desk, check) if check else None
    if check is None or shown is None or shown.head is None:
        return shown.again if shown else ""
    since = desk.ws.store.decided_since(shown.head) if shown.again else frozenset()
    least = needed(desk.ws, desk.profile(shown.head.profile))
    return Reviewer(desk=desk, check=check, head=shown.head, again=shown.again, since=since, least=least, who=who, scope=scope)


def case_of(by: Reviewer, account_id: str, code: str) -> Case | None:
    """One finding with its people; None where the judgement has none such, or it is of somebody else's account."""
    verdict = by.desk.ws.store.verdict(by.head, account_id)
    if verdict is None or not by.scope.holds(verdict.account):
        return None
    finding = next((one for one in verdict.findings if one.code == code), None)
    if finding is None:
        return None
    if finding.effect is not Effect.VETO:
        return Case(verdict=verdict, finding=finding)
    ws = by.desk.ws
    said = [one for one in ws.store.decisions(by.check.name, [account_id]) if one.code == code]
    return Case(verdict=verdict, finding=finding, behind=behind_one(ws, by.check.name, verdict, finding, said))


def own_already(by: Reviewer, case: Case) -> bool:
    """Whether whoever reviews stands behind this finding already: another person has to be the second."""
    settled = case.finding.status in (Status.AUTOMATIC, Status.CONFIRMED)
    return settled and case.behind is not None and text.key(by.who) in {text.key(one) for one in case.behind.agreed}


def lacking(by: Reviewer, case: Case) -> int:
    """How many people are still missing behind a settled veto."""
    if case.behind is None or case.finding.status not in (Status.AUTOMATIC, Status.CONFIRMED):
        return 0
    return max(0, by.least - len(case.behind.agreed))


def cases_in(by: Reviewer, queue: Queue, verdicts: Sequence[Verdict]) -> list[Case]:
    """The findings among these that belong into the queue of those that wait, or that wait for another person."""
    if queue is Queue.WAITING:
        return [
            Case(verdict=verdict, finding=one)
            for verdict in verdicts
            for one in verdict.findings
            if one.status is Status.CANDIDATE and (verdict.account.account_id, one.code) not in by.since
        ]
    of = {(one.account.account_id, each.code): (one, each) for one in verdicts for each in one.findings}
    return [
        Case(verdict=of[one.account_id, one.code][0], finding=of[one.account_id, one.code][1], behind=one)
        for one in behind(by.desk.ws, by.check.name, _short(by, verdicts))
        if len(one.agreed) < by.least and not one.dismissed
    ]


def _short(by: Reviewer, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Those with a veto on which decisions alone are not enough: who reported it stands in stored bytes, which take time."""
    failing = [one for one in verdicts if one.conclusion is Conclusion.FAILED]
    words: dict[tuple[str, str], dict[str, bool]] = {}
    for one in by.desk.ws.store.decisions(by.check.name, [each.account.account_id for each in failing]):
        words.setdefault((one.account_id, one.code), {})[text.key(one.who)] = one.confirmed

    def open_still(verdict: Verdict, finding: Finding) -> bool:
        last = words.get((verdict.account.account_id, finding.code), {})
        return all(last.values()) and len(last) < by.least

    return [one for one in failing if any(open_still(one, each) for each in vetoes(one))]


def page_of(by: Reviewer, queue: Queue, turn: Turn) -> Slice[Case]:
    """One page of a queue."""
    store = by.desk.ws.store
    if queue is Queue.WAITING:
        found = store.list_verdicts(by.head, _ASK[queue], turn, by.scope, waiting=True)
        return Slice(rows=tuple(cases_in(by, queue, found.rows)), before=found.before, after=found.after)
    if queue is Queue.SECOND:
        return _seconds(by, turn)
    if queue is Queue.TORN:
        return Slice(rows=tuple(torn(by)))
    pairs = store.decided_pairs(by.check.name, turn)
    return Slice(rows=tuple(_cases(by, pairs.rows)), after=pairs.after)


def _seconds(by: Reviewer, turn: Turn) -> Slice[Case]:
    """Most failing accounts need nobody more: so many of them are looked through for a page."""
    rows, key, looked = list[Case](), turn.after, 0
    while by.least > 1:
        asked = Turn(after=key, size=SIZE)
        found = by.desk.ws.store.list_verdicts(by.head, _ASK[Queue.SECOND], asked, by.scope)
        rows += cases_in(by, Queue.SECOND, found.rows)
        key, looked = found.after, looked + len(found.rows)
        if not key or len(rows) >= SIZE or looked >= MOST:
            break
    return Slice(rows=tuple(rows), after=key if by.least > 1 else "")


def torn(by: Reviewer) -> list[Case]:
    """Findings of which one person's last word is yes and another's no, the one decided last first."""
    pairs = by.desk.ws.store.torn_pairs(by.check.name, MOST_TORN)
    return [one for one in _cases(by, pairs) if one.behind and one.behind.agreed and one.behind.dismissed]


def _cases(by: Reviewer, pairs: Iterable[tuple[str, str]]) -> Iterator[Case]:
    for own, code in pairs:
        case = case_of(by, own, code)
        if case:
            yield case


_COUNTED: WeakKeyDictionary[Desk, tuple[object, int]] = WeakKeyDictionary()
"""What the number of those that wait for another person was counted of, and the number."""


def count_of(by: Reviewer, queue: Queue) -> int | None:
    """How many findings are in a queue; None where too many accounts fail to look through them all for a number."""
    store = by.desk.ws.store
    if queue is Queue.WAITING:
        return left(by)
    if queue is Queue.DONE:
        return store.count_decided(by.check.name)
    if queue is Queue.TORN:
        return len(torn(by))
    if by.least == 1:
        return 0
    if store.count_verdicts(by.head, _ASK[queue], by.scope) > MOST:
        return None
    known = (by.desk.ws.root, by.head.number, store.sweep_state(by.check.name), by.least, by.scope)
    kept = _COUNTED.get(by.desk)
    if kept is None or kept[0] != known:
        kept = _COUNTED[by.desk] = known, sum(1 for _ in through(by, queue))
    return kept[1]


def left(by: Reviewer) -> int:
    """How many findings wait for a first person."""
    store = by.desk.ws.store
    all_open = sum(one.waiting for one in store.verdict_tally(by.head, by.scope))
    done = {own: store.verdict(by.head, own) for own, _ in by.since}
    gone = [one for one in done.values() if one and by.scope.holds(one.account)]
    was = sum(each.status is Status.CANDIDATE for one in gone for each in one.findings)
    return all_open - was + len(cases_in(by, Queue.WAITING, gone))


def through(by: Reviewer, queue: Queue, place: int = -1, *, back: bool = False) -> Iterator[Case]:
    """The findings of a queue behind a position; `back` = before it, nearest first. Read a page at a time, as they are taken."""
    key = f"[{place}]"
    while key:
        turn = Turn(before=key, size=SIZE) if back else Turn(after=key, size=SIZE)
        found = by.desk.ws.store.list_verdicts(by.head, _ASK[queue], turn, by.scope, waiting=queue is Queue.WAITING)
        cases = cases_in(by, queue, found.rows)
        yield from reversed(cases) if back else cases
        key = found.before if back else found.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found in a queue. `mine` = left out, as whoever reviews stands behind them; `cut` = not all were looked at."""

    cases: tuple[Case, ...]
    mine: int
    cut: bool


def look_through(by: Reviewer, queue: Queue, code: str = "", cause: str = "", most: int = _FAR) -> Looked:
    """The findings of a queue, or no more than `most` of one code and cause, as far as `LOOKED`.

    What is settled or one's own takes no room: who deals with what is shown gets to the rest.
    """
    found, mine, seen = list[Case](), 0, 0
    for one in through(by, queue):
        own = queue is Queue.SECOND and own_already(by, one)
        fits = not cause or (one.finding.code == code and cause_of(one.finding).key == cause)
        mine += own and fits
        seen += not own
        if fits and not own:
            found.append(one)
        if len(found) == most or seen == LOOKED[queue]:
            return Looked(cases=tuple(found), mine=mine, cut=True)
    return Looked(cases=tuple(found), mine=mine, cut=False)


def address_of(pair: tuple[str, str], queue: Queue) -> str:
    """Where a finding is reviewed, and which queue goes on behind it."""
    return f"/review/{quote(pair[0])}/{quote(pair[1])}" + (f"?of={queue}" if queue in (Queue.SECOND, Queue.TORN) else "")


def beside(by: Reviewer, queue: Queue, account_id: str, code: str, *, back: bool = False) -> str:
    """Address of the next finding in a queue (`back` = of the one before), round its end; empty when there is no other.

    Nobody is offered for a second look what they stand behind already.
    """
    order = _torn_round(by, (account_id, code), back) if queue is Queue.TORN else _round(by, queue, account_id, code, back)
    found = next((one.pair for one in order if not (queue is Queue.SECOND and own_already(by, one))), None)
    return address_of(found, queue) if found else ""


def _torn_round(by: Reviewer, here: tuple[str, str], back: bool) -> list[Case]:
    cases = torn(by)[:: -1 if back else 1]
    at = next((number for number, one in enumerate(cases) if one.pair == here), -1)
    return [*cases[at + 1 :], *cases[: max(at, 0)]]


def _round(by: Reviewer, queue: Queue, account_id: str, code: str, back: bool) -> Iterator[Case]:
    """All others in the order in which they are met from here."""
    queue = Queue.SECOND if queue is Queue.SECOND else Queue.WAITING
    store, step = by.desk.ws.store, -1 if back else 1
    own, place = store.verdict(by.head, account_id), store.place_of(by.head, account_id)
    codes = [one.code for one in own.findings][::step] if own else []
    mine = {one.finding.code: one for one in cases_in(by, queue, [own])} if own else {}
    here = codes.index(code) if code in codes else len(codes)
    yield from _those(mine.get(each) for each in codes[here + 1 :])
    for begin in (place, _FAR if back else -1):
        yield from (one for one in through(by, queue, begin, back=back) if one.pair[0] != account_id)
    yield from _those(mine.get(each) for each in codes[:here])


def _those(cases: Iterable[Case | None]) -> Iterator[Case]:
    return (one for one in cases if one)


def first(by: Reviewer, queue: Queue) -> str:
    """Address of the first finding of a queue that this person may settle; empty when there is none."""
    return beside(by, queue, "", "")


def still(by: Reviewer, queue: Queue, account_id: str, code: str, cause: str) -> Case | None:
    """A finding that is in the queue now and of this cause; None where it is not, or not any more."""
    verdict = by.desk.ws.store.verdict(by.head, account_id)
    if verdict is None or not by.scope.holds(verdict.account):
        return None
    found = (one for one in cases_in(by, queue, [verdict]) if one.finding.code == code)
    return next((one for one in found if cause_of(one.finding).key == cause), None)
