"""Five questions, taken over together or not at all."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from tests.console.conftest import Console, Serve
from tracker import demo, settings
from tracker.console.pages.setup import quarter_of
from tracker.errors import UsageError
from tracker.workspace import create

GOOD = {
    "place": "示例市",
    "scope": "全市政府系统",
    "profile": "baoji",
    "period": "2026年第四季度",
    "first": "2026-10-01",
    "last": "2026-12-31",
    "persons": "2",
}
BAD_ROWS = "类型,名称,主办单位\n微信,示例甲,示例局\n不知道的平台,示例乙,示例局\n微博,示例丙,\n"


def registry() -> tuple[str, bytes]:
    return "台账.xlsx", (demo.samples() / "registry.xlsx").read_bytes()


def state(console: Console) -> tuple[object, ...]:
    ws = console.ws
    return (ws.root / settings.FILE).read_text(encoding="utf-8"), ws.store.periods(), ws.store.accounts()


def test_all_is_taken_over(empty: Console) -> None:
    answer = empty.upload("/setup", {"file": registry()}, GOOD)
    assert (answer.status, answer.headers["location"].split("?")[0]) == (303, "/")
    told = tomllib.loads((empty.ws.root / settings.FILE).read_text(encoding="utf-8"))
    assert (told["place"], told["profile"], told["persons"]) == ("示例市", "baoji", 2)
    assert "# 本工作区的设置" in (empty.ws.root / settings.FILE).read_text(encoding="utf-8")
    (period,) = empty.ws.store.periods()
    assert (period.name, period.title, period.start, period.end) == (
        "2026Q4",
        "2026年第四季度",
        date(2026, 10, 1),
        date(2026, 12, 31),
    )
    assert len(empty.ws.store.accounts()) == 102
    assert empty.ws.settings.place == "示例市"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("place", "", "请填地名"),
        ("place", "\x00\x01 ", "请填地名"),
        ("profile", "../../etc", "没有这个口径"),
        ("period", "", "请填检查期的名称"),
        ("first", "2026-13-01", "看不懂"),
        ("last", "2026-09-01", "不能早于第一天"),
        ("persons", "3", "一个人或两个人"),
    ],
)
def test_one_wrong_answer_changes_nothing(empty: Console, field: str, value: str, words: str) -> None:
    before = state(empty)
    answer = empty.upload("/setup", {"file": registry()}, {**GOOD, field: value})
    assert answer.status == 400
    assert words in answer.text
    assert f'id="{field}-wrong"' in answer.text
    assert state(empty) == before


def test_bad_rows_are_shown_in_place_and_change_nothing(empty: Console) -> None:
    before = state(empty)
    answer = empty.upload("/setup", {"file": ("台账.csv", BAD_ROWS.encode("gb18030"))}, GOOD)
    assert answer.status == 400
    assert "<td>3</td>" in answer.text
    assert "不知道的平台" in answer.text
    assert "<td>4</td>" in answer.text
    assert re.search(r'<td class="wrongcell">不知道的平台<br><strong class="bad">', answer.text)
    assert 'value="示例市"' in answer.text
    assert state(empty) == before


def test_a_good_file_need_not_be_chosen_twice(empty: Console) -> None:
    first = empty.upload("/setup", {"file": registry()}, {**GOOD, "place": ""})
    kept = first.text.split('name="kept" value="')[1].split('"')[0]
    assert "已收到 台账.xlsx" in first.text
    assert empty.upload("/setup", {"file": ("", b"")}, {**GOOD, "kept": kept}).status == 303
    assert len(empty.ws.store.accounts()) == 102


def test_without_a_file_it_asks_for_one(empty: Console) -> None:
    assert "请选台账文件" in empty.upload("/setup", {"file": ("", b"")}, GOOD).text


def test_where_the_settings_cannot_be_written_nothing_is_imported(empty: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "磁盘已满")

    monkeypatch.setattr("tracker.console.pages.setup.os.fsync", full)
    before = state(empty)
    answer = empty.upload("/setup", {"file": registry()}, GOOD)
    assert answer.status == 400
    assert "磁盘已满" in answer.text
    assert state(empty) == before
    assert not list(empty.ws.root.glob("*.partial"))


def test_comments_and_tables_stay(served: Serve, tmp_path: Path) -> None:
    root = tmp_path / "ws"
    create(root, '# 自己的话\nplace = "旧地"  # 尾注\n\n[pace.made]\n# 慢一点\nbetween_requests = 9\n')
    console = served(root)
    assert console.upload("/setup", {"file": registry()}, GOOD).status == 303
    text = (root / settings.FILE).read_text(encoding="utf-8")
    assert all(line in text for line in ("# 自己的话", "[pace.made]", "# 慢一点"))
    assert console.ws.settings.pace["made"].between_requests == 9
    assert console.ws.settings.place == "示例市"


@pytest.mark.parametrize("text", ['place = """\n旧\n"""\n', "place = 'x'\nnot toml\n"])
def test_what_cannot_be_rewritten_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="不敢改"):
        settings.rewritten(text, {"place": '引号"和\\斜线'})


def test_any_text_survives_the_settings() -> None:
    odd = '引号"和\\斜线 # 井号'
    assert tomllib.loads(settings.rewritten('place = "x"\n[pace]\n', {"place": odd, "persons": 2})) == {
        "place": odd,
        "persons": 2,
        "pace": {},
    }


@pytest.mark.parametrize(
    ("on", "name", "start", "end"),
    [
        (date(2026, 11, 6), "2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        (date(2028, 2, 29), "2028Q1", date(2028, 1, 1), date(2028, 3, 31)),
        (date(2026, 6, 30), "2026Q2", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), "2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_the_quarter_of_a_day(on: date, name: str, start: date, end: date) -> None:
    told = quarter_of(on)
    assert (told.name, told.start, told.end) == (name, start, end)
