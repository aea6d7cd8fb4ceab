"""The published samples, fed in as judged facts, come out as published; every difference is stated (annexes.md §2–§5).

The samples lie beside the checkout, in shared/seeds; they are taken from printed bulletins of 2019–2023.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.reports.city import judged
from tests.reports.report_world import finding
from tracker.model import Conclusion, Finding
from tracker.reports import inspection, matrix, sensitive_words, zombies
from tracker.reports.form import cells
from tracker.reports.lines import Line
from tracker.rulebook.taxonomy import read_phrases

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the published samples (shared/seeds) are not beside this checkout")

AUTUMN = {"start": date(2020, 11, 6), "end": date(2020, 11, 18), "draft": False}
IN_SOURCE_ORDER = {
    9: "内容不规范 (CNT) before 未回复网民留言 (INT)",
    12: "简介不规范 (REG) before 内容不规范 (CNT)",
    14: "未回复网民留言 (INT) and a column (COL) before 存在未及时更新 (UPD)",
    70: "栏目无服务功能 (COL-07) before 长期未更新 (COL-01)",
}
"""Rows of the 商洛 sample whose findings the source prints in another order than UPD → INT → CNT → REG → COL."""


def table(name: str) -> list[list[str]]:
    with (SEEDS / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def found(cell: str) -> list[Finding]:
    return [finding(one.code or "OTHER", one.text) for one in read_phrases(cell)]


def shangluo_line(row: Sequence[str]) -> Line:
    seq, kind, name, org_type, organisation, region, previous, rectified, result, last = row
    on = date(2020, *map(int, last.split("."))) if last != "——" else None
    codes = {one.code for one in read_phrases(result)}
    known = "微信小程序" if "小程序" in kind else kind
    findings: tuple[Finding, ...] = ()
    conclusion = Conclusion.FAILED
    if codes <= {"OK"}:
        conclusion = Conclusion.PASSED
    elif codes <= {"LIF-01"}:
        conclusion = Conclusion.LIFECYCLE
    else:
        findings = tuple(found(result))
    line = judged(int(seq), known, name, organisation, region, org_type, conclusion, *findings, last=on, word=result)
    return replace(line, previous=previous, rectified=rectified)


def test_shangluo_comes_out_as_published() -> None:
    header, *rows = table("shangluo_media_1-75.csv")
    context = inspection.build(
        title=inspection.title_of("2020年第四季度", "政府系统"),
        lines=[shangluo_line(row) for row in rows],
        period="2020年第四季度",
        scope="所有新报备的政务新媒体和第三季度检查通报中存在突出问题的政务新媒体账号",
        **AUTUMN,
    )
    assert context.title == "2020年第四季度政府系统政务新媒体抽查情况"
    assert context.note_line == (
        "备注:检查时间为2020年11月6日至18日,检查范围为所有新报备的政务新媒体和第三季度检查通报中存在突出问题的政务新媒体账号。"
    )
    assert [column.header for column in context.columns] == header
    told = [[str(cell) for cell in cells(context.columns, row)] for row in context.rows]
    different = {int(row[0]): (mine[8], row[8]) for mine, row in zip(told, rows, strict=True) if mine[8] != row[8]}
    assert [mine[:8] + mine[9:] for mine in told] == [row[:8] + row[9:] for row in rows]
    for mine, printed in different.values():
        assert sorted(re.split("[,、;]", mine)) == sorted(re.split("[,、;]", printed))
    assert set(different) == set(IN_SOURCE_ORDER)


def test_ankang_comes_out_as_published() -> None:
    header, *rows = table("ankang_media_sample.csv")
    lines = []
    for position, (category, organisation, weixin, weibo, last, _) in enumerate(rows, 1):
        kind, org_type = ("政务微信" if weixin else "政务微博"), ("市级部门" if category == "市直部门" else "县级部门")
        on = date(*map(int, last.split(".")))
        silent = finding("UPD-01")
        lines.append(
            judged(position, kind, weixin or weibo, organisation, category, org_type, Conclusion.FAILED, silent, last=on)
        )
    context = zombies.build(
        title=zombies.title_of("2020年第一季度", "安康市"),
        start=date(2020, 2, 10),
        end=date(2020, 3, 3),
        lines=lines,
        draft=False,
    )
    assert context.title == "2020年安康市政务新媒体一季度检查结果"
    assert [column.header for column in context.columns] == header
    assert [cells(context.columns, row) for row in context.rows] == rows
    assert [(row.category_span, row.organisation_span) for row in context.rows] == [(2, 2), (0, 0), (2, 1), (0, 1)]


def test_huainan_comes_out_as_published() -> None:
    header, *rows = table("huainan_matrix_sample.csv")
    lines = []
    for seq, organisation, weixin, weixin_state, weibo, weibo_state in rows:
        assert (weixin_state, weibo_state) == ("正常", "正常")
        for kind, name in (("新浪微博", weibo), ("微信公众号", weixin)):
            position = 2 * int(seq) + (kind == "微信公众号")
            lines.append(judged(position, kind, name, organisation, "", "", Conclusion.PASSED, last=date(2019, 10, 20)))
    context = matrix.build(
        title=matrix.title_of("2019年10月"), start=date(2019, 10, 1), end=date(2019, 10, 23), lines=lines, draft=False
    )
    assert context.title == "10月政务微博微信检查汇总表"
    # the copy tells the two equal headers apart by brackets; the printed form does not
    assert [column.header for column in context.columns] == [re.sub(r"\(.*\)", "", text) for text in header]
    assert [[str(cell) for cell in cells(context.columns, row)] for row in context.rows] == rows


def test_chenggu_comes_out_as_published() -> None:
    header, *rows = table("chenggu_media_sample.csv")
    lines = []
    for position, (name, organisation, kind, count, rectified) in enumerate(reversed(rows), 1):
        items = replace(finding("CNT-04", "错敏信息"), phrase=f"错敏信息{count}条")
        line = judged(position, kind, name, organisation, "", "", Conclusion.FAILED, items)
        lines.append(replace(line, rectified=rectified))
    context = sensitive_words.build(
        title=sensitive_words.title_of("2023年第三季度", "城固县"),
        start=date(2023, 7, 1),
        end=date(2023, 9, 28),
        lines=lines,
        draft=False,
    )
    assert context.title == "第三季度城固县政务新媒体检查结果清单"
    assert [column.header for column in context.columns] == header
    assert [[str(cell) for cell in cells(context.columns, row)] for row in context.rows] == rows
    assert sum(row.count for row in context.rows) == 47
