"""Drawing in a workspace: kept with frame, method, seed and list; once a period unless a reason is given; how sweeps use it."""

import random
from datetime import date, timedelta
from pathlib import Path

import peewee
import pytest

from tests.history.world import AT, Q1, Q3, Q4, account, checked, office, write
from tests.history.world import BAOJI as FORM
from tests.store.invented import sweep
from tracker.cli.periods import Scope
from tracker.draw import FAILED, NEW, Order, chosen, draw, scope_sentence
from tracker.errors import UsageError
from tracker.files import read_sheets
from tracker.history import Terms, import_history
from tracker.report import formal_check
from tracker.workspace import Workspace

REGIONS = ("市直", "商州区", "镇安县")
CITY = tuple(
    account("新浪微博" if n % 2 else "微信公众号", f"示例{n:02}", organisation=f"单位{n}", region=REGIONS[n % 3])
    for n in range(30)
)
ALL = Order(period="2020Q4", method="all", who="王某")
LOT = Order(period="2020Q4", method="strata", size="10", seed=5, who="王某")


def test_a_lot_is_kept_whole_and_written(tmp_path: Path) -> None:
    with office(tmp_path, *CITY, periods=[Q4]) as ws:
        made, path = draw(ws, LOT, at=AT)
        ids = sorted(one.account_id for one in CITY)
        assert made.frame == tuple(ids)
        assert set(made.drawn) == set(random.Random(5).sample(ids, 10))
        assert (made.method, made.size, made.seed, made.who, made.at, made.why) == ("strata", "10", 5, "王某", AT, "")
        assert ws.store.draws("2020Q4") == (made,)
        assert path == ws.reports / "抽查名单.xlsx"
        cells = [list(row) for row in read_sheets(path)[0].cells]
        assert cells[0] == ["序号", "类型", "名称", "主办单位", "县区"]
        listed = [one for one in CITY if one.account_id in made.drawn]
        assert cells[1:] == [[n, one.kind, one.name, one.organisation, one.region] for n, one in enumerate(listed, 1)]


def test_drawing_again_anywhere_gives_the_same_list(tmp_path: Path) -> None:
    with office(tmp_path / "一", *CITY, periods=[Q4]) as one, office(tmp_path / "二", *reversed(CITY), periods=[Q4]) as two:
        first, second = draw(one, LOT, at=AT)[0], draw(two, LOT, at=AT + timedelta(days=1))[0]
        assert (first.frame, set(first.drawn)) == (second.frame, set(second.drawn))


def again(order: Order, **told: object) -> Order:
    from dataclasses import replace

    return replace(order, **told)  # type: ignore[arg-type]


def test_a_second_draw_needs_a_reason_and_keeps_the_first(tmp_path: Path) -> None:
    with office(tmp_path, *CITY, periods=[Q4]) as ws:
        first, path = draw(ws, LOT, at=AT)
        printed = path.read_bytes()
        for why in ("", "  "):
            with pytest.raises(UsageError, match="--why"):
                draw(ws, again(LOT, seed=6, why=why), at=AT)
        assert path.read_bytes() == printed
        second, _ = draw(ws, again(LOT, seed=6, why="三个账号已注销"), at=AT)
        assert ws.store.draws("2020Q4") == (first, second)
        assert ws.store.last_draw("2020Q4") == second
        assert second.why == "三个账号已注销"
        with pytest.raises(peewee.IntegrityError):
            ws.store._rows.draw.update(why="没有理由").execute()


def test_a_list_that_cannot_be_written_is_not_drawn(tmp_path: Path) -> None:
    with office(tmp_path, *CITY, periods=[Q4]) as ws:
        (ws.reports / "抽查名单.xlsx").mkdir()
        with pytest.raises(UsageError, match="写不进"):
            draw(ws, LOT, at=AT)
        assert ws.store.draws() == ()


def test_strata_by_region(tmp_path: Path) -> None:
    with office(tmp_path, *CITY, periods=[Q4]) as ws:
        made, _ = draw(ws, again(LOT, size="25%", by="region"), at=AT)
        assert {one.name: (one.frame, one.drawn) for one in made.strata} == dict.fromkeys(REGIONS, (10, 3))
        assert "按县区分层" in scope_sentence(made)


def test_all_leaves_out_what_is_gone(tmp_path: Path) -> None:
    gone = account("新浪微博", "没了", status="已注销")
    planned = account("新浪微博", "还没有", status="拟开设")
    with office(tmp_path, *CITY, gone, planned, periods=[Q4]) as ws:
        made, _ = draw(ws, ALL, at=AT)
        assert set(made.drawn) == set(made.frame) == {one.account_id for one in CITY}


