"""What changed between two prints, and why."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.history.world import Q4, account, checked, office
from tests.versions.world import BECAUSE, NOON, ONE, SWEEP, THREE, TWO, again, judged, show
from tracker import versions
from tracker.errors import UsageError
from tracker.model import Conclusion, Decision, Status
from tracker.report import context_of
from tracker.store import Print
from tracker.workspace import Workspace


def difference(ws: Workspace, since: str | None = None, until: str | None = None) -> versions.Difference:
    series = ws.store.prints(SWEEP, "noncompliant")
    return versions.compare(ws, versions.find(ws, series, since, -2), versions.find(ws, series, until, -1))


def test_who_came_who_left_whose_finding_changed(tmp_path: Path) -> None:
    with judged(tmp_path, 示例统计=["UPD-01"], 示例发布=["INT-01"]) as ws:
        show(ws, tmp_path / "o", 1)
        for code, confirmed, why in (("UPD-01", False, "看错了日期"), ("INT-02", True, "")):
            told = {"account_id": TWO.account_id if not confirmed else ONE.account_id, "code": code, "who": "李某", "why": why}
            ws.store.add_decision(SWEEP, Decision(confirmed=confirmed, at=NOON + timedelta(minutes=2), **told))
        three = ws.store.account(THREE.account_id)
        ws.store.change_account(replace(three, region="甲县"), "李某", NOON + timedelta(minutes=2), "划转")
        again(ws, 3, 示例发布=["INT-02"], 示例审计=["CNT-01"])
        show(ws, tmp_path / "o", 4)
        found = difference(ws)
    assert [(one.account.name, one.was, one.now) for one in found.came] == [("示例审计", "", "不合格:问题CNT-01")]
    assert [(one.account.name, one.was, one.now) for one in found.left] == [("示例统计", "不合格:问题", "")]
    assert [(one.account.name, one.was, one.now) for one in found.changed] == [("示例发布", "不合格:问题", "不合格:问题INT-02")]
    assert "李某 11-20 驳回 UPD-01:看错了日期" in found.left[0].why
    assert "李某 11-20 确认 INT-02" in found.changed[0].why
    assert any("由“市直”改为“甲县”(划转)" in why for why in found.came[0].why)
    assert all(one.why for one in (*found.came, *found.left, *found.changed))


def test_another_profile_is_named(tmp_path: Path) -> None:
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        show(ws, tmp_path / "o", 1)
        again(ws, 2, "shangluo", 示例审计=["UPD-01"])
        show(ws, tmp_path / "o", 3)
        found = difference(ws)
    assert found.came[0].why == ("判定口径由 baoji 改为 shangluo",)


def test_a_final_leaves_out_what_waits(tmp_path: Path) -> None:
    with judged(tmp_path) as ws:
        again(ws, 1, status=Status.CANDIDATE, 示例统计=["UPD-01"], 示例审计=["INT-01"])
        show(ws, tmp_path / "o", 2)
        again(ws, 3, 示例审计=["INT-01"])
        show(ws, tmp_path / "o", 4, final=True, because=BECAUSE)
        found = difference(ws, "1", "印发稿")
    assert [one.account.name for one in found.left] == ["示例统计"]
    assert "印发稿不列未复核的问题" in found.left[0].why
    assert [one.account.name for one in found.changed] == ["示例审计"]


def test_a_number_word_that_is_none_is_told(tmp_path: Path) -> None:
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        with pytest.raises(UsageError, match="还没有可比较的两稿;现有:还没有打印过"):
            difference(ws)
        show(ws, tmp_path / "o", 1)
        with pytest.raises(UsageError, match="还没有可比较的两稿;现有:第1稿"):
            difference(ws)
        with pytest.raises(UsageError, match="没有“更正9”这一稿;现有:第1稿"):
            difference(ws, "1", "更正9")
        series = ws.store.prints(SWEEP, "noncompliant")
        one: Print = versions.find(ws, series, " 第1稿 ", -1)
        assert one.rows
        assert versions.find(ws, series, "1", -1) == one


@pytest.mark.parametrize("form", ["inspection", "ledger", "zombies", "notice"])
def test_every_form_knows_whom_it_names(form: str, tmp_path: Path) -> None:
    with judged(tmp_path, 示例统计=["UPD-04"], 示例发布=["INT-01"]) as ws:
        show(ws, tmp_path / "o", 1, ["html"], form=form)
        (told,) = ws.store.prints(SWEEP, form)
        whole = ws.store.print_of(told.token)
    assert whole
    named = {one.name for one in whole.rows}
    assert (
        named
        == {
            "inspection": {"示例发布", "示例统计", "示例审计"},
            "ledger": {"示例发布", "示例统计", "示例审计"},
            "zombies": {"示例统计"},
            "notice": {"示例发布", "示例统计"},
        }[form]
    )


def test_namesakes_are_told_apart_by_unit_and_type(tmp_path: Path) -> None:
    other = account("微信公众号", "示例发布", region="市直")
    with office(tmp_path, ONE, other, periods=[Q4]) as ws:
        checked(ws, Q4, 示例发布=["INT-01"])
        judgement = ws.store.last_judgement(SWEEP)
        passed = replace(judgement.verdicts[1], conclusion=Conclusion.PASSED, word="合格", findings=())
        only = replace(judgement, verdicts=(judgement.verdicts[0], passed))
        paper = context_of(ws, ws.sweep(SWEEP), only, final=False)
    assert [one.account_id for one in versions.rows_of([paper], only.verdicts)] == [ONE.account_id]
