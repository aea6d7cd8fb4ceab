"""One profile held against another over a check (what-if), behind the page where the check is big; nothing is written."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.console.background import Background
from tracker.console.checks import SMALL
from tracker.console.desk import Desk
from tracker.errors import UsageError
from tracker.rulebook.profile import Profile
from tracker.store import SweepHead
from tracker.whatif import Outcome, compare

TITLE = "换口径试算"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which profile is held against which, over which check."""

    sweep: SweepHead
    profile: Profile
    against: Profile

    def key(self, desk: Desk) -> Hashable:
        """By what it is found again."""
        return desk.ws.root, self.sweep.name, self.profile.name, self.against.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of it, when, and of what was known then."""

    outcome: Outcome
    at: datetime
    known: Hashable


def found(desk: Desk, asked: Asked) -> Compared | None:
    """What came of it last; None = it was never asked since the server began."""
    kept = desk.jobs.compared.get(asked.key(desk))
    return kept if isinstance(kept, Compared) else None


def stands(desk: Desk, asked: Asked, held: Compared) -> bool:
    """Whether nothing has come in since, and both profiles are what they were."""
    return held.known == _known(desk, asked)


def begin(desk: Desk, asked: Asked) -> None:
    """Hold them against each other: a small check while the page waits, a big one behind it. Raises UsageError when busy."""
    job = desk.jobs.kinds["comparing"]

    def work(background: Background) -> str:
        return _done(desk, asked, background)

    if not job.start(TITLE, work):
        raise UsageError("另一次试算正在做;请等它做完再试")
    if desk.ws.store.sweep_size(asked.sweep.name) <= SMALL:
        job.wait(60)


def _done(desk: Desk, asked: Asked, background: Background) -> str:
    ws, known = desk.ws, _known(desk, asked)
    background.note(lambda state: replace(state, total=ws.store.sweep_size(asked.sweep.name)))

    def tell(done: int) -> None:
        background.note(lambda state: replace(state, done=state.done + done))
        if background.state and background.state.stopping:
            raise UsageError("试算被停止,没有做完")

    outcome = compare(ws, asked.sweep, asked.profile, asked.against, desk.adapters, tell=tell)
    desk.jobs.keep(asked.key(desk), Compared(outcome=outcome, at=desk.clock(), known=known))
    return f"{len(outcome.moves)} 个账号的结果会变"


def _known(desk: Desk, asked: Asked) -> Hashable:
    return desk.ws.store.sweep_state(asked.sweep.name), asked.profile.digest, asked.against.digest
