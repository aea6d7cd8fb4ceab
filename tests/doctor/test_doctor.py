"""doctor: each check, made to fail by breaking the thing itself."""

import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.running import Said, script, tracker
from tracker import doctor, settings
from tracker.access import vault_of
from tracker.clock import now
from tracker.credentials import Credential, Hidden, Kind, fresh
from tracker.doctor import Check, Level
from tracker.model import Observation, Outcome, Route, StoredVisit, Window
from tracker.store import SweepRecord
from tracker.workspace import Workspace, create, opened

AT = datetime(2026, 11, 6, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "张三 的工作区"
    create(root, settings.template())
    monkeypatch.setenv("TRACKER_KEY", fresh())
    monkeypatch.delenv("TRACKER_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    return root


def checks(home: Path, at: datetime = AT) -> dict[str, Check]:
    with opened(home) as ws:
        return {one.name: one for one in doctor.workspace(ws, at)}


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No browser: it is tried by a test of its own."""
    monkeypatch.setattr("tracker.cli.doctor.computer", lambda at: iter(()))


def swept(ws: Workspace, *visits: StoredVisit) -> None:
    ws.store.start_sweep(
        SweepRecord(
            name="s1",
            kind="check",
            window=Window(since=AT.date(), until=AT.date()),
            started_at=AT,
            accounts=(),
            period=None,
            check_date=None,
        )
    )
    for visit in visits:
        ws.store.add_visit(visit)


def visit(number: int, outcome: Outcome, detail: str = "", at: datetime = AT) -> StoredVisit:
    return StoredVisit(
        sweep="s1",
        account_id=f"a{number}",
        platform="weibo",
        route=Route.BROWSER,
        url="",
        file=f"s1/a{number}-1.warc.gz",
        sha256="0" * 64,
        at=at,
        observation=Observation(outcome=outcome, aspects={}, detail=detail),
    )


def test_a_new_workspace_is_in_order(home: Path) -> None:
    found = checks(home)
    assert {name: one.level for name, one in found.items()} == dict.fromkeys(found, Level.FINE)
    assert doctor.folder(home).level is Level.FINE


def test_the_command_tells_each_check_and_exits_with_what_it_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    well = tracker("doctor", workspace=home)
    assert (well.code, "没有发现问题" in well.out) == (0, True)
    (home / "templates" / "reports").mkdir(parents=True)
    (home / "templates" / "reports" / "matrix.docx").write_bytes(b"no word file")
    ill = tracker("doctor", "--json", workspace=home)
    assert ill.code == 1
    wrong = [line for line in ill.lines if line["level"] == "有问题"]
    assert [(line["check"], bool(line["mend"])) for line in wrong] == [("自己的模板", True)]


def test_without_a_workspace_the_computer_alone_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRACKER_WORKSPACE", raising=False)
    monkeypatch.setattr("tracker.cli.doctor.computer", lambda at: iter([doctor.fine("时钟", "…")]))
    said = tracker("doctor", "--json")
    assert (said.code, [line["check"] for line in said.lines]) == (0, ["时钟"])
    assert tracker("doctor", workspace=tmp_path / "没有").code == 2


@pytest.mark.browser
def test_the_browser_prints_a_page_with_chinese_letters(home: Path) -> None:
    found = {one.name: one for one in doctor.computer(now())}
    assert [found[name].level for name in ("时钟", "加密连接")] == [Level.FINE, Level.FINE]
    if found["浏览器"].level is Level.FINE:
        assert "字节" in found["浏览器"].seen
        assert "中文字体" in found
    elif os.environ.get("CI") or os.environ.get("TRACKER_REQUIRE_BROWSER"):
        pytest.fail(found["浏览器"].seen)
    else:
        pytest.skip(found["浏览器"].seen)


@pytest.mark.browser
def test_without_a_chinese_font_the_boxes_are_noticed(home: Path, tmp_path: Path) -> None:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{tmp_path / 'none'}</dir><cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>", encoding="utf-8"
    )
    said = script("--workspace", home, "doctor", "--json", environ={"FONTCONFIG_FILE": str(fonts)})
    found = {line["check"]: line for line in said.lines}
    if found["浏览器"]["level"] != "正常":
        pytest.skip(found["浏览器"]["seen"])
    assert found["中文字体"]["level"] == "有问题", found
    assert "字体" in found["中文字体"]["mend"]
    assert said.code == 1


def test_no_browser_is_one_check_and_the_others_go_on(home: Path, tmp_path: Path) -> None:
    said = script("--workspace", home, "doctor", "--json", environ={"TRACKER_BROWSER": str(tmp_path / "none")})
    assert said.code == 1
    found = {line["check"]: line["level"] for line in said.lines}
    assert found["浏览器"] == "有问题"
    assert found["数据库"] == "正常"


def test_a_clock_that_was_set_back_is_noticed(home: Path) -> None:
    with opened(home) as ws:
        swept(ws, visit(1, Outcome.OK))
    assert checks(home, AT + timedelta(minutes=1))["时钟与采集"].level is Level.FINE
    assert checks(home, AT - timedelta(minutes=1))["时钟与采集"].level is Level.BROKEN
    assert doctor._clock(datetime(2020, 1, 1, tzinfo=UTC)).level is Level.BROKEN


def test_a_stopped_lane_is_told_with_its_reason(home: Path) -> None:
    with opened(home) as ws:
        swept(
            ws,
            visit(1, Outcome.OK),
            visit(2, Outcome.CHALLENGE, "出现验证码"),
            visit(3, Outcome.CHALLENGE, "通道已停:出现验证码"),
        )
    told = checks(home, AT + timedelta(days=2))["通道"]
    assert told.level is Level.NOTE
    assert "2天前" in told.seen
    assert told.seen.count("出现验证码") == 1


def test_a_damaged_database_is_told(home: Path) -> None:
    with opened(home):
        pass
    path = home / "tracker.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'link'").fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    told = checks(home)["数据库"]
    assert told.level is Level.BROKEN
    assert "备份" in told.mend + told.seen


def test_a_full_disk_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass
    class Usage:
        free: int

    for free, level in ((100 << 20, Level.BROKEN), (500 << 20, Level.NOTE), (5 << 30, Level.FINE)):
        monkeypatch.setattr(doctor.shutil, "disk_usage", lambda root, free=free: Usage(free))
        assert checks(home)["磁盘空间"].level is level


def test_the_last_sweep_says_how_much_room_is_needed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(home) as ws:
        swept(ws)
    (home / "snapshots" / "s1").mkdir(parents=True)
    monkeypatch.setattr(doctor, "_size", lambda folder: (3 << 30) if folder.name == "s1" else 0)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda root: type("Usage", (), {"free": 5 << 30})())
    told = checks(home)["磁盘空间"]
    assert (told.level, "3.0GB" in told.seen) == (Level.BROKEN, True)


@pytest.mark.parametrize("part", ["OneDrive - 示例市", "我的坚果云", "Dropbox"])
def test_a_synchronised_folder_is_warned_of(tmp_path: Path, part: str) -> None:
    root = tmp_path / part / "工作区"
    root.mkdir(parents=True)
    told = doctor.folder(root)
    assert (told.level, part in told.seen) == (Level.NOTE, True)


def test_a_network_drive_is_known_by_its_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\n//nas/share /mnt/nas\\040one cifs rw 0 0\n", encoding="utf-8")
    assert doctor._mounted(Path("/mnt/nas one/工作区"), mounts) == "cifs"
    assert doctor._mounted(Path("/home/x"), mounts) == "ext4"
    assert doctor._mounted(Path("/home/x"), tmp_path / "none") == ""


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    assert doctor.folder(tmp_path / "none").level is Level.BROKEN


def session(ws: Workspace, **told: object) -> None:
    one = Credential(name="weibo", kind=Kind.SESSION, platform="weibo", added_at=AT, who="示例员", **told)
    vault_of(ws).add(one, Hidden({"cookies": [], "origins": []}))


@pytest.mark.parametrize(
    ("ends", "level"), [(timedelta(days=30), Level.FINE), (timedelta(days=2), Level.NOTE), (timedelta(days=-1), Level.BROKEN)]
)
def test_credentials_that_end_are_told(home: Path, ends: timedelta, level: Level) -> None:
    with opened(home) as ws:
        session(ws, expires_at=AT + ends)
    assert checks(home)["凭据"].level is level


def test_credentials_that_no_key_opens_are_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(home) as ws:
        session(ws)
    monkeypatch.setenv("TRACKER_KEY", fresh())
    told = checks(home)["凭据"]
    assert (told.level, "另一把钥匙" in told.seen) == (Level.BROKEN, True)


def test_a_cut_credential_is_told(home: Path) -> None:
    with opened(home) as ws:
        session(ws)
    (path,) = (home / "credentials").glob("*.json")
    path.write_bytes(path.read_bytes()[:30])
    told = checks(home)["凭据"]
    assert (told.level, "已损坏" in told.seen) == (Level.BROKEN, True)


def put(home: Path, name: str, told: bytes) -> None:
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(told)


BROKEN: list[tuple[str, bytes, str]] = [
    ("templates/reports/table.html", b"{% if %}", "写错了"),
    ("templates/reports/matrix.docx", b"PK", "Word"),
    ("templates/reports/matrx.html", b"<p>", "不是程序用到的模板"),
    ("templates/reports/notice.txt", "检查".encode("gb18030"), "编码"),
]


@pytest.mark.parametrize(("name", "told", "word"), BROKEN)
def test_templates_that_cannot_be_used_are_named(home: Path, name: str, told: bytes, word: str) -> None:
    put(home, name, told)
    check = checks(home)["自己的模板"]
    assert (check.level, word in check.seen) == (Level.BROKEN, True), check


RULES: list[Callable[[Path], None]] = [
    lambda home: put(home, "holidays.csv", "什么\n也不是\n".encode()),
    lambda home: put(home, "profiles/baoji.toml", b"title = 3\n"),
    lambda home: put(home, "words/own.csv", b"\x00\x01\n"),
]


@pytest.mark.parametrize("spoil", RULES)
def test_profiles_words_and_holidays_that_cannot_be_read_are_told(home: Path, spoil: Callable[[Path], None]) -> None:
    spoil(home)
    assert checks(home)["口径、词表和节假日"].level is Level.BROKEN


def test_settings_that_cannot_be_read_are_one_check(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    put(home, "tracker.toml", b"place = 3\n")
    said: Said = tracker("doctor", "--json", workspace=home)
    assert said.code == 1
    assert [line["check"] for line in map(json.loads, said.out.splitlines()) if line["level"] == "有问题"] == ["工作区"]
