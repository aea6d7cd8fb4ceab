"""The shipped and published tables are read whole: what was printed is what comes out."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.registry.make_example import TARGET, example
from tracker.files import read_sheets, write_xlsx
from tracker.registry import accounts_of, export_rows, read_accounts, read_looks
from tracker.rulebook.taxonomy import read_phrases

EXAMPLES = TARGET.parent
ON = date(2020, 11, 15)


def test_the_18_rows_of_baoji() -> None:
    read = read_looks(read_sheets(EXAMPLES / "baoji_media.csv"), check_date=date(2020, 11, 6))
    assert (len(read.rows), read.problems, read.warnings) == (18, (), ())
    kinds = Counter(row.found.replace("无更新", "未更新") for row in read.rows)
    assert sorted(kinds.values()) == [2, 3, 5, 8]
    assert Counter(row.platform for row in read.rows) == {"weixin": 15, "weibo": 3}
    assert [row.row for row in read.rows] == list(range(2, 20))
    assert {row.last_post for row in read.rows} == {None}


def test_the_75_rows_of_shangluo() -> None:
    read = read_looks(read_sheets(EXAMPLES / "shangluo_media_1-75.csv"), check_date=ON)
    rows = {row.row - 1: row for row in read.rows}
    assert (len(rows), read.problems) == (75, ())
    assert Counter(row.found for row in read.rows)["合格"] == 23
    assert [number for number, row in rows.items() if row.never] == [36, 60]
    assert (rows[57].last_post, rows[33].last_post) == (date(2020, 10, 1), date(2020, 11, 10))
    assert {row.last_post.year for row in read.rows if row.last_post} == {2020}
    assert rows[24].last_post == date(2020, 11, 17)
    assert rows[20].found == "11.15已发布关停公告"
    assert (rows[9].previous, rows[9].rectified) == ("内容不规范、未及时回复网民留言", "未整改到位")
    assert (rows[36].kind, rows[36].filed_kind) == ("抖音", "抖音短视频")
    assert Counter(row.filed_kind for row in read.rows) == {
        "新浪微博": 31,
        "微信订阅号": 28,
        "今日头条": 7,
        "微信服务号": 4,
        "抖音短视频": 2,
        "百家号": 1,
        "澎湃号": 1,
        "移动客户端": 1,
    }


def test_ages_of_shangluo_split_stale_from_fresh_as_printed() -> None:
    read = read_looks(read_sheets(EXAMPLES / "shangluo_media_1-75.csv"), check_date=ON)
    stale = {"UPD-01", "UPD-02", "UPD-03", "UPD-04"}
    for row in read.rows:
        codes = {phrase.code for phrase in read_phrases(row.found)}
        old = row.never or (row.last_post is not None and (ON - row.last_post).days > 14)
        assert bool(codes & stale) == old, row


@pytest.mark.parametrize("name", ["baoji_media.csv", "shangluo_media_1-75.csv"])
def test_published_tables_make_a_registry_that_survives_export(name: str, tmp_path: Path) -> None:
    first = accounts_of(read_accounts(read_sheets(EXAMPLES / name), source=name).rows)
    write_xlsx(tmp_path / "out.xlsx", [export_rows(first)])
    again = read_accounts(read_sheets(tmp_path / "out.xlsx"), source="out.xlsx")
    assert not again.problems
    assert accounts_of(again.rows) == first


def test_the_invented_registry_is_what_its_script_makes(tmp_path: Path) -> None:
    read = read_accounts(read_sheets(TARGET), source=TARGET.name)
    assert not read.problems
    assert not read.warnings
    assert [row.organisation for row in read.rows[:4]] == ["示例市人民政府办公室"] * 3 + ["示例市市场监督管理局"]
    assert [row.region for row in read.rows] == ["市直"] * 5 + ["示例县"] * 2
    assert (read.rows[5].kind, read.rows[0].row) == ("快手", 3)
    write_xlsx(tmp_path / "again.xlsx", [example()])
    assert [sheet.cells for sheet in read_sheets(tmp_path / "again.xlsx")] == [sheet.cells for sheet in read_sheets(TARGET)]


def test_an_old_excel_registry_with_merged_units() -> None:
    path = Path(__file__).parents[1] / "files" / "data" / "registry.xls"
    read = read_accounts(read_sheets(path), source=path.name)
    assert [(row.row, row.organisation, row.opened_on) for row in read.rows] == [
        (3, "示例市人民政府办公室", date(2019, 3, 2)),
        (4, "示例市人民政府办公室", date(2019, 3, 3)),
        (5, "示例县文旅局", date(2019, 3, 4)),
    ]
    looks = read_looks(read_sheets(path), check_date=ON)
    assert [row.last_post for row in looks.rows] == [date(2020, 11, 13), date(2020, 10, 10)]
    assert [(each.row, "10月10日" in each.expected) for each in looks.problems] == [(5, True)]


ANKANG = """类别,主办单位,政务微信,政务微博,最后更新时间,问题类别
市直部门,市住房公积金中心,安康住房公积金,,2020. 2. 9,僵尸微信
市直部门,市住房公积金中心,,安康公积金,2020.2.18,僵尸微博
石泉县,石泉县统计局,,石泉统计,无内容,僵尸微博
"""


def test_the_wide_annex_of_ankang(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(ANKANG.encode("gb18030"))
    read = read_looks(read_sheets(tmp_path / "a.csv"), check_date=date(2020, 3, 3))
    assert not read.problems
    assert [(row.platform, row.name, row.region, row.last_post, row.found) for row in read.rows] == [
        ("weixin", "安康住房公积金", "市直部门", date(2020, 2, 9), "僵尸微信"),
        ("weibo", "安康公积金", "市直部门", date(2020, 2, 18), "僵尸微博"),
        ("weibo", "石泉统计", "石泉县", None, "僵尸微博"),
    ]
    assert read.rows[2].never
