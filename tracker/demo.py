"""`tracker demo`: the whole way on the invented 示例市, by replay of the shipped visits; nothing is fetched."""

import shutil
from datetime import date
from importlib import resources
from pathlib import Path

from adapters import BY_PLATFORM
from tracker import settings
from tracker.capture import find_browser, html_to_pdf
from tracker.clock import now
from tracker.enrol import import_accounts
from tracker.errors import UsageError, reason
from tracker.judge import judge
from tracker.links import paste
from tracker.model import Period, Window
from tracker.observe import Terms, import_looks
from tracker.report import Printed, Printer, report
from tracker.review import decide, read_decisions
from tracker.store import Judgement, SweepRecord
from tracker.sweep import REACH, first_visit, open_sweep, replay
from tracker.workspace import Workspace, create, opened

SWEEP = "2026-11-06"
PERIOD = Period(name="2026Q4", title="2026年第四季度", start=date(2026, 10, 26), end=date(2026, 11, 6))
MARK = ".demo"
FORMATS = ("docx", "xlsx", "html", "pdf")


def samples() -> Path:
    """The sample's files: inside a wheel, or in the checkout. Raises UsageError when they are missing."""
    inside = Path(str(resources.files("tracker"))) / "samples"
    beside = Path(__file__).parent.parent / "snapshots" / "samples"
    for folder in (inside, beside):
        if (folder / "registry.xlsx").is_file():
            return folder
    raise UsageError(f"找不到示例数据(应在 {inside} 或 {beside});请重新安装")


def make(folder: Path) -> tuple[Judgement, Printed]:
    """Make the demo workspace and print its list. Raises UsageError when the folder holds something else."""
    _empty(folder)
    create(folder, settings.template(place="示例市", profile="baoji", persons=1))
    with opened(folder) as ws:
        sweep = _look(ws, samples())
        judge(ws, sweep, ws.profile(), BY_PLATFORM, at=now())
        decisions = read_decisions(ws, samples() / "decisions.csv", at=now())
        judgement = decide(ws, sweep, decisions, BY_PLATFORM, at=now())
        return judgement, report(ws, "noncompliant", sweep, to=ws.reports, formats=FORMATS, final=True, printer=printer())


def fill(ws: Workspace) -> Judgement:
    """The sample in an empty workspace, judged, nothing reviewed yet: a person can try the rest. Raises UsageError."""
    return judge(ws, _look(ws, samples()), ws.profile(), BY_PLATFORM, at=now())


def _look(ws: Workspace, source: Path) -> SweepRecord:
    """Registry, links, visits and the clerk's sheet into one sweep."""
    at = now()
    ws.store.put_period(PERIOD)
    told = import_accounts(ws, source / "registry.xlsx", BY_PLATFORM, skip_bad=False, who="示例", at=at)
    if told.changes is None:
        raise UsageError(f"示例台账有{len(told.problems)}处错误:{told.problems[0]}")
    paste(ws, (source / "links.txt").read_text(encoding="utf-8-sig"), BY_PLATFORM, who="示例", at=at)
    visits = source / "visits"
    window = Window(since=PERIOD.end - REACH, until=PERIOD.end)
    sweep = open_sweep(ws, SWEEP, at=first_visit(visits).at, window=window, source="重放随程序附带的示例采集")
    for _ in replay(ws, sweep, visits, BY_PLATFORM):
        pass
    seen = import_looks(ws, source / "sheet.xlsx", BY_PLATFORM, Terms(sweep=SWEEP, who="示例"), at=at)
    if seen.problems:
        raise UsageError(f"示例检查表有{len(seen.problems)}处错误:{seen.problems[0]}")
    return ws.sweep(SWEEP)


def _empty(folder: Path) -> None:
    """An empty folder with our mark; only what bears the mark is ever cleared away, the mark itself last."""
    try:
        if folder.exists():
            if any(folder.iterdir()) and not (folder / MARK).is_file():
                raise UsageError(f"{folder} 里已有别的文件;示例只写进新的文件夹或以前的示例,请另选一个")
            for one in sorted(folder.iterdir(), key=lambda path: path.name == MARK):
                if one.is_dir():
                    shutil.rmtree(one)
                else:
                    one.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARK).touch()
    except OSError as error:
        raise UsageError(f"{folder} 不能用({reason(error)});请关闭打开着其中文件的程序,或另选一个新的文件夹") from error


def printer() -> Printer | None:
    """The browser that prints PDF, or None where no browser launches."""
    try:
        find_browser()
    except UsageError:
        return None
    return html_to_pdf
