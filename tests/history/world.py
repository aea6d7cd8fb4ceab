"""A workspace with a small registry, and printed lists in the forms of annexes.md, as .csv, .xlsx and .docx."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import docx

from tests.store.invented import sweep
from tracker import settings
from tracker.clock import SHANGHAI
from tracker.files import write_csv, write_xlsx
from tracker.model import Account, Conclusion, Effect, Finding, Period, Sheet, Status, Verdict
from tracker.registry import account_id, platform_of
from tracker.store import Judgement
from tracker.workspace import Workspace, create, opened

AT = datetime(2021, 1, 11, 9, 30, tzinfo=SHANGHAI)
Q3 = Period(name="2020Q3", title="2020年第三季度", start=date(2020, 7, 1), end=date(2020, 9, 30))
Q4 = Period(name="2020Q4", title="2020年第四季度", start=date(2020, 10, 26), end=date(2020, 11, 18))
Q1 = Period(name="2021Q1", title="2021年第一季度", start=date(2021, 1, 4), end=date(2021, 1, 29))

BAOJI = ("序号", "新媒体类型(七选一)", "其他(新媒体类型)", "新媒体名称", "代表主体名称", "检查结果", "存在的突出问题", "备注")
SHANGLUO = (
    *("序号", "新媒体类型", "新媒体名称", "主体类型", "主办单位", "县区/市直"),
    *("第三季度检查存在突出问题", "第三季度整改情况", "第四季度检查存在的突出问题", "最后更新日期"),
)


def account(kind: str, name: str, **told: object) -> Account:
    slug, fine, _ = platform_of(kind)
    fixed: dict[str, object] = {"account_id": account_id(slug, name), "platform": slug, "kind": fine, "name": name}
    return Account(**(fixed | {"organisation": "示例市统计局"} | told))  # type: ignore[arg-type]


@contextmanager
def office(tmp_path: Path, *accounts: Account, periods: Sequence[Period] = ()) -> Iterator[Workspace]:
    root = tmp_path / "工作区"
    if not root.exists():
        create(root, settings.template(persons=1))
    with opened(root) as ws:
        ws.store.add_accounts([replace(one, position=n) for n, one in enumerate(accounts, 1)], "王某", AT)
        for period in periods:
            ws.store.put_period(period)
        yield ws


def write(path: Path, head: Sequence[str], *rows: Sequence[object], title: str = "") -> Path:
    cells = [*([[title]] if title else []), list(head), *map(list, rows)]
    if path.suffix == ".csv":
        write_csv(path, cells)
    elif path.suffix == ".xlsx":
        write_xlsx(path, [Sheet(name="附件", cells=cells)])
    else:
        _word(path, cells)
    return path


def _word(path: Path, cells: Sequence[Sequence[object]]) -> None:
    document = docx.Document()
    table = document.add_table(rows=len(cells), cols=max(map(len, cells)))
    for row, line in zip(table.rows, cells, strict=True):
        for cell, value in zip(row.cells, line, strict=False):
            cell.text = str(value)
    document.save(str(path))


def checked(ws: Workspace, period: Period, **codes: Sequence[str]) -> None:
    """One of our own checks: `codes` by account name; an account that is not named passes."""
    accounts = ws.store.accounts()
    begun = datetime.combine(period.end, datetime.min.time(), SHANGHAI) + timedelta(hours=9)
    ws.store.start_sweep(
        sweep(f"正式 {period.name}", period=period.name, check_date=period.end, accounts=accounts, started_at=begun)
    )
    verdicts = tuple(_verdict(one, period.end, codes.get(one.name, ())) for one in accounts)
    made = Judgement(sweep=f"正式 {period.name}", profile="baoji", profile_digest="0", at=begun, verdicts=verdicts)
    ws.store.add_judgement(made)


def _verdict(one: Account, on: date, codes: Sequence[str]) -> Verdict:
    told = {"message": "问题", "basis": "依据", "effect": Effect.VETO, "status": Status.CONFIRMED}
    return Verdict(
        account=one,
        conclusion=Conclusion.FAILED if codes else Conclusion.PASSED,
        word="不合格" if codes else "合格",
        check_date=on,
        latest_post=None,
        idle_days=None,
        findings=tuple(Finding(code=code, **told) for code in codes),  # type: ignore[arg-type]
    )
