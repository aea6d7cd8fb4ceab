"""What printing a form costs: CPU seconds and peak memory, beside the bare cost of the libraries; `python -m benchmarks.forms`.

Each measurement is a process of its own, so that one does not pay for another: import, context and writing are counted together
for memory, writing alone for time. Bare: the same cells through docxtpl's row loop, python-docx, XlsxWriter and jinja2, with no
merging, checking or layout. The PDF is printed by the browser that the program itself would take, its time is that of the clock.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from docx import Document
from docxtpl import DocxTemplate
from jinja2 import Environment

from tracker.capture import html_to_pdf
from tracker.model import Account, Conclusion, Effect, Finding, Status, Undetermined, Verdict
from tracker.registry import platform_of
from tracker.reports import inspection, ledger, matrix, noncompliant, sensitive_words, unseen, zombies
from tracker.reports.form import AnyTable, cells, spans
from tracker.reports.forms import FORMS, form_of, write
from tracker.reports.lines import Line
from tracker.reports.templates import environment, find_template, values

ROWS, PDF_ROWS = 10_000, 2_000
BUDGET: Mapping[str, float] = {"docx": 6.0, "xlsx": 3.0, "html": 1.0, "csv": 1.0, "json": 1.0, "pdf": 30.0}
"""Seconds of one core; for the PDF of fewer rows by the clock."""
MEGABYTES = 500
START, END = date(2026, 10, 26), date(2026, 11, 6)
KINDS = ("微信订阅号", "新浪微博", "微信服务号", "抖音短视频")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one measurement: seconds, peak megabytes of the process, size of the file in kilobytes."""

    seconds: float
    megabytes: float
    kilobytes: float


def line(number: int, conclusion: Conclusion) -> Line:
    """One invented account with findings; four accounts make a unit, a hundred units a county."""
    kind, county = KINDS[number % len(KINDS)], number // 400
    slug, fine, seven = platform_of(kind)
    account = Account(
        account_id=f"a{number}",
        platform=slug,
        kind=fine,
        filed_kind=kind,
        name=f"示例发布{number}",
        organisation=f"第{county}县第{number // 4}局",
        region=f"第{county}县",
        org_type="县级部门",
        position=number,
    )
    told = (("UPD-01", "监测时间点前2周内无更新"), ("INT-01", "未提供有效互动功能"), ("CNT-04", f"错敏信息{number % 9 + 1}条"))
    findings = tuple(
        Finding(code=code, message=words, basis="国办秘函〔2019〕19号", effect=Effect.VETO, status=Status.CONFIRMED)
        for code, words in told
    )
    verdict = Verdict(
        account=account,
        conclusion=conclusion,
        word="不合格",
        check_date=END,
        latest_post=END - timedelta(days=15 + number % 90),
        idle_days=None,
        findings=findings if conclusion is Conclusion.FAILED else (),
        undetermined=(Undetermined(code="UPD-01", reason="需要登录态;本次没有查看"),),
    )
    return Line(
        account=account, verdict=verdict, seven=seven, previous="未及时更新", rectified="未整改到位", tried="11月6日浏览器"
    )


def context_of(form: str, rows: int) -> AnyTable:
    """A context of the form with this many rows."""
    modules = {one.FORM.name: one for one in (noncompliant, inspection, zombies, matrix, sensitive_words, ledger, unseen)}
    conclusion = Conclusion.UNCHECKED if form == unseen.FORM.name else Conclusion.FAILED
    numbers = range(4 * rows) if form in (zombies.FORM.name, matrix.FORM.name) else range(rows)
    wanted = [line(number, conclusion) for number in numbers]
    extra = {"period": "2026年第四季度"} if form == inspection.FORM.name else {}
    made = modules[form].build(title="名单", start=START, end=END, lines=wanted, draft=False, **extra)
    return _cut(made, rows)


def _cut(context: AnyTable, rows: int) -> AnyTable:
    """The first rows; a form of pairs makes another number of them than there are accounts. A merged run is not cut in two."""
    while rows < len(context.rows) and 0 in spans(context.columns, context.rows[rows]):
        rows += 1
    return replace(context, rows=context.rows[:rows])


def whole(context: AnyTable, suffix: str, to: Path) -> None:
    """The program's own way."""
    write(context, to, [suffix], printer=html_to_pdf if suffix == "pdf" else None)


def bare_docx_docxtpl(context: AnyTable, to: Path) -> None:
    """docxtpl fills the same template by its own row loop."""
    document = DocxTemplate(find_template(f"{context.form}.docx", None))
    document.render(values(context), environment(word=True), autoescape=True)
    document.save(to / "bare.docx")


