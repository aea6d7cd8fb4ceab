"""Every form of one invented city, in every format: the same words, merged runs, headers, order, orientation (annexes.md §8)."""

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.reports import golden
from tests.reports.city import CONTEXTS, lines
from tests.reports.reading import READERS
from tracker.errors import UsageError
from tracker.model import Conclusion
from tracker.reports import forms, inspection, matrix, zombies
from tracker.reports.form import LANDSCAPE_MM, PORTRAIT_MM, cells, runs, spans
from tracker.reports.forms import FORMATS, FORMS, write
from tracker.reports.lines import last_post_text, result_text
from tracker.reports.wording import DateStyle, note_line, split_year, styled

NAMES = list(CONTEXTS)
BOTH = pytest.mark.parametrize("draft", [False, True], ids=["final", "draft"])


def pretend_to_print(page: Path, sheet: Path) -> None:
    sheet.write_bytes(b"%PDF-1.7\n" + page.read_bytes())


@BOTH
@pytest.mark.parametrize("name", NAMES)
def test_the_context_holds_the_rows(name: str, draft: bool) -> None:
    context = CONTEXTS[name](draft)
    told = [[str(cell) for cell in cells(context.columns, row)] for row in context.rows]
    assert told == golden.carried(name, draft=draft)
    covered = [["^" if span == 0 else "" for span in spans(context.columns, row)] for row in context.rows]
    assert covered == [["^" if cell == "^" else "" for cell in row] for row in golden.rows(name, draft=draft)]
    assert context.left_out == {"zombies": 1, "matrix": 1}.get(name, 0)


@BOTH
@pytest.mark.parametrize("name", NAMES)
def test_every_format_holds_the_same_form(name: str, draft: bool, tmp_path: Path) -> None:
    context = CONTEXTS[name](draft)
    written = write(context, tmp_path / "o", list(FORMATS), printer=pretend_to_print)
    assert [path.name for path in written] == [f"{golden.TITLES[name]}.{suffix}" for suffix in FORMATS]
    header = golden.HEADERS[name].split()
    shown = [text.replace("其他(新", "其他\n(新") for text in header]
    for path in written:
        if reader := READERS.get(path.suffix[1:]):
            read = reader(path)
            assert (read.header, read.rows) == (shown, golden.rows(name, draft=draft)), path.suffix
            label = ["附件"] if path.suffix != ".xlsx" else []
            window = [golden.WINDOWS[name]] if golden.WINDOWS[name] else []
            assert "".join(read.head).replace("\n", "") == "".join([*label, golden.TITLES[name], *window])
            assert read.foot == ([golden.NOTES[name]] if name in golden.NOTES else [])
            assert read.landscape is (name in golden.LANDSCAPE)
    table = list(csv.reader(written[4].read_text(encoding="utf-8-sig").splitlines()))
    assert table == [header, *golden.carried(name, draft=draft)]
    told = json.loads(written[5].read_text(encoding="utf-8"))
    assert (told["form"], told["title"], told["draft"]) == (name, golden.TITLES[name], draft)
    assert told["window"] == {"start": "2020-11-06", "end": "2020-11-18", "text": golden.WINDOWS[name]}
    assert told.get("note", "") == golden.NOTES.get(name, "")
    assert [[str(cell) for cell in row.values()] for row in told["rows"]] == golden.carried(name, draft=draft)


@pytest.mark.parametrize("name", NAMES)
def test_columns_fill_the_type_area(name: str) -> None:
    context = CONTEXTS[name](False)
    assert sum(column.width_mm for column in context.columns) == pytest.approx(LANDSCAPE_MM if context.landscape else PORTRAIT_MM)
    assert len({column.field for column in context.columns}) == len(context.columns)


@pytest.mark.parametrize("name", NAMES)
def test_who_could_not_be_checked_is_never_on_a_list_of_failing_accounts(name: str) -> None:
    context = CONTEXTS[name](True)
    if name in ("noncompliant", "zombies", "sensitive-words"):
        assert not any("青山交警" in cells(context.columns, row) for row in context.rows)
    else:
        (row,) = [row for row in context.rows if "青山交警" in cells(context.columns, row)]
        text = "|".join(map(str, cells(context.columns, row)))
        assert "未能核查" in text or name == "unseen"
        assert "内容不规范" not in text
        assert "8.1" not in text
        assert "2020-08-01" not in text


