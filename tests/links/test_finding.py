"""What counts as a link in a text or a file, and that nothing secret is kept of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from typer.testing import CliRunner

from adapters import BY_PLATFORM
from tests.links.box import NOON
from tracker import settings
from tracker.cli import app
from tracker.cli.common import Context
from tracker.clock import start_of
from tracker.errors import UsageError
from tracker.links import Pasted, paste, sweep_for, text_of
from tracker.model import Account, Window
from tracker.sweep import NOTHING, open_sweep, plan
from tracker.workspace import Workspace, create, opened

SHORT = "https://mp.weixin.qq.com/s/SHILI00000000000000000"


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    create(tmp_path / "ws", settings.template())
    with opened(tmp_path / "ws") as ws:
        account = Account(account_id="a000000001", platform="weixin", kind="微信订阅号", name="示例发布", position=1)
        ws.store.add_accounts([account], "test", NOON)
        yield ws


def pasted(ws: Workspace, text: str) -> Pasted:
    return paste(ws, text, BY_PLATFORM, who="test", at=NOON)


@pytest.mark.parametrize(
    "text",
    [
        SHORT,
        f"请看{SHORT}。谢谢",
        f"【{SHORT}】",
        f"({SHORT})",
        f"\uff08{SHORT}\uff09",
        f"[文章]({SHORT})",
        f"{SHORT},{SHORT[:-3]}xxx",
        SHORT.replace("https", "http"),
        SHORT.removeprefix("https://"),
        f"{SHORT}#rd",
        f"{SHORT}#wechat_redirect",
        f"\ufeff{SHORT}\u200b",
        f"示例发布:{SHORT}!",
        f"“{SHORT}”",
        f"<a href='{SHORT}'>",
    ],
)
def test_one_spelling_of_a_link(ws: Workspace, text: str) -> None:
    assert pasted(ws, text).links[0].url == SHORT


def test_escaped_ampersands_are_read(ws: Workspace) -> None:
    (link,) = pasted(ws, "https://mp.weixin.qq.com/s?__biz=MzI2&amp;mid=1&amp;idx=1&amp;sn=2#rd").links
    assert link.url == "https://mp.weixin.qq.com/s?__biz=MzI2&mid=1&idx=1&sn=2"


def test_whoever_copied_the_link_leaves_no_token_in_it(ws: Workspace) -> None:
    told = pasted(ws, f"{SHORT}?key=planted&uin=planted&pass_ticket=planted&scene=1")
    assert "planted" not in str(told)
    assert "scene=1" in told.links[0].url


def test_repeated_and_foreign_are_told(ws: Workspace) -> None:
    told = pasted(ws, f"{SHORT}\n{SHORT}\n{SHORT}#rd\nhttps://www.shili.example/1 https://mp.weixin.qq.com/")
    assert [link.url for link in told.links] == [SHORT]
    assert told.repeated == (SHORT, SHORT)
    assert told.foreign == ("https://www.shili.example/1", "https://mp.weixin.qq.com/")
    assert pasted(ws, SHORT).new == 0


def test_a_name_in_the_same_row_is_kept(ws: Workspace) -> None:
    told = pasted(ws, f"示例发布:{SHORT}\n示例发布转发 {SHORT}x")
    assert told.beside == {SHORT: ("示例发布",), f"{SHORT}x": ()}


def test_a_workbook_column_and_the_links_behind_cells(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "链接.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["名称", "链接"])
        sheet.write_row(1, 0, ["示例发布", SHORT])
        sheet.write_url(2, 0, f"{SHORT}a", string="点这里")
    assert [link.url for link in pasted(ws, text_of(path)).links] == [SHORT, f"{SHORT}a"]


def test_gb18030_and_bytes_that_are_no_text(ws: Workspace, tmp_path: Path) -> None:
    chat, other = tmp_path / "群.txt", tmp_path / "x.bin"
    chat.write_bytes(f"链接:{SHORT}".encode("gb18030"))
    other.write_bytes(b"\xff\xff\x00\x81")
    assert [link.url for link in pasted(ws, text_of(chat)).links] == [SHORT]
    with pytest.raises(UsageError, match="不是文本或表格"):
        text_of(other)


def test_the_sweep_that_links_go_into(ws: Workspace) -> None:
    later = start_of(NOON.date()).replace(day=30)
    first = sweep_for(ws, None, NOON)
    assert (first.name, first.kind) == ("2026-11-06", "weekly")
    assert sweep_for(ws, None, NOON.replace(day=12)).name == first.name
    assert sweep_for(ws, None, later).name == "2026-11-30"
    check = open_sweep(ws, "正式", at=later, window=Window(since=NOON.date(), until=later.date()))
    assert sweep_for(ws, None, later).name == check.name
    ws.store.end_sweep("正式", later)
    assert sweep_for(ws, None, later).name == "2026-11-30"
    assert sweep_for(ws, "正式", later).name == "正式"


def test_a_later_sweep_does_not_open_links_from_before_its_window(ws: Workspace) -> None:
    pasted(ws, SHORT)
    for until, count in ((NOON.date().replace(day=30), 1), (NOON.date().replace(month=12, day=30), 0)):
        window = Window(since=until.replace(day=1), until=until)
        sweep = open_sweep(ws, str(until), at=NOON, window=window)
        assert len(plan(ws, sweep, BY_PLATFORM, NOTHING, today=until)) == count


def test_the_command_keeps_for_later_and_says_what_is_missing(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text(f"{SHORT} https://www.shili.example/1", encoding="utf-8")
    run = CliRunner().invoke
    told = run(app, ["--workspace", str(ws.root), "links", str(tmp_path / "t.txt"), "--later"], obj=Context())
    assert told.exit_code == 0
    assert "找到1个链接,其中新的1个" in told.stdout
    assert "https://www.shili.example/1" in told.stdout
    assert isinstance(run(app, ["--workspace", str(ws.root), "links"], obj=Context()).exception, UsageError)
    nothing = run(app, ["--workspace", str(ws.root), "links", "--confirm", "示例发布"], obj=Context())
    assert "没有待确认的编号" in str(nothing.exception)
