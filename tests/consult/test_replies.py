"""Reply sheets: what is understood is kept word for word, what is not is named, and nothing of such a file is kept."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.consult.conftest import SWEEP
from tracker import consult
from tracker.consult import Sent, Taken
from tracker.errors import UsageError
from tracker.gates import unanswered
from tracker.workspace import Workspace

COLUMN = {name: at for at, name in enumerate(("账号", "问题", "意见", "理由", "证明材料", "批次", "编号", "代码"), 1)}

Fill = Callable[..., Path]
Take = Callable[..., Taken]


@pytest.fixture
def fill(sent: Sent) -> Fill:
    """`fill({2: {"意见": "有异议"}})` fills the first unit's sheet: row → column → words."""

    def run(rows: Mapping[int, Mapping[str, str]], unit: int = 0, name: str = "反馈表.xlsx") -> Path:
        packet = sent.folder / sent.consultation.asked[unit].organisation
        book = openpyxl.load_workbook(packet / "反馈表.xlsx")
        for row, cells in rows.items():
            for column, words in cells.items():
                cell = book.active.cell(row=row, column=COLUMN[column])
                cell.value = words
                if isinstance(words, str):
                    cell.data_type = "s"
        book.save(packet / name)
        return packet / name

    return run


@pytest.fixture
def take(asked: Workspace, sent: Sent, at) -> Take:
    def run(path: Path, received: date | None = None) -> Taken:
        return consult.take_in(asked, asked.head(SWEEP), path, received=received or at.date(), who="王某", at=at)

    return run


def test_an_objection_is_kept_with_its_proof(asked: Workspace, sent: Sent, fill: Fill, take: Take) -> None:
    path = fill({2: {"意见": "有异议", "理由": "11月5日发过", "证明材料": "截图 1.png;发文记录.pdf、见原件"}})
    for name in ("1.png", "发文记录.pdf"):
        (path.parent / name).write_bytes(name.encode())
    told = take(path)
    (kept,) = asked.store.objections(SWEEP)
    own, code = sent.consultation.asked[0].findings[0]
    assert [one.why for one in told.objections] == [kept.why]
    assert (kept.account_id, kept.code, kept.objects, kept.late) == (own, code, True, False)
    assert kept.who == sent.consultation.asked[0].organisation
    assert kept.why.startswith("11月5日发过;证明材料:")
    assert "见原件" in kept.why
    assert [one.name for one in kept.attachments] == ["1.png", "发文记录.pdf"]
    for one in kept.attachments:
        assert (asked.root / "objections" / one.sha256).read_bytes() == one.name.encode()
    assert (kept.line, kept.file, kept.taken_by) == (2, "反馈表.xlsx", "王某")


def test_a_sheet_does_not_take_back_what_its_unit_objected_to_on_its_page(
    asked: Workspace, sent: Sent, fill: Fill, take: Take, at: datetime
) -> None:
    pair = sent.consultation.asked[0].findings[0]
    about = consult.known(asked, asked.head(SWEEP))[pair]
    consult.reply(asked, about, objects=True, why="11月5日发过", pieces=(), token="token-000001", who="单位一", at=at)
    told = take(fill({2: {"意见": "无异议"}}))
    assert "网上对这条提出了异议" in told.problems[0]
    assert [(one.account_id, one.code) for one in unanswered(asked.store.objections(SWEEP))] == [pair]
    # an objection on paper may say more
    assert take(fill({2: {"意见": "有异议", "理由": "11月5日、6日发过"}})).objections


def test_no_objection_needs_no_reason(asked: Workspace, fill: Fill, take: Take) -> None:
    take(fill({2: {"意见": "无异议"}}))
    (kept,) = asked.store.objections(SWEEP)
    assert (kept.objects, kept.why, kept.words) == (False, "", "")