def bare_docx_python_docx(context: AnyTable, to: Path) -> None:
    """python-docx adds the rows to an empty table."""
    document = Document()
    table = document.add_table(rows=0, cols=len(context.columns))
    for row in context.rows:
        for cell, text in zip(table.add_row().cells, cells(context.columns, row), strict=True):
            cell.text = str(text)
    document.save(str(to / "bare.docx"))


def bare_xlsx(context: AnyTable, to: Path) -> None:
    """XlsxWriter writes the cells, row by row."""
    with xlsxwriter.Workbook(to / "bare.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(context.rows):
            for index, cell in enumerate(cells(context.columns, row)):
                sheet.write_string(number, index, str(cell))


def bare_html(context: AnyTable, to: Path) -> None:
    """jinja2, escaping, without a sandbox."""
    source = "{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}"
    rows = [cells(context.columns, row) for row in context.rows]
    (to / "bare.html").write_text(Environment(autoescape=True).from_string(source).render(rows=rows), encoding="utf-8")


def bare_csv(context: AnyTable, to: Path) -> None:
    """The csv module."""
    with (to / "bare.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(cells(context.columns, row) for row in context.rows)


BARE: Mapping[str, Mapping[str, Callable[[AnyTable, Path], None]]] = {
    "docx": {"docxtpl": bare_docx_docxtpl, "python-docx": bare_docx_python_docx},
    "xlsx": {"XlsxWriter": bare_xlsx},
    "html": {"jinja2": bare_html},
    "csv": {"csv": bare_csv},
}
"""Format → library → its bare way."""


def one(form: str, suffix: str, by: str, rows: int) -> Cost:
    """Measure in this process."""
    context = context_of(form, rows)
    with TemporaryDirectory() as folder:
        to, clock = Path(folder), time.perf_counter if suffix == "pdf" else time.process_time
        before = clock()
        if by:
            BARE[suffix][by](context, to)
        else:
            whole(context, suffix, to)
        seconds = clock() - before
        size = sum(path.stat().st_size for path in to.iterdir())
    return Cost(seconds=seconds, megabytes=peak(), kilobytes=size / 1024)


def peak() -> float:
    """Peak resident memory of this process in megabytes; nan where the system does not tell."""
    try:
        import resource
    except ImportError:
        return float("nan")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


def apart(form: str, suffix: str, by: str, rows: int) -> Cost:
    """Measure in a process of its own."""
    argv = [sys.executable, "-m", "benchmarks.forms", "--one", form, suffix, by or "-", str(rows)]
    done = subprocess.run(argv, check=True, capture_output=True, text=True, encoding="utf-8", env=dict(os.environ))  # noqa: S603
    return Cost(**json.loads(done.stdout))


def measure(names: Sequence[str], suffixes: Sequence[str], rows: int) -> bool:
    """Print every cost; True when all are within the budget."""
    fine = True
    print(f"{'form':16} {'format':6} {'rows':>6} {'by':12} {'seconds':>8} {'MB':>6} {'KB':>7}")
    for form in names:
        for suffix in suffixes:
            count = min(rows, PDF_ROWS) if suffix == "pdf" else rows
            for by in ("", *BARE.get(suffix, ())):
                cost = apart(form, suffix, by, count)
                over = not by and (cost.seconds > BUDGET[suffix] or cost.megabytes > MEGABYTES)
                fine &= not over
                told = f"{cost.seconds:8.2f} {cost.megabytes:6.0f} {cost.kilobytes:7.0f}{'  OVER' if over else ''}"
                print(f"{form:16} {suffix:6} {count:6} {by or 'tracker':12} {told}", flush=True)
    return fine


def main(argv: Sequence[str]) -> int:
    """Exit status 1 when something is over its budget."""
    tables = [form.name for form in FORMS if "csv" in form.formats]
    told = argparse.ArgumentParser(prog="python -m benchmarks.forms")
    told.add_argument("forms", nargs="*", help="、".join(tables))
    told.add_argument("--as", dest="suffixes", default=",".join(BUDGET))
    told.add_argument("--rows", type=int, default=ROWS)
    told.add_argument("--one", nargs=4, metavar=("FORM", "FORMAT", "BY", "ROWS"))
    asked = told.parse_args(argv)
    if asked.one:
        form, suffix, by, rows = asked.one
        cost = one(form, suffix, "" if by == "-" else by, int(rows))
        print(json.dumps({field: getattr(cost, field) for field in ("seconds", "megabytes", "kilobytes")}))
        return 0
    return 0 if measure([form_of(name).name for name in asked.forms] or tables, asked.suffixes.split(","), asked.rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
