"""No workspace, a wrong one, a wrong tracker.toml, a database that cannot be used: said in words, nothing changed."""

import functools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import HEADER, Run
from tracker.store import Store

GOOD = ("新浪微博", "示例发布", "示例局")


def test_no_workspace_and_a_wrong_one(bare: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare("accounts", "list").refused("这里不是工作区", "tracker init")
    bare("--workspace", tmp_path / "a b", "accounts", "list").refused("不是工作区", f'tracker init "{tmp_path / "a b"}"')
    monkeypatch.setenv("TRACKER_WORKSPACE", str(tmp_path / "没有"))
    bare("accounts", "list").refused("TRACKER_WORKSPACE", "没有")


def test_init_keeps_what_is_there(bare: Run, tmp_path: Path) -> None:
    said = bare("init", tmp_path / "张三 巡检", "--place", '示例"市\\')
    assert said.code == 0
    assert f'--workspace "{tmp_path / "张三 巡检"}"' in said.out
    before = (tmp_path / "张三 巡检" / "tracker.toml").read_bytes()
    bare("init", tmp_path / "张三 巡检").refused("已经是工作区", "没有改动")
    assert (tmp_path / "张三 巡检" / "tracker.toml").read_bytes() == before
    assert bare("--workspace", tmp_path / "张三 巡检", "accounts", "list").code == 0
    (tmp_path / "文件").touch()
    bare("init", tmp_path / "文件").refused("文件")
    bare("init", tmp_path / "新的", "--profile", "火星").refused("火星", "baoji")
    assert not (tmp_path / "新的").exists()


def test_a_workspace_is_found_from_below(run: Run, bare: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home / "reports")
    assert bare("accounts", "list", "--json").code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'plcae = "x"\n', ["plcae", "没有这个设置", "place"]),
        (b"place = 3\n", ["place", "应为带引号的文字"]),
        (b'place = "x\n', ["不是正确的 TOML"]),
        (b"[pace.weibo]\nbetween_request = 3\n", ["pace.weibo.between_request", "没有这个设置"]),
        (b"[pace.weibo]\nbetween_accounts = [1]\n", ["pace.weibo.between_accounts"]),
        (b'_env_file = "x"\n', ["_env_file"]),
        (b"\x00\xff\xfe\x81", ["编码"]),
        (b'database = "mysql://x"\n', ["database", "sqlite:///"]),
        (b'profile = "\xe7\x81\xab\xe6\x98\x9f"\n', ["火星", "baoji"]),
    ],
)
def test_a_wrong_setting_is_named(judged: Run, home: Path, content: bytes, words: list[str]) -> None:
    (home / "tracker.toml").write_bytes(content)
    judged("judge").refused(*words)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-8"])
def test_settings_as_notepad_saves_them(run: Run, home: Path, encoding: str) -> None:
    (home / "tracker.toml").write_text('place = "示例市"\r\ninspector = "张三"\r\n', encoding=encoding)
    assert run("accounts", "list").code == 0


def test_the_environment_is_named_when_it_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_FEEDS", "{nonsense")
    run("accounts", "list").refused("环境变量")
    monkeypatch.setenv("TRACKER_FEEDS", "[]")
    run("accounts", "list").refused("TRACKER_FEEDS")


def test_a_secret_in_tracker_toml_is_never_repeated(run: Run, home: Path) -> None:
    for content in ('datbase = "postgresql://u:hunter2@h/n"', '[notify]\nurls = "mailto://u:hunter2@h"', "[notify]\nhunter2 = 3"):
        (home / "tracker.toml").write_text(content, encoding="utf-8")
        assert "hunter2@" not in run("accounts", "list").err


def damage(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[100:4000] = bytes(3900)
    path.write_bytes(raw)


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda path: path.write_bytes(b"no database " * 100), "不是数据库文件"),
        (damage, "数据库"),
        (lambda path: (path.unlink(), path.mkdir()), "打不开"),
    ],
)
def test_a_spoilt_database(run: Run, home: Path, table, spoil: Callable[[Path], object], word: str) -> None:
    run("accounts", "import", table("来.csv", HEADER, GOOD))
    spoil(home / "tracker.db")
    run("accounts", "list").refused(word)


def test_a_locked_database(run: Run, home: Path, table, monkeypatch: pytest.MonkeyPatch) -> None:
    run("accounts", "list")
    monkeypatch.setattr("tracker.workspace.Store.open", functools.partial(Store.open, wait=0.2))
    with closing(sqlite3.connect(home / "tracker.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        run("accounts", "import", table("来.csv", HEADER, GOOD)).refused("正被另一个程序占用")
        assert run("accounts", "list", "--json").lines == []
        other.execute("ROLLBACK")
    assert run("accounts", "import", table("来.csv", HEADER, GOOD)).code == 0