def test_after_the_deadline_it_is_taken_and_marked(asked: Workspace, sent: Sent, fill: Fill, take: Take) -> None:
    on_time = take(fill({2: {"意见": "无异议"}}), sent.consultation.deadline)
    late = take(fill({2: {"意见": "有异议", "理由": "核实过"}}, 1), sent.consultation.deadline + timedelta(days=1))
    assert (on_time.late, late.late) == (False, True)
    assert [one.late for one in asked.store.objections(SWEEP)] == [False, True]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"意见": "有异议"}, "没有写理由"),
        ({"意见": "不同意", "理由": "x"}, "应选“无异议”或“有异议”"),
        ({"理由": "只写了理由"}, "应选“无异议”或“有异议”"),
        ({"意见": "无异议", "批次": "2026-10-30 第1次征求意见"}, "这是批次 2026-10-30 的反馈表"),
        ({"意见": "无异议", "批次": f"{SWEEP} 第9次征求意见"}, "没有第9次征求意见"),
        ({"意见": "无异议", "批次": "随便"}, "“批次”一栏是“随便”"),
        ({"意见": "无异议", "编号": "别的编号"}, "不是征求过意见的问题"),
        ({"意见": "无异议", "代码": "UPD-99"}, "不是征求过意见的问题"),
        ({"意见": "无异议", "账号": "别的账号"}, "对不上"),
        ({"意见": "有异议", "理由": "x", "证明材料": "没有这个.pdf"}, "不在反馈表旁边"),
        ({"意见": "有异议", "理由": "x", "证明材料": "../秘密.txt"}, "不是单纯的文件名"),
        ({"意见": "有异议", "理由": "x", "证明材料": "C:\\秘密.txt"}, "不是单纯的文件名"),
    ],
)
def test_a_row_that_is_not_understood_is_named(
    cells: Mapping[str, str], told: str, asked: Workspace, fill: Fill, take: Take
) -> None:
    found = take(fill({2: cells}))
    assert len(found.problems) == 1
    assert found.problems[0].startswith("反馈表.xlsx 第2行:")
    assert told in found.problems[0]
    assert asked.store.objections(SWEEP) == ()
    assert not (asked.root / "objections").exists()


def test_hostile_words_stay_words(asked: Workspace, sent: Sent, fill: Fill, take: Take, tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x","y")<script>alert(1)</script>{{ 7*7 }}{%p if %}\u202e\x1b[31m' + "长" * 9000
    take(fill({2: {"意见": "有异议", "理由": evil.replace("\x1b", "")}}))
    (kept,) = asked.store.objections(SWEEP)
    assert len(kept.why) <= 2000
    assert "\u202e" not in kept.why
    judgement = asked.store.last_judgement(SWEEP)
    told = consult.opinions(asked, asked.head(SWEEP), judgement)
    files = consult.write_overview(consult.context("2026年第四季度", date(2026, 10, 26), date(2026, 11, 6), told), tmp_path)
    sheet = openpyxl.load_workbook(files[1]).active
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str) and "HYPERLINK" in cell.value]
    assert [cell.data_type for cell in cells] == ["s"]
    assert "{{ 7*7 }}" in cells[0].value


def test_the_same_file_twice_and_files_that_are_no_reply(asked: Workspace, fill: Fill, take: Take, tmp_path: Path) -> None:
    path = fill({2: {"意见": "无异议"}})
    take(path)
    with pytest.raises(UsageError, match="已经收过"):
        take(path)
    with pytest.raises(UsageError, match="“意见”一栏全是空的"):
        take(fill({}, 1))
    other = tmp_path / "别的.csv"
    other.write_text("账号,意见\nx,无异议\n", encoding="utf-8")
    with pytest.raises(UsageError, match="不是反馈表;应有表头 账号"):
        take(other)
    assert len(asked.store.objections(SWEEP)) == 1


def test_two_units_in_one_file_are_refused(asked: Workspace, sent: Sent, fill: Fill, take: Take) -> None:
    own, code = sent.consultation.asked[1].findings[0]
    name = next(one.name for one in asked.store.accounts() if one.account_id == own)
    batch = f"{SWEEP} 第1次征求意见"
    path = fill({2: {"意见": "无异议"}, 9: {"账号": name, "意见": "无异议", "批次": batch, "编号": own, "代码": code}})
    found = take(path)
    assert "混有2个单位的行" in found.problems[0]
    assert asked.store.objections(SWEEP) == ()


def test_a_later_reply_takes_the_place_of_the_earlier(asked: Workspace, fill: Fill, take: Take) -> None:
    take(fill({2: {"意见": "有异议", "理由": "先这样"}}))
    take(fill({2: {"意见": "无异议"}}, name="反馈表2.xlsx"))
    assert [one.objects for one in asked.store.objections(SWEEP)] == [True, False]
    (told, *_) = [one for one in consult.opinions(asked, asked.head(SWEEP), asked.store.last_judgement(SWEEP)) if one.said]
    assert (told.opinion, told.outcome) == ("无异议", "")
