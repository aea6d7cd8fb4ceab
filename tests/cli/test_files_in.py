"""Files that are not what the clerk thinks: each is refused in one sentence, and nothing is taken in."""

from pathlib import Path

import pytest

from tests.cli.conftest import HEADER, SAMPLES, Run


@pytest.fixture
def wrong(tmp_path: Path) -> dict[str, Path]:
    made = {
        name: tmp_path / name for name in ("空.xlsx", "照片.xlsx", "名单.pdf", "旧.doc", "无后缀", "半个.xlsx", "文件夹.xlsx")
    }
    made["空.xlsx"].write_bytes(b"")
    made["照片.xlsx"].write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    made["名单.pdf"].write_bytes(b"%PDF-1.4")
    made["旧.doc"].write_bytes(bytes.fromhex("d0cf11e0a1b11ae1"))
    made["无后缀"].write_bytes(b"a,b")
    made["半个.xlsx"].write_bytes((SAMPLES / "registry.xlsx").read_bytes()[:3000])
    made["文件夹.xlsx"].mkdir()
    made["没有.xlsx"] = tmp_path / "没有.xlsx"
    return made


@pytest.mark.parametrize("command", ["accounts", "observe"])
def test_a_wrong_file_is_named_and_nothing_changes(run: Run, wrong: dict[str, Path], command: str) -> None:
    for name, path in wrong.items():
        run(command, "import", path).refused(name.partition(".")[0])
    assert run("accounts", "list", "--json").lines == []
    run("judge").refused("还没有巡检批次")


def test_a_folder_is_called_a_folder(run: Run, wrong: dict[str, Path]) -> None:
    run("accounts", "import", wrong["文件夹.xlsx"]).refused("是一个文件夹")


def test_a_file_that_may_not_be_read(run: Run, table, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table("台账.csv", HEADER, ("新浪微博", "示例发布", "示例局"))

    known = Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self.stem == "台账":
            raise PermissionError(13, "Permission denied", str(self))
        return known(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    run("accounts", "import", path).refused("台账.csv")
    run("links", "--later", path.rename(path.with_suffix(".txt"))).refused("台账.txt", "没有权限")


def test_a_registry_in_the_system_code_page(run: Run, table) -> None:
    path = table("台账.csv", HEADER, ("新浪微博", "示例龘", "示例局"), encoding="gb18030")
    assert run("accounts", "import", path).code == 0
    assert [one["name"] for one in run("accounts", "list", "--json").lines] == ["示例龘"]


def test_read_refuses_in_words(bare: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.json"
    page.write_bytes(b"{}")
    url = "https://weibo.com/ajax/profile/info?uid=1"
    bare("read", "火星", page, "--url", url).refused("没有平台 火星", "weibo")
    bare("read", "weibo", tmp_path, "--url", url).refused("文件夹")
    bare("read", "weibo", page, "--url", "https://example.invalid/").refused("没有这样的页面")
    bare("read", "weibo", page, "--url", url, "--at", "昨天").refused("时间", "昨天")
    bare("read", "weibo", page, "--url", url, "--account", "不是 编号").refused("不是 编号")
    assert len(bare("read", "weibo", page, "--url", url, "--json").lines) == 1


def test_links_from_anywhere(run: Run, wrong: dict[str, Path]) -> None:
    told = "看这个 https://mp.weixin.qq.com/s/AAAAAAAAAAAAAAAAAAAAAA 谢谢".encode("gb18030")
    said = run("links", "--later", "-", "--json", stdin=told)
    assert (said.code, [one["platform"] for one in said.lines]) == (0, ["weixin"])
    run("links", "--later", wrong["照片.xlsx"]).refused("照片.xlsx")
    run("links", "--later", "-", stdin=b"\xff\xfe\x00\x01").refused("标准输入")
    run("links", "--later", "没有.txt").refused("没有.txt")
