"""Printed lists become closed periods: every form of the notes, all or nothing, nobody dropped."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.history.world import AT, BAOJI, Q1, Q4, SHANGLUO, account, checked, office, write
from tracker.errors import UsageError
from tracker.history import Offender, Terms, faulty, import_history, named, repeat_offenders
from tracker.store import PaperFinding

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
TERMS = Terms(period="2020Q4", who="王某")
ONE = account("新浪微博", "示例发布")
TWO = account("微信公众号", "示例统计")


def found(code: str, phrase: str, rectified: str = "") -> PaperFinding:
    return PaperFinding(code=code, phrase=phrase, rectified=rectified)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx"])
def test_the_baoji_form_in_every_format(tmp_path: Path, kind: str) -> None:
    rows = [
        (1, "微博", "", "示例发布", "示例市人民政府", "不合格", "监测时间点前2周内无更新", ""),
        (2, "微信", "", "示 例统计", "示例市统计局", "不合格", "未提供有效互动功能", ""),
        (3, "微信", "", "别处来的", "示例市文旅局", "不合格", "点赞与本单位业务无关信息", ""),
    ]
    path = write(tmp_path / f"附件.{kind}", BAOJI, *rows, title="2020年第四季度不合格名单" if kind != "csv" else "")
    with office(tmp_path, ONE, TWO) as ws:
        told = import_history(ws, path, TERMS, at=AT)
        assert told.problems == ()
        assert [line.name for line in told.strangers] == ["别处来的"]
        period = ws.store.period("2020Q4")
        assert period
        assert (period.title, period.start, period.end) == ("2020年第四季度", date(2020, 10, 1), date(2020, 12, 31))
        assert (period.closed_at, period.closed_by, period.source) == (AT, "王某", f"来自纸质通报 附件.{kind}")
        assert ws.store.paper_findings("2020Q4", ONE.account_id) == (found("UPD-01", "监测时间点前2周内无更新"),)
        assert ws.store.paper_findings("2020Q4", TWO.account_id) == (found("INT-01", "未提供有效互动功能"),)
        assert ws.store.paper_lines("2020Q4", ONE.account_id)[0].result == "不合格"


def test_the_shangluo_form_with_its_last_period(tmp_path: Path) -> None:
    rows = [
        (1, "新浪微博", "示例发布", "地方政府", "市府办", "市直", "合格", "", "合格", "11.13"),
        (2, "微信订阅号", "示例统计", "市级部门", "统计局", "市直", "未及时更新,内容不规范", "未整改到位", "内容不规范", "11.3"),
        (3, "新浪微博", "示例教育", "市级部门", "教育局", "市直", "禁止留言", "已整改", "11.15已发布关停公告", "——"),
        (4, "新浪微博", "示例交通", "市级部门", "交通局", "市直", "新增备案", "", "多个栏目内容一直", "10.29"),
    ]
    path = write(tmp_path / "附件2.xlsx", SHANGLUO, *rows)
    with office(tmp_path, ONE, TWO) as ws:
        told = import_history(ws, path, TERMS, at=AT)
        assert told.before == "2020Q3"
        second, third, fourth = told.lines[1:]
        assert second.findings == (found("CNT-01", "内容不规范"),)
        assert second.previous == (
            found("UPD-01", "未及时更新", "未整改到位"),
            found("CNT-01", "内容不规范", "未整改到位"),
        )
        assert (second.last_post, second.printed_date) == (date(2020, 11, 3), "11.3")
        assert (third.findings, third.result, third.printed_date) == ((), "11.15已发布关停公告", "——")
        assert fourth.findings == (found("OTHER", "多个栏目内容一直"),)
        assert any("多个栏目内容一直" in warning for warning in told.warnings)
        before = ws.store.period("2020Q3")
        assert before
        assert before.source == "来自纸质通报 附件2.xlsx(上期栏)"
        assert before.closed_at == AT
        assert ws.store.previous_period("2020Q4") == before
        assert ws.store.paper_findings("2020Q3", TWO.account_id) == second.previous
        assert [(line.name, line.result) for line in ws.store.paper("2020Q3").lines if not line.findings] == [  # type: ignore[union-attr]
            ("示例发布", "合格"),
            ("示例交通", "新增备案"),
        ]


def test_last_period_of_a_first_quarter_is_the_fourth(tmp_path: Path) -> None:
    columns = ("第四季度检查存在突出问题", "第四季度整改情况", "第一季度检查存在的突出问题", "最后更新日期")
    path = write(
        tmp_path / "a.csv",
        (*SHANGLUO[:6], *columns),
        (1, "新浪微博", "示例发布", "", "办", "", "禁止留言", "已整改", "合格", "3.1"),
    )
    with office(tmp_path, ONE) as ws:
        assert import_history(ws, path, Terms(period="2021Q1"), at=AT).before == "2020Q4"


def test_the_wide_forms(tmp_path: Path) -> None:
    ankang = write(
        tmp_path / "安康.csv",
        ("类别", "主办单位", "政务微信", "政务微博", "最后更新时间", "问题类别"),
        ("市直部门", "示例市统计局", "示例统计", "", "2020. 2. 9", "僵尸微信"),
        ("市直部门", "示例市政府", "", "示例发布", "无内容", "僵尸微博"),
    )
    huainan = write(
        tmp_path / "淮南.xlsx",
        ("序号", "单位", "微信公众号", "检查情况", "新浪微博", "检查情况"),
        (1, "示例市政府", "/", "", "示例发布", "2周未更新"),
        (2, "示例市统计局", "示例统计", "正常", "/", ""),
    )
    with office(tmp_path, ONE, TWO) as ws:
        assert import_history(ws, ankang, Terms(period="2020Q1"), at=AT).strangers == ()
        assert ws.store.paper_findings("2020Q1", TWO.account_id) == (found("UPD-03", "僵尸微信"),)
        assert ws.store.paper_lines("2020Q1", ONE.account_id)[0].printed_date == "无内容"
        import_history(ws, huainan, Terms(period="2019-10"), at=AT)
        period = ws.store.period("2019-10")
        assert period
        assert (period.title, period.start, period.end) == ("2019年10月", date(2019, 10, 1), date(2019, 10, 31))
        assert ws.store.paper_findings("2019-10", TWO.account_id) == ()
        assert ws.store.paper_lines("2019-10", TWO.account_id)[0].result == "正常"
        assert [one.code for one in ws.store.paper_findings("2019-10", ONE.account_id)] == ["UPD-01"]


CHENGGU = ("政务新媒体账号名称", "开设主体", "账号类型", "错敏信息数量", "整改情况")


def test_the_chenggu_form_counts_sensitive_items(tmp_path: Path) -> None:
    path = write(
        tmp_path / "城固.csv",
        CHENGGU,
        ("示例统计", "统计局", "微信订阅号", "8", "已整改"),
        ("示例发布", "政府", "新浪微博", "0", ""),
    )
    with office(tmp_path, ONE, TWO) as ws:
        import_history(ws, path, Terms(period="2023Q3"), at=AT)
        assert ws.store.paper_findings("2023Q3", TWO.account_id) == (found("CNT-04", "错敏信息8条", "已整改"),)
        assert ws.store.paper_findings("2023Q3", ONE.account_id) == ()


def test_a_count_that_is_none_stops_everything(tmp_path: Path) -> None:
    path = write(
        tmp_path / "城固.csv", CHENGGU, ("示例统计", "局", "微信订阅号", "8", ""), ("示例发布", "府", "新浪微博", "若干", "")
    )
    with office(tmp_path, ONE, TWO) as ws:
        told = import_history(ws, path, Terms(period="2023Q3"), at=AT)
        assert "第 3 行" in str(told.problems[0])
        assert ws.store.periods() == ()


def test_posts_counted_by_another_form_are_no_finding(tmp_path: Path) -> None:
    path = write(
        tmp_path / "武定.csv",
        ("序号", "新媒体类型", "主办单位", "新媒体名称", "发布条数"),
        (1, "新浪微博", "府", "示例发布", "38"),
    )
    with office(tmp_path, ONE) as ws:
        import_history(ws, path, Terms(period="2025-09"), at=AT)
        assert ws.store.paper_findings("2025-09", ONE.account_id) == ()


def test_one_bad_row_and_nothing_is_imported(tmp_path: Path) -> None:
    rows = [
        (1, "微博", "", "示例发布", "府", "不合格", "未更新", ""),
        (2, "心电图", "", "示例统计", "局", "不合格", "未更新", ""),
    ]
    with office(tmp_path, ONE, TWO) as ws:
        told = import_history(ws, write(tmp_path / "a.csv", BAOJI, *rows), TERMS, at=AT)
        assert "第 3 行" in str(told.problems[0])
        assert (ws.store.periods(), ws.store.papers("2020Q4")) == ((), ())


@pytest.mark.parametrize("name", ["通报.doc", "通报.wps"])
def test_old_formats_are_told_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with office(tmp_path) as ws, pytest.raises(UsageError, match=r"另存为 \.docx"):
        import_history(ws, tmp_path / name, TERMS, at=AT)


def simple(path: Path, *names: str) -> Path:
    return write(path, BAOJI, *[(n, "微博", "", name, "府", "不合格", "未更新", "") for n, name in enumerate(names, 1)])


def test_a_period_is_replaced_only_on_request_and_the_old_list_is_kept(tmp_path: Path) -> None:
    with office(tmp_path, ONE) as ws:
        import_history(ws, simple(tmp_path / "一.csv", "示例发布"), TERMS, at=AT)
        with pytest.raises(UsageError, match="--again"):
            import_history(ws, simple(tmp_path / "二.csv", "别的"), TERMS, at=AT)
        assert ws.store.paper_findings("2020Q4", ONE.account_id)
        import_history(ws, simple(tmp_path / "二.csv", "别的"), Terms(period="2020Q4", again=True), at=AT)
        assert [paper.file for paper in ws.store.papers("2020Q4")] == ["一.csv", "二.csv"]
        assert ws.store.paper_findings("2020Q4", ONE.account_id) == ()
        assert ws.store.period("2020Q4").source.endswith("二.csv")  # type: ignore[union-attr]


def test_a_whole_list_takes_the_place_of_a_last_period_column_but_never_the_other_way(tmp_path: Path) -> None:
    row = (1, "新浪微博", "示例发布", "", "办", "", "禁止留言", "已整改", "合格", "11.1")
    with office(tmp_path, ONE) as ws:
        import_history(ws, write(tmp_path / "四.csv", SHANGLUO, row), TERMS, at=AT)
        import_history(ws, simple(tmp_path / "三.csv", "示例发布"), Terms(period="2020Q3"), at=AT)
        assert [one.code for one in ws.store.paper_findings("2020Q3", ONE.account_id)] == ["UPD-01"]
        told = import_history(ws, tmp_path / "四.csv", Terms(period="2020Q4", again=True), at=AT)
        assert told.before == ""
        assert [one.code for one in ws.store.paper_findings("2020Q3", ONE.account_id)] == ["UPD-01"]


def test_a_period_of_our_own_is_never_overwritten(tmp_path: Path) -> None:
    with office(tmp_path, ONE, periods=[Q4]) as ws:
        with pytest.raises(UsageError, match="本程序里的检查期"):
            import_history(ws, simple(tmp_path / "一.csv", "示例发布"), Terms(period="2020Q4", again=True), at=AT)
        assert ws.store.periods() == (Q4,)


def test_an_account_that_was_renamed_is_found_by_its_former_name(tmp_path: Path) -> None:
    from dataclasses import replace

    with office(tmp_path, ONE) as ws:
        ws.store.change_account(replace(ONE, name="示例市发布", position=1), "王某", AT, "改名")
        import_history(ws, simple(tmp_path / "一.csv", "示例发布"), TERMS, at=AT)
        assert ws.store.paper_findings("2020Q4", ONE.account_id)


def test_a_stranger_that_is_filed_later_brings_its_past(tmp_path: Path) -> None:
    with office(tmp_path, ONE, periods=[Q1]) as ws:
        import_history(ws, simple(tmp_path / "一.csv", "后来的"), TERMS, at=AT)
        later = account("新浪微博", "后来的", position=2)
        assert ws.store.paper_findings("2020Q4", later.account_id) == ()
        assert list(faulty(ws, ws.store.period("2020Q4"))) == ["weibo:后来的"]  # type: ignore[arg-type]
        ws.store.add_accounts([later], "王某", AT)
        assert ws.store.paper_findings("2020Q4", later.account_id)
        assert list(faulty(ws, ws.store.period("2020Q4"))) == [later.account_id]  # type: ignore[arg-type]


def test_paper_periods_take_no_new_sweeps_and_no_draws(tmp_path: Path) -> None:
    with office(tmp_path, ONE, periods=[Q1]) as ws:
        import_history(ws, simple(tmp_path / "一.csv", "示例发布"), TERMS, at=AT)
        assert ws.period_on(date(2020, 11, 6)) is None
        assert ws.period_on(date(2021, 1, 6)) == "2021Q1"
        with pytest.raises(UsageError, match="已经关闭"):
            ws.store.put_period(Q4)


@pytest.mark.parametrize(
    ("terms", "first", "last", "title"),
    [
        (Terms(period="2020Q3"), date(2020, 7, 1), date(2020, 9, 30), "2020年第三季度"),
        (Terms(period="2024q1"), date(2024, 1, 1), date(2024, 3, 31), "2024年第一季度"),
        (Terms(period="2024-02"), date(2024, 2, 1), date(2024, 2, 29), "2024年2月"),
        (Terms(period="2020Q3", title="三季度"), date(2020, 7, 1), date(2020, 9, 30), "三季度"),
        (Terms(period="年检", start=date(2020, 1, 1), end=date(2020, 12, 31)), date(2020, 1, 1), date(2020, 12, 31), "年检"),
    ],
)
def test_the_name_says_the_dates(terms: Terms, first: date, last: date, title: str) -> None:
    period = named(terms)
    assert (period.start, period.end, period.title) == (first, last, title)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (Terms(period="第三季度"), "看不出起止日期"),
        (Terms(period="2020-13"), "看不出起止日期"),
        (Terms(period="2020Q3", start=date(2020, 10, 1)), "早于开始日期"),
    ],
)
def test_a_name_that_says_nothing_is_refused(terms: Terms, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        named(terms)


def test_faulty_by_our_own_check(tmp_path: Path) -> None:
    with office(tmp_path, ONE, TWO, periods=[Q4]) as ws:
        with pytest.raises(UsageError, match="没有判定过的正式检查"):
            faulty(ws, Q4)
        checked(ws, Q4, 示例发布=["UPD-01", "INT-01"])
        assert faulty(ws, Q4) == {ONE.account_id: ("UPD-01", "INT-01")}


def test_repeat_offenders() -> None:
    periods = [
        ("2020Q2", {"a": ("UPD-01",), "b": ("INT-01",), "c": ("CNT-02",)}),
        ("2020Q3", {"a": ("INT-01", "INT-01"), "b": ("INT-01",)}),
        ("2020Q4", {"a": ("UPD-01",), "b": ("UPD-03",), "d": ("UPD-01",)}),
    ]
    assert repeat_offenders(periods) == (
        Offender(whom="a", periods=("2020Q2", "2020Q3", "2020Q4"), codes=("UPD-01",)),
        Offender(whom="b", periods=("2020Q2", "2020Q3", "2020Q4"), codes=("INT-01",)),
    )
    assert repeat_offenders(periods[1:]) == (
        Offender(whom="a", periods=("2020Q3", "2020Q4"), codes=()),
        Offender(whom="b", periods=("2020Q3", "2020Q4"), codes=()),
    )
    assert repeat_offenders(periods, least=4) == ()


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the published lists lie outside the checkout")
class TestPublishedLists:
    """The seeds: real lists as printed."""

    def test_shangluo(self, tmp_path: Path) -> None:
        with office(tmp_path) as ws:
            told = import_history(ws, SEEDS / "shangluo_media_1-75.csv", TERMS, at=AT)
            results = Counter(line.result for line in told.lines if not line.findings)
            assert (len(told.lines), results["合格"], results["基本合格"]) == (75, 23, 1)
            assert sum(not line.findings for line in told.lines) + sum(bool(line.findings) for line in told.lines) == 75
            assert told.before == "2020Q3"
            third, fourth = ws.store.period("2020Q3"), ws.store.period("2020Q4")
            assert third
            assert fourth
            again = repeat_offenders([("2020Q3", faulty(ws, third)), ("2020Q4", faulty(ws, fourth))])
            assert all(one.periods == ("2020Q3", "2020Q4") for one in again)
            assert len(again) > 10
            words = Counter(line.previous[0].rectified for line in told.lines if line.previous)
            assert set(words) <= {"已整改", "未整改到位", "未整改", "拟关停注销", ""}

    def test_all_others(self, tmp_path: Path) -> None:
        counted = {"baoji_media": 18, "ankang_media_sample": 4, "huainan_matrix_sample": 16, "chenggu_media_sample": 6}
        with office(tmp_path) as ws:
            for number, (name, rows) in enumerate(counted.items(), 1):
                told = import_history(ws, SEEDS / f"{name}.csv", Terms(period=f"20{10 + number}Q1"), at=AT)
                assert (len(told.lines), told.problems) == (rows, ())
                assert all(line.findings for line in told.lines) or name == "huainan_matrix_sample"
            paper = ws.store.paper("2014Q1")
            assert paper
            assert sum(int(line.findings[0].phrase[4:-1]) for line in paper.lines) == 47