def test_new_and_failing_after_a_printed_list(tmp_path: Path) -> None:
    filed = account("新浪微博", "新报备", status="新增备案")
    opened = account("新浪微博", "新开通", opened_on=date(2020, 10, 8))
    rows = [(1, "微信", "", "示例02", "单位2", "不合格", "未更新", ""), (2, "微博", "", "不在册", "某局", "不合格", "未更新", "")]
    with office(tmp_path, *CITY, filed, opened, periods=[Q4]) as ws:
        import_history(ws, write(tmp_path / "三.csv", FORM, *rows), Terms(period="2020Q3"), at=AT)
        made, _ = draw(ws, again(ALL, method="new-failing"), at=AT)
        assert made.drawn == (CITY[2].account_id, filed.account_id, opened.account_id)
        assert {one.name: one.drawn for one in made.strata} == {NEW: 2, FAILED: 1}
        assert scope_sentence(made) == (
            "对所有新报备的政务新媒体和上季度检查通报中存在突出问题的政务新媒体账号进行了抽查(共检查3个,检查率约为9.4%)。"
        )


def test_new_and_failing_after_a_check_of_our_own(tmp_path: Path) -> None:
    with office(tmp_path, *CITY[:20], periods=[Q3, Q4]) as ws:
        draw(ws, again(ALL, period="2020Q3"), at=AT)
        checked(ws, Q3, 示例01=["UPD-01"], 示例04=["INT-01"])
        ws.store.add_accounts(CITY[20:22], "王某", AT)
        made, _ = draw(ws, again(ALL, method="new-failing"), at=AT)
        names = {one.account_id: one.name for one in CITY}
        assert {names[one] for one in made.drawn} == {"示例01", "示例04", "示例20", "示例21"}


def test_new_and_failing_needs_a_result_of_the_last_period(tmp_path: Path) -> None:
    order = again(ALL, method="new-failing")
    with office(tmp_path, *CITY, periods=[Q4]) as ws:
        with pytest.raises(UsageError, match="history import"):
            draw(ws, order, at=AT)
        ws.store.put_period(Q3)
        with pytest.raises(UsageError, match="2020Q3 没有判定过的正式检查"):
            draw(ws, order, at=AT)
        checked(ws, Q3)
        with pytest.raises(UsageError, match="一个账号也抽不到"):
            draw(ws, order, at=AT)


def test_each_account_once_a_year(tmp_path: Path) -> None:
    with office(tmp_path, *CITY, periods=[Q3, Q4, Q1]) as ws:
        third, _ = draw(ws, again(LOT, period="2020Q3", size="15"), at=AT)
        fourth, _ = draw(ws, again(LOT, size="15", once_a_year=True), at=AT)
        assert set(third.drawn) | set(fourth.drawn) == {one.account_id for one in CITY}
        assert "本年度尚未抽查的" in scope_sentence(fourth)
        next_year, _ = draw(ws, again(LOT, period="2021Q1", size="30", once_a_year=True), at=AT)
        assert len(next_year.drawn) == 30
        short, _ = draw(ws, again(LOT, size="20", once_a_year=True, why="扩大"), at=AT)
        assert (short.strata[0].wanted, short.strata[0].drawn) == (20, 15)


def test_a_list_that_was_drawn_over_does_not_count_as_drawn(tmp_path: Path) -> None:
    with office(tmp_path, *CITY, periods=[Q3, Q4]) as ws:
        first, _ = draw(ws, again(LOT, period="2020Q3"), at=AT)
        second, _ = draw(ws, again(LOT, period="2020Q3", seed=9, why="重抽"), at=AT)
        fourth, _ = draw(ws, again(LOT, size="20", once_a_year=True), at=AT)
        assert not set(fourth.drawn) & set(second.drawn)
        assert set(fourth.drawn) >= set(first.drawn) - set(second.drawn)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (again(LOT, size=""), "--size 100"),
        (again(LOT, size="31"), "可抽的账号只有30个"),
        (again(LOT, by="name"), "--by name 不对"),
        (again(ALL, size="10"), "只用于 --method strata"),
        (again(ALL, by="region"), "只用于 --method strata"),
        (again(ALL, method="new-failing", once_a_year=True), "必须复查"),
        (again(LOT, period="2019Q4"), "现有:2020Q4"),
    ],
)
def test_orders_that_cannot_be_met(tmp_path: Path, order: Order, words: str) -> None:
    with office(tmp_path, *CITY, periods=[Q4]) as ws:
        with pytest.raises(UsageError, match=words):
            draw(ws, order, at=AT)
        assert ws.store.draws() == ()
        assert not (ws.reports / "抽查名单.xlsx").exists()


