"""What another profile would change: sweeps judged twice from stored facts, side by side; nothing is written (DESIGN §8)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.adapter import Adapter
from tracker.case import Case
from tracker.disputes import concluded
from tracker.errors import UsageError
from tracker.model import Account, Conclusion, Effect, Status, Verdict
from tracker.registry import seven_of
from tracker.rulebook.profile import Profile
from tracker.store import SweepHead
from tracker.verdict import rank
from tracker.workspace import Workspace

LIFECYCLE = "状态"
"""Stands for a code where the account's own status decides."""
UNSTATED = "未填"


class Weight(StrEnum):
    """What a rule does to a conclusion."""

    FAILS = "fails"
    WAITS = "waits"
    """A candidate that a person has not settled."""
    UNKNOWN = "unknown"
    """It could not be answered, and the profile must know it."""
    STATUS = "status"
    NOTED = "noted"
    """It is found and does not count."""
    NONE = "none"


WEIGHTS: Mapping[Weight, str] = {
    Weight.FAILS: "判为不合格",
    Weight.WAITS: "待复核",
    Weight.UNKNOWN: "必须查清而没有查清",
    Weight.STATUS: "按账号状态处理",
    Weight.NOTED: "只提示",
    Weight.NONE: "没有",
}
"""Weights in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A rule that weighs otherwise under the other profile."""

    code: str
    before: Weight
    after: Weight

    @property
    def told(self) -> str:
        """In words."""
        return f"{self.code} {WEIGHTS[self.before]} → {WEIGHTS[self.after]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An account that changes sides; `before` and `after` are the words of the two profiles."""

    account_id: str
    platform: str
    kind: str
    seven: str
    """The 七选一 type."""
    name: str
    organisation: str
    region: str
    before: str
    after: str
    causes: tuple[Cause, ...]

    @property
    def why(self) -> str:
        """The causes in words."""
        return ";".join(one.told for one in self.causes) or "不是规则,是账号状态"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one sweep: `accounts` = how many it has, `moves` = those that change sides, in their order."""

    sweep: str
    against: str
    profile: str
    accounts: int
    moves: tuple[Move, ...]

    @property
    def changes(self) -> Counter[tuple[str, str]]:
        """Word before and word after → how many accounts."""
        return Counter((move.before, move.after) for move in self.moves)

    @property
    def rules(self) -> Counter[str]:
        """Code → how many accounts it moves; an account that several rules move counts for each."""
        return Counter(cause.code for move in self.moves for cause in move.causes)

    @property
    def types(self) -> Counter[str]:
        """七选一 type → how many accounts move."""
        return Counter(move.seven for move in self.moves)

    @property
    def regions(self) -> Counter[str]:
        """Region → how many accounts move."""
        return Counter(move.region or UNSTATED for move in self.moves)


def against_of(ws: Workspace, sweep: SweepHead) -> Profile:
    """The profile of the sweep's last judgement, else the workspace's. Raises UsageError when it cannot be used any more."""
    judged = ws.store.last_head(sweep.name)
    try:
        return ws.profile(judged.profile if judged else None)
    except UsageError as error:
        raise UsageError(f"批次 {sweep.name} 原来的口径用不了({error});请用 --against 指明与哪个口径比") from error


def compare(
    ws: Workspace,
    sweep: SweepHead,
    profile: Profile,
    against: Profile,
    adapters: Mapping[str, Adapter],
    *,
    tell: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Judge a sweep under both profiles with the same facts, decisions and notices; `tell` is told how many were done."""
    moves: list[Move] = []
    total = 0
    for one in Case(ws, sweep, adapters, keep=False).briefs():
        before = concluded(one, against)[0]
        after = concluded(one, profile)[0]
        if before.conclusion is not after.conclusion:
            moves.append(_move(one.facts.account, before, after, tuple(_causes(before, after, against, profile))))
        total += 1
        tell(1)
    return Outcome(sweep=sweep.name, against=against.name, profile=profile.name, accounts=total, moves=tuple(moves))


def _move(account: Account, before: Verdict, after: Verdict, causes: tuple[Cause, ...]) -> Move:
    return Move(
        account_id=account.account_id,
        platform=account.platform,
        kind=account.kind,
        seven=seven_of(account)[0],
        name=account.name,
        organisation=account.organisation,
        region=account.region,
        before=before.word,
        after=after.word,
        causes=causes,
    )


def _causes(before: Verdict, after: Verdict, against: Profile, profile: Profile) -> Iterator[Cause]:
    """The rules that weigh otherwise, by precedence; what is only noted on both sides or not at all moves nobody."""
    old, new = _weights(before, against), _weights(after, profile)
    for code in sorted({*old, *new}, key=rank):
        was, now = old.get(code, Weight.NONE), new.get(code, Weight.NONE)
        if was is not now and not {was, now} <= {Weight.NOTED, Weight.NONE}:
            yield Cause(code=code, before=was, after=now)


def _weights(verdict: Verdict, profile: Profile) -> dict[str, Weight]:
    if verdict.conclusion is Conclusion.LIFECYCLE:
        return {LIFECYCLE: Weight.STATUS}
    found = {one.code: _weight(one.effect, one.status) for one in verdict.findings if one.status is not Status.DISMISSED}
    return {one.code: Weight.UNKNOWN for one in verdict.undetermined if one.code in profile.must_know} | found


def _weight(effect: Effect, status: Status) -> Weight:
    if effect is not Effect.VETO:
        return Weight.NOTED
    return Weight.WAITS if status is Status.CANDIDATE else Weight.FAILS
