"""Answers to objections, and the gates of a final print."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import docx
import pytest

from adapters import BY_PLATFORM
from tests.consult.conftest import SWEEP
from tracker import consult
from tracker.consult import Sent, amended
from tracker.errors import UsageError
from tracker.gates import Gate, gates, must_open
from tracker.model import Conclusion, Status
from tracker.report import Order, report, window_of
from tracker.review import last_judgement
from tracker.store import Objection, Ruled
from tracker.workspace import Workspace


@pytest.fixture
def objected(asked: Workspace, sent: Sent, at: datetime) -> list[Objection]:
    """Three findings of three units were objected to."""
    pairs = [(one.organisation, *one.findings[0]) for one in sent.consultation.asked[:3]]
    for number, (who, own, code) in enumerate(pairs):
        told = {"account_id": own, "code": code, "objects": True, "why": "核实过", "who": who, "late": False}
        made = Objection(
            consultation=sent.consultation.id,
            sweep=SWEEP,
            received_on=at.date(),
            file="反馈表.xlsx",
            sha256=str(number),
            line=2,
            at=at,
            taken_by="王某",
            **told,
        )
        asked.store.add_objections([made])
    return list(asked.store.objections(SWEEP))


def answer(ws: Workspace, one: Objection, outcome: Ruled, at: datetime, words: str = "", why: str = "复查属实") -> None:
    account = ws.store.account(one.account_id)
    assert account
    consult.answer(ws, ws.head(SWEEP), account, one.code, outcome, BY_PLATFORM, why=why, words=words, who="王某", at=at)


def slugs(ws: Workspace, at: datetime, days: int = 0) -> list[str]:
    sweep = ws.sweep(SWEEP)
    return [one.slug for one in gates(ws, sweep, last_judgement(ws, sweep), today=at.date() + timedelta(days=days))]


def test_accepted_dismisses_partly_rewords_rejected_keeps(asked: Workspace, objected: list[Objection], at: datetime) -> None:
    later = at + timedelta(minutes=1)
    first, second, third = objected
    answer(asked, first, Ruled.ACCEPTED, later, why="当日确有更新")
    answer(asked, second, Ruled.PARTLY, later, "部分栏目更新不及时")
    answer(asked, third, Ruled.REJECTED, later)
    stored = last_judgement(asked, asked.sweep(SWEEP))
    shown = {one.account.account_id: one for one in amended(asked, stored).verdicts}
    one, two, three = (next(each for each in shown[said.account_id].findings if each.code == said.code) for said in objected)
    assert one.status is Status.DISMISSED
    assert shown[first.account_id].conclusion is not Conclusion.FAILED
    assert two.message == "部分栏目更新不及时"
    assert shown[second.account_id].conclusion is Conclusion.FAILED
    assert three.status in (Status.AUTOMATIC, Status.CONFIRMED)
    decision = asked.store.decisions(SWEEP)[-1]
    assert (decision.account_id, decision.confirmed) == (first.account_id, False)
    assert "当日确有更新" in decision.why
    assert [said.ruling.outcome for said in asked.store.objections(SWEEP) if said.ruling] == list(Ruled)


def test_the_list_prints_the_words_that_were_agreed(
    asked: Workspace, objected: list[Objection], at: datetime, tmp_path: Path
) -> None:
    answer(asked, objected[1], Ruled.PARTLY, at, "部分栏目更新不及时")
    order = Order(at=at, fresh=True)
    done = report(asked, "noncompliant", asked.sweep(SWEEP), to=tmp_path, formats=["csv"], final=False, printer=None, order=order)
    assert "部分栏目更新不及时" in done.files[0].read_text(encoding="utf-8-sig")


def test_a_changed_mind_restores_the_finding(asked: Workspace, objected: list[Objection], at: datetime) -> None:
    answer(asked, objected[0], Ruled.ACCEPTED, at + timedelta(minutes=1))
    answer(asked, objected[0], Ruled.REJECTED, at + timedelta(minutes=2))
    shown = {one.account.account_id: one for one in last_judgement(asked, asked.sweep(SWEEP)).verdicts}
    assert shown[objected[0].account_id].conclusion is Conclusion.FAILED


def test_an_answer_needs_its_words(asked: Workspace, objected: list[Objection], at: datetime) -> None:
    one = objected[0]
    with pytest.raises(UsageError, match="采纳须写明理由"):
        answer(asked, one, Ruled.ACCEPTED, at, why=" ")
    with pytest.raises(UsageError, match="部分采纳须写明改成什么"):
        answer(asked, one, Ruled.PARTLY, at)
    with pytest.raises(UsageError, match="--words 只用于部分采纳"):
        answer(asked, one, Ruled.REJECTED, at, "x")
    account = next(each for each in asked.store.accounts() if each.account_id not in {said.account_id for said in objected})
    with pytest.raises(UsageError, match="没有收到对"):
        consult.answer(asked, asked.head(SWEEP), account, "UPD-01", Ruled.REJECTED, BY_PLATFORM, why="x", who="", at=at)
    assert all(said.ruling is None for said in asked.store.objections(SWEEP))


def test_gates_are_named_and_open_one_by_one(asked: Workspace, objected: list[Objection], at: datetime, tmp_path: Path) -> None:
    assert slugs(asked, at) == ["objections", "deadline"]
    assert slugs(asked, at, days=4) == ["objections"]
    sweep = asked.sweep(SWEEP)

    def final(days: int) -> None:
        order = Order(at=at + timedelta(days=days), because="理由也不能放行", fresh=True)
        report(asked, "noncompliant", sweep, to=tmp_path, formats=["csv"], final=True, printer=None, order=order)

    with pytest.raises(UsageError, match=r"还有3条异议没有答复.*report objections decide.*截止日期 .* 还没有过"):
        final(0)
    for one in objected:
        answer(asked, one, Ruled.REJECTED, at)
    assert slugs(asked, at) == ["deadline"]
    assert slugs(asked, at, days=4) == []
    final(4)
    assert [path.suffix for path in tmp_path.glob("*.csv")] == [".csv"]


def test_all_answers_in_open_the_deadline(asked: Workspace, sent: Sent, at: datetime) -> None:
    assert slugs(asked, at) == ["deadline"]
    for unit in sent.consultation.asked:
        for number, (own, code) in enumerate(unit.findings):
            told = {"account_id": own, "code": code, "objects": False, "who": unit.organisation, "late": False, "taken_by": ""}
            made = Objection(
                consultation=sent.consultation.id,
                sweep=SWEEP,
                received_on=at.date(),
                file="",
                sha256=own,
                line=number,
                at=at,
                **told,
            )
            asked.store.add_objections([made])
    assert slugs(asked, at) == []


def test_whether_units_must_be_asked_is_a_setting(ws: Workspace, at: datetime) -> None:
    assert slugs(ws, at) == []
    strict = ws.settings.model_copy(update={"consult": ws.settings.consult.model_copy(update={"required": True})})
    assert slugs(replace(ws, settings=strict), at) == ["consult"]


def test_only_releasable_gates_yield_to_a_reason() -> None:
    hard = Gate(slug="a", sentence="甲", todo="先做甲", releasable=False)
    soft = Gate(slug="b", sentence="乙", todo="写明", releasable=True)
    must_open((), "")
    must_open((soft,), "有理由")
    for closed, because in (((soft,), " "), ((hard,), "有理由"), ((hard, soft), "有理由")):
        with pytest.raises(UsageError):
            must_open(closed, because)
    with pytest.raises(UsageError, match="甲;先做甲;乙;写明"):
        must_open((hard, soft), "")


def test_the_overview_tells_everything(asked: Workspace, objected: list[Objection], at: datetime, tmp_path: Path) -> None:
    answer(asked, objected[0], Ruled.ACCEPTED, at, why="当日确有更新")
    answer(asked, objected[1], Ruled.PARTLY, at, "部分栏目更新不及时")
    sweep = asked.sweep(SWEEP)
    start, end, period = window_of(asked, sweep)
    found = consult.opinions(asked, sweep, last_judgement(asked, sweep))
    files = consult.write_overview(consult.context(period, start, end, found), tmp_path)
    assert {path.suffix for path in files} == {".docx", ".xlsx"}
    (table,) = docx.Document(str(files[0])).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["序号", "主办单位", "新媒体名称", "存在的突出问题", "意见", "理由和证明材料", "处理结果", "处理理由"]
    assert len(rows) - 1 == len(found) >= 18
    assert rows[1][4:] == ["有异议", "核实过", "采纳", "当日确有更新"]
    assert rows[2][6:] == ["部分采纳", "改为“部分栏目更新不及时”。复查属实"]
    assert rows[3][6] == "待答复"
    assert {row[4] for row in rows[4:]} == {"未反馈"}
