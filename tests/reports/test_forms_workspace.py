"""From a workspace to the printed form: last period's words, the scope of the note, what was tried; the command line."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.history.world import AT, Q3, Q4, SHANGLUO, account, checked, office, write
from tracker import demo, settings
from tracker.cli import app
from tracker.errors import UsageError
from tracker.forms import BUILDERS, period_before
from tracker.history import Terms, import_history
from tracker.report import form_context, report, told
from tracker.reports.forms import FORMS
from tracker.store import Draw
from tracker.workspace import Workspace, create, opened

ONE, TWO = account("新浪微博", "示例发布", region="市直"), account("微信公众号", "示例统计", region="市直")
NEW = account("微信公众号", "示例新办", region="市直", status="新增备案")


def inspected(ws: Workspace, **more: object) -> dict[str, tuple[str, str, str]]:
    """Name → last period, 整改情况, this period."""
    sweep = ws.sweep("正式 2020Q4")
    judgement = ws.store.last_judgement(sweep.name)
    context = form_context("inspection", told(ws, sweep, judgement, final=False, **more))
    return {row.name: (row.previous, row.rectified, row.result) for row in context.rows}


def test_last_period_from_the_printed_list(tmp_path: Path) -> None:
    rows = [
        (1, "新浪微博", "示例发布", "地方政府", "市府办", "市直", "", "", "合格", "9.13"),
        (2, "微信订阅号", "示例统计", "市级部门", "统计局", "市直", "", "", "未及时更新,内容不规范", "8.3"),
    ]
    header = [word.replace("第三", "第二").replace("第四", "第三") for word in SHANGLUO]
    path = write(tmp_path / "上季.xlsx", header, *rows)
    with office(tmp_path, ONE, TWO, NEW, periods=[Q4]) as ws:
        told_of = import_history(ws, path, Terms(period="2020Q3", who="王某"), at=AT)
        assert told_of.problems == ()
        checked(ws, Q4, 示例统计=["UPD-01"])
        known = inspected(ws, rectified=lambda *_: {TWO.account_id: "未整改", NEW.account_id: "已整改"})
    assert {name: cells[:2] for name, cells in known.items()} == {
        "示例发布": ("合格", ""),
        "示例统计": ("未及时更新,内容不规范", "未整改"),
        "示例新办": ("新增备案", "已整改"),
    }


def test_last_period_from_our_own_check(tmp_path: Path) -> None:
    with office(tmp_path, ONE, TWO, NEW, periods=[Q3, Q4]) as ws:
        checked(ws, Q3, 示例统计=["INT-01"])
        checked(ws, Q4, 示例统计=["UPD-01"])
        before = ws.store.last_judgement("正式 2020Q3").verdicts
        words = {one.account.name: one.findings[0].message if one.findings else one.word for one in before}
        assert period_before(ws, Q4.start) == ws.store.period("2020Q3")
        assert period_before(ws, Q3.start) is None
        known = inspected(ws)
    assert known["示例统计"][0] == words["示例统计"]
    assert known["示例发布"][0] == words["示例发布"]


def test_without_an_earlier_period_the_columns_stay_empty(tmp_path: Path) -> None:
    with office(tmp_path, ONE, TWO, periods=[Q4]) as ws:
        checked(ws, Q4)
        assert {cells[:2] for cells in inspected(ws).values()} == {("", "")}


@pytest.mark.parametrize(
    ("method", "drawn", "scope", "names"),
    [
        (None, (), "在册的全部3个政务新媒体账号", {"示例发布", "示例统计", "示例新办"}),
        ("all", (ONE, TWO, NEW), "在册的全部3个政务新媒体账号", {"示例发布", "示例统计", "示例新办"}),
        ("strata", (TWO,), "抽取的1个政务新媒体账号", {"示例统计"}),
        (
            "new-failing",
            (TWO, NEW),
            "所有新报备的政务新媒体和第三季度检查通报中存在突出问题的政务新媒体账号",
            {"示例统计", "示例新办"},
        ),
    ],
)
def test_the_note_tells_the_drawn_list(
    method: str | None, drawn: tuple[object, ...], scope: str, names: set[str], tmp_path: Path
) -> None:
    with office(tmp_path, ONE, TWO, NEW, periods=[Q4]) as ws:
        if method:
            ids = tuple(one.account_id for one in drawn)
            frame = tuple(sorted(one.account_id for one in (ONE, TWO, NEW)))
            ws.store.add_draw(Draw(period="2020Q4", method=method, frame=frame, drawn=ids, at=AT, who="王某"))
        checked(ws, Q4)
        sweep = ws.sweep("正式 2020Q4")
        context = form_context("inspection", told(ws, sweep, ws.store.last_judgement(sweep.name), final=False))
        assert context.note_line == f"备注:检查时间为2020年10月26日至11月18日,检查范围为{scope}。"
        assert {row.name for row in context.rows} == names


def test_every_table_has_a_builder_and_others_are_named(tmp_path: Path) -> None:
    assert {form.name for form in FORMS if "csv" in form.formats} <= set(BUILDERS) <= {form.name for form in FORMS}
    with office(tmp_path, ONE, periods=[Q4]) as ws:
        checked(ws, Q4)
        sweep = ws.sweep("正式 2020Q4")
        asked = told(ws, sweep, ws.store.last_judgement(sweep.name), final=False)
        with pytest.raises(UsageError, match="报表 火星 不能只凭一次判定打印;可以的是 noncompliant、inspection"):
            form_context("火星", asked)
        weekly = replace(sweep, kind="weekly")
        with pytest.raises(UsageError, match="每周巡检"):
            report(ws, "ledger", weekly, to=tmp_path, formats=["csv"], final=True, printer=None)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of the shipped sample, judged, nothing reviewed."""
    root = tmp_path_factory.mktemp("sample") / "工作区"
    create(root, settings.template(place="示例市", profile="baoji", persons=1))
    with opened(root) as ws:
        demo.fill(ws)
    return root


@pytest.mark.parametrize("name", [form.name for form in FORMS if "csv" in form.formats])
def test_the_command_line_prints_every_table(name: str, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_BROWSER", str(tmp_path / "no-browser"))
    monkeypatch.setenv("TRACKER_WORKSPACE", str(sample))
    done = CliRunner().invoke(app, ["report", name, "--to", str(tmp_path / "o")])
    assert done.exit_code == 0, done.output
    if name == "sensitive-words":
        assert "本次检查未发现错敏信息,不印清单" in done.output
        assert not (tmp_path / "o").exists()
        return
    assert {path.suffix for path in (tmp_path / "o").iterdir()} == {".docx", ".xlsx", ".html", ".csv", ".json"}
    assert "PDF 没有生成" in done.output
    (path,) = (tmp_path / "o").glob("*.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == {"noncompliant": 18, "inspection": 102, "ledger": 102, "unseen": 2, "zombies": 4}.get(name, len(rows))
    if name == "unseen":
        assert all(row["未能核查的原因"] and "浏览器" in row["已尝试的途径"] for row in rows)
    if name in ("zombies", "matrix"):
        assert "还有1个" in done.output