@pytest.mark.parametrize("name", NAMES)
def test_no_rows_no_files_and_a_sentence_for_it(name: str, tmp_path: Path) -> None:
    fine = [one for one in lines() if one.verdict.conclusion is Conclusion.PASSED]
    given = fine if name in ("noncompliant", "zombies", "unseen") else []
    build = getattr(forms, name.replace("-", "_")).build
    extra = {"period": "2020年第四季度"} if name == "inspection" else {}
    context = build(title="名单", start=date(2020, 1, 1), end=date(2020, 1, 2), draft=True, lines=given, **extra)
    assert write(context, tmp_path / "o", list(FORMATS), printer=pretend_to_print) == ()
    assert not (tmp_path / "o").exists()
    assert forms.form_of(name).nothing.endswith(
        ("不印名单", "不印抽查情况", "不印检查结果", "不印汇总表", "不印清单", "不印台账")
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_window_out_of_order_is_refused_by_every_form(name: str) -> None:
    build = getattr(forms, name.replace("-", "_")).build
    extra = {"period": "2020年第四季度"} if name == "inspection" else {}
    with pytest.raises(UsageError, match="2020-01-01 早于开始日期 2020-01-02"):
        build(title="名单", start=date(2020, 1, 2), end=date(2020, 1, 1), draft=True, lines=[], **extra)


@pytest.mark.parametrize("name", ["noncompliant", "inspection", "matrix"])
def test_what_waits_for_a_person_never_stands_in_a_final_list(name: str) -> None:
    build = getattr(forms, name).build
    extra = {"period": "2020年第四季度"} if name == "inspection" else {}
    waiting = lines()[-1:]
    if name == "noncompliant":
        assert build(title="名单", start=date(2020, 1, 1), end=date(2020, 1, 1), draft=False, lines=waiting).rows == ()
        return
    with pytest.raises(ValueError, match="without a finding"):
        build(title="名单", start=date(2020, 1, 1), end=date(2020, 1, 1), draft=False, lines=waiting, **extra)


def test_a_status_beside_an_empty_name_is_refused() -> None:
    (line,) = [one for one in lines() if one.account.name == "公积金微博"]
    nameless = replace(line, account=replace(line.account, name=" \u202e\x07"))
    with pytest.raises(
        UsageError, match=r"示例市住房公积金管理中心的微博账号\(台账第7条\)没有名称,却有检查情况:请先在台账里补上名称"
    ):
        matrix.build(title="名单", start=date(2020, 1, 1), end=date(2020, 1, 1), draft=False, lines=[nameless])


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ([], []),
        (["a"], [1]),
        (["a", "a", "b", "a"], [2, 0, 1, 1]),
        ([None, None, "b", "b", "b"], [1, 1, 3, 0, 0]),
        ([("x", "u"), ("y", "u"), ("y", "u")], [1, 2, 0]),
    ],
)
def test_runs_of_equal_cells(keys: list[object], told: list[int]) -> None:
    assert runs(keys) == told


def test_units_of_the_same_name_in_two_counties_are_not_merged() -> None:
    (one,) = [line for line in lines() if line.account.name == "公积金微博"]

    def in_county(region: str, position: int) -> object:
        account = replace(one.account, region=region, org_type="县级部门", organisation="统计局", position=position)
        return replace(one, account=account)

    told = [in_county("甲县", 1), in_county("甲县", 2), in_county("乙县", 3)]
    context = zombies.build(title="名单", start=date(2020, 1, 1), end=date(2020, 1, 1), draft=False, lines=told)
    assert [(row.category_span, row.organisation_span) for row in context.rows] == [(2, 2), (0, 0), (1, 1)]
    context = matrix.build(title="名单", start=date(2020, 1, 1), end=date(2020, 1, 1), draft=False, lines=told)
    assert [row.seq for row in context.rows] == [1, "", 2]


NEW_YEAR = (date(2020, 12, 28), date(2021, 1, 8))
AUTUMN = (date(2020, 11, 6), date(2020, 11, 18))


@pytest.mark.parametrize(
    ("on", "window", "dots", "words"),
    [
        (date(2020, 11, 3), AUTUMN, "11.3", "11月3日"),
        (date(2020, 1, 10), AUTUMN, "1.10", "1月10日"),
        (date(2019, 11, 3), AUTUMN, "2019.11.3", "2019年11月3日"),
        (date(2020, 12, 30), NEW_YEAR, "2020.12.30", "2020年12月30日"),
        (date(2021, 1, 5), NEW_YEAR, "2021.1.5", "2021年1月5日"),
    ],
)
def test_a_date_tells_its_year_where_the_title_cannot(on: date, window: tuple[date, date], dots: str, words: str) -> None:
    assert styled(on, DateStyle.DOTS, *window) == dots
    assert styled(on, DateStyle.WORDS, *window) == words
    assert styled(on, DateStyle.YEAR_DOTS, *window) == f"{on.year}.{on.month}.{on.day}"


def test_what_a_clerk_wrote_of_a_later_day_is_printed_as_given() -> None:
    verdict = lines()[1].verdict
    told = [
        replace(verdict, printed_date="11月3号"),
        replace(verdict, printed_date="11.20", latest_post=date(2020, 11, 20)),
        replace(verdict, printed_date="不详", latest_post=None),
        replace(verdict, latest_post=None),
    ]
    assert [last_post_text(one, DateStyle.DOTS, *AUTUMN, "——") for one in told] == ["11.3", "11.20", "不详", ""]


@pytest.mark.parametrize(
    ("window", "told"),
    [
        (AUTUMN, "2020年11月6日至18日"),
        ((date(2020, 10, 26), date(2020, 11, 6)), "2020年10月26日至11月6日"),
        (NEW_YEAR, "2020年12月28日至2021年1月8日"),
        ((date(2020, 11, 6), date(2020, 11, 6)), "2020年11月6日"),
    ],
)
def test_the_note_tells_the_time_once(window: tuple[date, date], told: str) -> None:
    assert note_line(*window) == f"备注:检查时间为{told}。"


def test_titles_and_headers_of_other_periods() -> None:
    assert split_year("2019年10月") == ("2019年", "10月")
    assert split_year("十月专项") == ("", "十月专项")
    assert zombies.title_of("2020年第一季度", "安康市") == "2020年安康市政务新媒体一季度检查结果"
    assert matrix.title_of("2019年10月") == "10月政务微博微信检查汇总表"
    assert inspection.period_words("2021年第一季度") == ("第一季度", "第四季度")
    assert [column.header for column in inspection.columns("2026年10月")][6:9] == [
        "上期检查存在突出问题",
        "上期整改情况",
        "本期检查存在的突出问题",
    ]


def test_the_same_words_of_two_rules_are_printed_once() -> None:
    verdict = lines()[3].verdict
    twice = replace(verdict, findings=(*verdict.findings, replace(verdict.findings[1], code="INT-02")))
    assert result_text(twice, draft=False) == result_text(verdict, draft=False)


def test_every_form_is_in_the_city() -> None:
    tables = {form.name for form in FORMS if "csv" in form.formats}
    assert tables == set(NAMES)