def test_a_closed_period_is_not_drawn(tmp_path: Path) -> None:
    with office(tmp_path, *CITY, periods=[Q4]) as ws:
        ws.store.close_period("2020Q4", "王某", "", AT)
        with pytest.raises(UsageError, match="已经关闭"):
            draw(ws, LOT, at=AT)
        with pytest.raises(UsageError, match="已经关闭"):
            ws.store.close_period("2020Q4", "王某", "", AT)


def test_an_empty_registry_is_told(tmp_path: Path) -> None:
    with office(tmp_path, periods=[Q4]) as ws, pytest.raises(UsageError, match="没有在用的账号"):
        draw(ws, ALL, at=AT)


class TestSweepScope:
    """`sweep --accounts … --period … --weekly`."""

    def names(self, ws: Workspace, scope: Scope, on: date) -> int:
        return len(scope.accounts(ws, on))

    def test_drawn_failing_and_new(self, tmp_path: Path) -> None:
        with office(tmp_path, *CITY, account("新浪微博", "新报备", status="新增备案"), periods=[Q3, Q4]) as ws:
            checked(ws, Q3, 示例01=["UPD-01"])
            with pytest.raises(UsageError, match="还没有抽查名单"):
                Scope(which="drawn").accounts(ws, Q4.start)
            made, _ = draw(ws, LOT, at=AT)
            assert tuple(one.account_id for one in chosen(ws, "drawn", Q4)) == made.drawn
            assert self.names(ws, Scope(which="drawn"), Q4.start) == 10
            assert self.names(ws, Scope(which="all"), Q4.start) == 31
            assert [one.name for one in Scope(which="failing").accounts(ws, Q4.start)] == ["示例01"]
            assert [one.name for one in Scope(which="new").accounts(ws, Q4.start)] == ["新报备"]
            with pytest.raises(UsageError, match="应为 all、drawn、new、failing"):
                Scope(which="some").accounts(ws, Q4.start)

    def test_the_period_of_the_day_the_last_one_or_the_one_named(self, tmp_path: Path) -> None:
        with office(tmp_path, *CITY, periods=[Q3, Q4]) as ws:
            drawn = Scope(which="drawn")
            assert drawn.name(ws, Q3.start) == "2020Q3"
            assert drawn.name(ws, Q4.end + timedelta(days=3)) == "2020Q4"
            assert Scope(which="drawn", period="2020Q3").name(ws, Q4.start) == "2020Q3"
            assert Scope().name(ws, Q4.start) is None
            with pytest.raises(UsageError, match="要有开放的检查期"):
                drawn.name(ws, date(2019, 1, 1))
            ws.store.close_period("2020Q4", "王某", "", AT)
            assert drawn.name(ws, Q4.start) == "2020Q3"
            with pytest.raises(UsageError, match="已经关闭"):
                Scope(period="2020Q4").name(ws, Q4.start)

    def test_the_kind(self) -> None:
        assert (Scope().kind, Scope(weekly=True).kind) == ("check", "weekly")


def test_the_formal_check_decides_the_list_and_weekly_sweeps_never_do(tmp_path: Path) -> None:
    def add(ws: Workspace, name: str, kind: str, period: str | None, days: int) -> None:
        ws.store.start_sweep(sweep(name, kind=kind, period=period, started_at=AT + timedelta(days=days)))

    with office(tmp_path, *CITY, periods=[Q3, Q4]) as ws:
        assert formal_check(ws, None) is None
        add(ws, "周一", "weekly", "2020Q3", 1)
        with pytest.raises(UsageError, match="还没有正式检查的批次"):
            formal_check(ws, None)
        add(ws, "三季度", "check", "2020Q3", 2)
        add(ws, "周二", "weekly", "2020Q3", 3)
        assert formal_check(ws, None) == "三季度"
        add(ws, "四季度", "check", "2020Q4", 4)
        add(ws, "补记", "check", None, 5)
        add(ws, "周三", "weekly", "2020Q4", 6)
        assert formal_check(ws, None) == "四季度"
        assert formal_check(ws, "2020Q3") == "三季度"
        with pytest.raises(UsageError, match="检查期 2021Q1 里"):
            formal_check(ws, "2021Q1")
