"""credentials: the command line as a clerk uses it."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import tracker
from tracker.access import vault_of
from tracker.cli import credentials as command
from tracker.credentials import Keys, fresh
from tracker.errors import UsageError
from tracker.workspace import opened

SECRET = "planted-appsecret-5f2c9d"
STATE = {"cookies": [{"name": "SUB", "value": "planted-cookie-77aa", "domain": ".weibo.com", "path": "/", "expires": 1.9e9}]}


@pytest.fixture
def owner(home: Path, tmp_path: Path) -> Path:
    """A workspace with one account."""
    table = tmp_path / "台账.csv"
    table.write_text(
        "新媒体类型,新媒体名称,主办单位\n微信订阅号,示例发布,示例市政府办公室\n新浪微博,示例发布,示例市政府办公室\n",
        encoding="utf-8",
    )
    assert tracker("accounts", "import", table, workspace=home).code == 0
    return home


def from_stdin(monkeypatch: pytest.MonkeyPatch, told: object) -> None:
    raw = told if isinstance(told, bytes) else json.dumps(told).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


def clean(said: Any, *words: str) -> None:
    for word in (SECRET, "planted-cookie-77aa", *words):
        assert word not in said.out + said.err


def test_a_secret_from_standard_input_is_kept_and_never_shown(owner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from_stdin(monkeypatch, {"appid": "wx0123456789abcdef", "secret": SECRET})
    said = tracker("credentials", "add", "weixin", "--owner", "weixin:示例发布", "--file", "-", "--i-know", workspace=owner)
    assert said.code == 0, said
    clean(said)
    (line,) = tracker("credentials", "list", "--json", workspace=owner).lines
    assert (line["kind"], line["account"], line["usable"], line["expires_at"]) == ("owner", "示例发布", True, None)
    shown = tracker("credentials", "list", workspace=owner)
    assert "示例发布" in shown.out
    clean(shown)
    assert [path for path in owner.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()] == []
    with opened(owner) as ws:
        assert vault_of(ws).secret(line["name"]).value["secret"] == SECRET


def test_prompts_do_not_echo_and_an_appsecret_is_the_last_choice(owner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []
    answers = iter([command.SURE, "wx0123456789abcdef", SECRET])

    def prompt(text: str, *, hide_input: bool = False, **more: object) -> str:
        asked.append((text, hide_input))
        return next(answers)

    monkeypatch.setattr(command.typer, "prompt", prompt)
    monkeypatch.setattr(sys, "stdin", type("Terminal", (io.StringIO,), {"isatty": lambda self: True})())
    said = tracker("credentials", "add", "weixin", "--owner", "weixin:示例发布", workspace=owner)
    assert said.code == 0, said
    assert "也能群发和发表" in said.out
    assert [hidden for _, hidden in asked] == [False, True, True]
    clean(said)


def test_who_does_not_confirm_keeps_nothing(owner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command.typer, "prompt", lambda *told, **more: "好")
    monkeypatch.setattr(sys, "stdin", type("Terminal", (io.StringIO,), {"isatty": lambda self: True})())
    said = tracker("credentials", "add", "weixin", "--owner", "weixin:示例发布", workspace=owner)
    assert said.code == 2
    assert "没有确认" in said.err
    assert tracker("credentials", "list", "--json", workspace=owner).lines == []


@pytest.mark.parametrize(
    ("words", "stdin", "told"),
    [
        (("weixin", "--owner", "weixin:示例发布", "--i-know", "--file", "-"), b"{", "JSON"),
        (("weixin", "--owner", "weixin:示例发布", "--i-know", "--file", "-"), b"[]", "JSON"),
        (("weixin", "--owner", "weixin:示例发布", "--i-know", "--file", "-"), {"appid": "wx1"}, "AppSecret"),
        (("weixin", "--owner", "weixin:示例发布", "--i-know", "--file", "-"), {"appid": "wx1", "secret": "a b"}, "AppSecret"),
        (("weixin", "--owner", "weixin:示例发布", "--i-know", "--file", "-"), {"appid": "w", "secret": SECRET, "x": 1}, "x"),
        (("weixin", "--owner", "weixin:示例发布", "--file", "-"), {"appid": "w", "secret": SECRET}, "--i-know"),
        (("weixin", "--i-know", "--file", "-"), {"appid": "w", "secret": SECRET}, "--owner"),
        (("weixin", "--owner", "weibo:示例发布", "--i-know", "--file", "-"), {"appid": "w", "secret": SECRET}, "weibo"),
        (("weixin", "--owner", "weixin:没有", "--i-know", "--file", "-"), {"appid": "w", "secret": SECRET}, "没有"),
        (("weixin", "--kind", "session", "--file", "-"), STATE, "session"),
        (("weibo", "--kind", "owner", "--file", "-"), {"appid": "w", "secret": SECRET}, "owner"),
        (("weibo", "--file", "-"), {"cookies": []}, "cookies"),
        (("weibo", "--file", "-"), {"cookies": [{"name": "SUB"}]}, "cookies"),
        (("weibo", "--file", "-"), {**STATE, "origins": 3}, "origins"),
        (("weibo", "--file", "/nowhere/x.json"), b"", "/nowhere/x.json"),
        (("weibo",), b"", "credentials login"),
        (("toutiao", "--file", "-"), STATE, "不需要凭据"),
        (("火星", "--file", "-"), STATE, "火星"),
    ],
)
def test_what_add_refuses(owner: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], stdin: object, told: str) -> None:
    from_stdin(monkeypatch, stdin)
    said = tracker("credentials", "add", *words, workspace=owner)
    assert said.code == 2, said
    assert told in said.err
    assert len(said.err.strip().splitlines()) == 1
    clean(said)
    assert tracker("credentials", "list", "--json", workspace=owner).lines == []


def test_a_login_file_is_kept_with_its_end_and_removed_again(owner: Path, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text(json.dumps(STATE), encoding="utf-8")
    said = tracker("credentials", "add", "weibo", "--file", file, "--label", "办公室账号", workspace=owner)
    assert "明文" in said.out
    (line,) = tracker("credentials", "list", "--json", workspace=owner).lines
    assert line["expires_at"] == "2030-03-18T01:46:40+08:00"
    gone = tracker("credentials", "remove", "weibo", workspace=owner)
    assert gone.code == 0
    assert "收回" in gone.out
    assert "登录设备管理" in gone.out
    assert [path.name for path in (owner / "credentials").iterdir()] == [".lock"]
    assert tracker("credentials", "remove", "weibo", workspace=owner).code == 2


def test_a_name_is_taken_before_anything_is_asked(owner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in (0, 2):
        from_stdin(monkeypatch, STATE)
        assert tracker("credentials", "add", "weibo", "--file", "-", workspace=owner).code == code


def test_testing_with_another_key_is_one_sentence(owner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from_stdin(monkeypatch, STATE)
    assert tracker("credentials", "add", "weibo", "--file", "-", workspace=owner).code == 0
    monkeypatch.setenv("TRACKER_KEY", fresh())
    said = tracker("credentials", "test", "weibo", workspace=owner)
    assert said.code == 2
    assert "另一把钥匙" in said.err


def test_a_login_needs_a_platform_that_has_one(owner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for platform in ("weixin", "toutiao"):
        assert tracker("credentials", "login", platform, workspace=owner).code == 2


def test_a_login_that_is_broken_off_keeps_nothing(owner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def closed(*told: object, **more: object) -> None:
        raise UsageError("登录窗口已关闭,还没有登录成功,什么也没有保存;需要时请再运行一次")

    monkeypatch.setattr(command, "log_in_and_keep", closed)
    said = tracker("credentials", "login", "weibo", workspace=owner)
    assert (said.code, "什么也没有保存" in said.err) == (2, True)
    assert "不要用个人账号" in said.out


def test_a_new_key_is_a_key() -> None:
    said = tracker("credentials", "key")
    assert Keys({"TRACKER_KEY": said.out.strip()}).find() is not None
    assert "TRACKER_KEY" in said.err


def test_a_plan_says_which_credential_will_not_do(owner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {**STATE["cookies"][0], "expires": 1.5e9}
    from_stdin(monkeypatch, {"cookies": [row], "origins": []})
    assert tracker("credentials", "add", "weibo", "--file", "-", workspace=owner).code == 0
    said = tracker("sweep", "--plan", workspace=owner)
    assert said.code == 0, said
    assert "登录态失效" in said.out
    assert "请重新登录" in said.out
    clean(said)
