"""A judged check of three invented accounts, and ways to print and to judge again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.history.world import Q4, account, checked, office
from tracker.clock import SHANGHAI
from tracker.model import Conclusion, Effect, Finding, Status, Verdict
from tracker.report import Order, Printed, report
from tracker.store import Judgement
from tracker.workspace import Workspace

SWEEP = "正式 2020Q4"
NOON = datetime(2020, 11, 20, 12, 0, tzinfo=SHANGHAI)
ONE = account("新浪微博", "示例发布", region="市直")
TWO = account("微信公众号", "示例统计", region="市直", organisation="示例市统计局")
THREE = account("微信公众号", "示例审计", region="市直", organisation="示例市审计局")
TITLE = "2020年第四季度全市政府系统政务新媒体检查不合格名单"
BECAUSE = "其余账号另行核查"


@contextmanager
def judged(tmp_path: Path, **codes: Sequence[str]) -> Iterator[Workspace]:
    """A workspace whose formal check found these codes, by account name."""
    with office(tmp_path, ONE, TWO, THREE, periods=[Q4]) as ws:
        checked(ws, Q4, **codes)
        yield ws


def again(ws: Workspace, minutes: int, profile: str = "baoji", status: Status = Status.CONFIRMED, **codes: Sequence[str]) -> None:
    """Judge the check anew, so many minutes after noon, with these codes by account name."""
    before = ws.store.last_judgement(SWEEP)
    assert before
    verdicts = tuple(_verdict(one, codes.get(one.account.name, ()), status) for one in before.verdicts)
    at = NOON + timedelta(minutes=minutes)
    ws.store.add_judgement(Judgement(sweep=SWEEP, profile=profile, profile_digest=profile, at=at, verdicts=verdicts))


def _verdict(one: Verdict, codes: Sequence[str], status: Status) -> Verdict:
    told = {"basis": "依据", "effect": Effect.VETO, "status": status}
    findings = tuple(Finding(code=code, message=f"问题{code}", **told) for code in codes)  # type: ignore[arg-type]
    reached = Conclusion.TO_REVIEW if status is Status.CANDIDATE else Conclusion.FAILED
    return replace(one, conclusion=reached if codes else Conclusion.PASSED, word="不合格" if codes else "合格", findings=findings)


def show(
    ws: Workspace,
    to: Path,
    minutes: int,
    formats: Sequence[str] = ("csv",),
    *,
    final: bool = False,
    because: str = "",
    form: str = "noncompliant",
) -> Printed:
    """Print so many minutes after noon."""
    order = Order(who="王某", because=because, at=NOON + timedelta(minutes=minutes))
    return report(ws, form, ws.sweep(SWEEP), to=to, formats=formats, final=final, printer=None, order=order)


def names(to: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in to.iterdir())
